"""Containers of documents to import: bare documents, API bodies, pre-built packages, project exports, lists."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from ..hex_ids import HEX_ID, is_hex_id
from ..json import Json, JsonObject, array_at, is_array, is_object, object_at, text_at
from .automation import warnings_of

Kind = Literal["workflow", "transformation", "template", "form", "commandTemplate", "analyticTemplate"]
DEEPEST_CONTAINER = 4
# Published workflows have at most a few hundred tasks. A job says of each of its tasks where it is, in one document of
# at most 16 MB, and every advance writes into that.
MOST_TASKS = 20_000
MOST_TRANSITIONS = 200_000
MOST_PARTS = 5_000  # of one import: documents, containers and anything else
TEMPLATE_TYPES = ("jinja2", "textfsm")
_ON_DEVICES = "runs on devices, which this server does not do: its tasks need a provider"
# Components of projects that this server stores for its providers, and never runs.
_STORED_ONLY: Mapping[str, tuple[Kind, str]] = MappingProxyType(
    {
        "mopCommandTemplate": ("commandTemplate", "a command template"),
        "mopAnalyticTemplate": ("analyticTemplate", "an analytic template"),
    }
)

IN_PROJECT = re.compile(rf"@({HEX_ID}): (.+)", re.DOTALL)  # the name of a document with its project's id


@dataclass(frozen=True)
class ProjectExport:
    """The project of exported documents. The project's name identifies an export without an id."""

    id: str
    name: str
    document: JsonObject = field(default_factory=dict[str, Json], compare=False, repr=False)

    def name_of(self, name: str) -> str:
        """The name of a document of the project on its system of origin."""
        named = IN_PROJECT.fullmatch(name)
        return f"@{self.id}: {named[2] if named else name}"


@dataclass(frozen=True)
class Found:
    """A document to import. `where` is its part of the container."""

    kind: Kind
    document: JsonObject
    where: str
    warnings: tuple[str, ...] = ()
    project: ProjectExport | None = None
    component: JsonObject | None = None  # of the project, with the document itself


@dataclass(frozen=True)
class Skipped:
    """`is_known`: the part is a document of a known kind, which another operation takes."""

    where: str
    reason: str
    is_known: bool = field(default=False, compare=False)


class Parts:
    """The rest of MOST_PARTS for all containers of one import."""

    def __init__(self, most: int = MOST_PARTS) -> None:
        self._most = most
        self._left = most
        self._told = False

    @property
    def are_left(self) -> bool:
        return self._left > 0

    @property
    def are_over(self) -> bool:
        """Whether a part was skipped because there were too many."""
        return self._told

    def look(self, where: str) -> Skipped | None:
        """Count a part; the reason to stop, returned once, if there are too many."""
        self._left -= 1
        if self._left >= 0 or self._told:
            return None
        self._told = True
        return Skipped(where, f"an import has more than {self._most:,} parts: import what follows in another call")


def open_container(
    content: Json, where: str, depth: int = 0, project: ProjectExport | None = None, parts: Parts | None = None
) -> Iterator[Found | Skipped]:
    """Find every document inside, and the reason for each part that cannot be imported.

    Parts after the first MOST_PARTS are not read. Pass the same `parts` for all containers of one import.
    """
    parts = parts or Parts()
    if not parts.are_left:
        if too_many := parts.look(where):
            yield too_many
        return
    parts.look(where)
    yield from _open(content, where, depth, project, parts)


def _open(
    content: Json, where: str, depth: int, project: ProjectExport | None, parts: Parts
) -> Iterator[Found | Skipped]:
    if depth > DEEPEST_CONTAINER:
        yield Skipped(where, f"containers are nested more than {DEEPEST_CONTAINER} deep")
    elif is_array(content):
        for index, entry in enumerate(content):
            yield from open_container(entry, f"{where}[{index}]", depth + 1, project, parts)
            if parts.are_over:
                return
    elif not is_object(content):
        yield Skipped(where, "not a JSON object")
    elif (document := _document(content, where)) is not None:
        yield replace(document, project=project) if isinstance(document, Found) else document
    elif (reason := _reason_not_imported(content)) is not None:
        yield Skipped(where, reason, is_known=True)
    elif (inside := _parts(content)) is not None:
        own = _project(content)
        if own and (unread := unread_id(content, where)):
            yield unread
        components = array_at(content, "components") if own else []
        for index, (name, part) in enumerate(inside):
            one = components[index] if index < len(components) else None
            component = one if is_object(one) else None
            if component and (stored_only := _stored_component(component, part, f"{where}.{name}")) is not None:
                yield parts.look(where) or (
                    replace(stored_only, project=own, component=component)
                    if isinstance(stored_only, Found)
                    else stored_only
                )
                if parts.are_over:
                    return
                continue
            within = open_container(part, f"{where}.{name}", depth + 1, own or project, parts)
            yield from (
                replace(one, component=component) if component and isinstance(one, Found) else one for one in within
            )
            if parts.are_over:
                return
    else:
        yield Skipped(
            where,
            "neither a workflow (no `tasks`) nor a transformation (no `steps`), nor a template (no `template`) nor a "
            "form (no `struct`), nor a known container",
        )


