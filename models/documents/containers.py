"""The shapes in which people hold their documents: bare, in API bodies, pre-built packages, project exports, lists."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ..json import Json, JsonObject, array_at, is_array, is_object, object_at, text_at

Kind = Literal["workflow", "transformation", "template", "form"]
DEEPEST_CONTAINER = 4
# Published workflows have at most a few hundred tasks. A job says of each of its tasks where it is, in one document of
# at most 16 MB, and every advance writes into that.
MOST_TASKS = 20_000
MOST_TRANSITIONS = 200_000
TEMPLATE_TYPES = ("jinja2", "textfsm")

_TRANSFORMATION_ID = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True)
class Found:
    """A document to import. `where` says in which part of the container it was."""

    kind: Kind
    document: JsonObject
    where: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Skipped:
    where: str
    reason: str


def open_container(content: Json, where: str, depth: int = 0) -> Iterator[Found | Skipped]:
    """Find every document inside; what cannot be imported is named with its reason, and the rest goes on."""
    if depth > DEEPEST_CONTAINER:
        yield Skipped(where, f"containers are nested more than {DEEPEST_CONTAINER} deep")
    elif is_array(content):
        for index, entry in enumerate(content):
            yield from open_container(entry, f"{where}[{index}]", depth + 1)
    elif not is_object(content):
        yield Skipped(where, "not a JSON object")
    elif is_object(content.get("tasks")):
        yield _workflow(content, where)
    elif is_array(content.get("steps")) or (is_array(content.get("incoming")) and is_array(content.get("outgoing"))):
        yield _transformation(content, where)
    elif isinstance(content.get("template"), str):
        yield _template(content, where)
    elif is_object(content.get("struct")) or (is_object(content.get("schema")) and "uiSchema" in content):
        yield _form(content, where)
    elif (reason := _not_kept(content)) is not None:
        yield Skipped(where, reason)
    elif (parts := _parts(content)) is not None:
        for name, part in parts:
            yield from open_container(part, f"{where}.{name}", depth + 1)
    else:
        yield Skipped(
            where,
            "neither a workflow (no `tasks`) nor a transformation (no `steps`), nor a template (no `template`) nor a "
            "form (no `struct`), nor a known container",
        )


def _parts(content: JsonObject) -> list[tuple[str, Json]] | None:
    for key, inner, kind in (("bundles", "data", "type"), ("components", "document", "type")):
        if is_array(content.get(key)):
            return [
                (f"{key}[{index}]" + (f" ({text_at(entry, kind)})" if text_at(entry, kind) else ""), entry.get(inner))
                for index, entry in enumerate(array_at(content, key))
                if is_object(entry)
            ]
    for key in ("automation", "workflow", "template", "project"):
        if is_object(content.get(key)):
            return [(key, content[key])]
    lists = ("automations", "workflows", "transformations", "templates", "forms", "items", "results", "data")
    return [(key, content[key]) for key in lists if is_array(content.get(key)) or is_object(content.get(key))] or None


def _workflow(document: JsonObject, where: str) -> Found | Skipped:
    if not text_at(document, "name"):
        return Skipped(where, "a workflow without a name cannot be started by name")
    tasks = object_at(document, "tasks")
    if len(tasks) > MOST_TASKS:
        return Skipped(where, f"it has {len(tasks):,} tasks, more than the {MOST_TASKS:,} that a workflow may have")
    drawn = sum(len(targets) for targets in object_at(document, "transitions").values() if is_object(targets))
    if drawn > MOST_TRANSITIONS:
        return Skipped(where, f"it has {drawn:,} transitions, more than the {MOST_TRANSITIONS:,} that it may have")
    for id in tasks:
        # A task id becomes part of a field path in the database.
        if id == "" or id.startswith("$") or "." in id or "\0" in id:
            return Skipped(where, f"the task id {id!r} is empty, starts with '$' or holds a dot or a NUL")
    return Found("workflow", document, where)


def _transformation(document: JsonObject, where: str) -> Found | Skipped:
    if not _TRANSFORMATION_ID.fullmatch(text_at(document, "_id")):
        return Skipped(where, "a transformation needs its `_id` (24 hex digits): workflows refer to it by that")
    return Found("transformation", document, where)


def _template(document: JsonObject, where: str) -> Found | Skipped:
    if not text_at(document, "name"):
        return Skipped(where, "a template needs its `name`: workflows refer to it by that")
    kind = document.get("type")
    known = not kind or kind in TEMPLATE_TYPES  # without a type, the task that names it decides
    warnings = () if known else (f"its type is {kind!r}: only {' and '.join(TEMPLATE_TYPES)} can run",)
    return Found("template", document, where, warnings)


def _form(document: JsonObject, where: str) -> Found | Skipped:
    if not any(text_at(document, key) for key in ("name", "id", "_id")):
        return Skipped(where, "a form needs its `id` or `name`: workflows refer to it by one of them")
    warnings = () if is_object(document.get("schema")) else ("it has no schema: any answer fits it",)
    return Found("form", document, where, warnings)


def _not_kept(content: JsonObject) -> str | None:
    """Why this kind of document, well known as it is, does not come in."""
    if is_array(content.get("commands")):
        return "a command template runs on devices, which this server does not do: its tasks need a provider"
    if any(key in content for key in ("componentType", "repeatInterval")):
        return "an automation (a start with its triggers) comes in with importAutomations or its own route"
    return None