def _document(content: JsonObject, where: str) -> Found | Skipped | None:
    """The document, or the reason why it cannot be imported; None if the content is no document."""
    if is_object(content.get("tasks")):
        return _workflow(content, where)
    if is_array(content.get("steps")) or (is_array(content.get("incoming")) and is_array(content.get("outgoing"))):
        return _transformation(content, where)
    if isinstance(content.get("template"), str):
        return _template(content, where)
    if is_object(content.get("struct")) or (is_object(content.get("schema")) and "uiSchema" in content):
        return _form(content, where)
    return None


def _project(content: JsonObject) -> ProjectExport | None:
    """The project of a project export; None for other content."""
    id, name = text_at(content, "_id"), text_at(content, "name")
    if not is_array(content.get("components")) or not (id or name):
        return None
    return ProjectExport(id if is_hex_id(id) else "", name or id, content)


def unread_id(project: Mapping[str, object], where: str) -> Skipped | None:
    """The reason why an export's `_id` does not identify its project; None if it does, or if there is none."""
    id, name = project.get("_id"), text_at(project, "name")
    if id in (None, "") or (isinstance(id, str) and is_hex_id(id)):
        return None
    known = f"its name, {name!r}" if name else "the text of it"
    return Skipped(f"{where}._id", f"a project's `_id` has 24 hex digits: this project is found by {known}, instead")


def _parts(content: JsonObject) -> Iterable[tuple[str, Json]] | None:
    for key, inner, kind in (("bundles", "data", "type"), ("components", "document", "type")):
        if is_array(content.get(key)):
            return _entries(content, key, inner, kind)
    for key in ("automation", "workflow", "template", "project"):
        if is_object(content.get(key)):
            return [(key, content[key])]
    lists = ("automations", "workflows", "transformations", "templates", "forms", "items", "results", "data")
    return [(key, content[key]) for key in lists if is_array(content.get(key)) or is_object(content.get(key))] or None


def _entries(content: Mapping[str, object], key: str, inner: str, kind: str) -> Iterator[tuple[str, Json]]:
    """Each entry with what is inside; null for an entry with nothing inside, so that it is reported."""
    for index, entry in enumerate(array_at(content, key)):
        part = entry if is_object(entry) else {}
        named = f" ({text_at(part, kind)})" if text_at(part, kind) else ""
        yield f"{key}[{index}]{named}", None if part.get(inner) == [] else part.get(inner)


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
    if not is_hex_id(text_at(document, "_id")):
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


def _stored_component(component: Mapping[str, object], document: Json, where: str) -> Found | Skipped | None:
    """The document of a component that is stored and never run, or why it is not; None for any other component."""
    kind, what = _STORED_ONLY.get(text_at(component, "type"), (None, ""))
    if kind is None or not is_object(document):
        return None
    if not text_at(document, "name"):
        return Skipped(where, f"{what} needs its `name`: workflows refer to it by that")
    return Found(kind, document, where, (f"{what} {_ON_DEVICES}",))


def _reason_not_imported(content: Mapping[str, object]) -> str | None:
    """The reason why a known kind of document cannot be imported."""
    if is_array(content.get("commands")):
        return f"a command template {_ON_DEVICES}"
    if any(key in content for key in ("componentType", "repeatInterval")):
        reason = "an automation (a start with its triggers) comes in with importAutomations or its own route"
        warnings = warnings_of(array_at(content, "triggers"))
        return f"{reason}. {' '.join(warnings)}" if warnings else reason
    return None
