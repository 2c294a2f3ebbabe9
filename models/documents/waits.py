"""What a job waits for, task by task: of its documented tasks, and of the engine's entries in its stored header."""

from collections.abc import Mapping
from typing import Literal, TypedDict

from ..engine.lifecycle import ACTIVE
from ..json import Json, array_at, is_object, object_at, text_at
from .moments import iso

Kind = Literal["person", "time", "retry", "children", "provider"]

_KINDS: dict[str, Kind] = {"person": "person", "time": "time", "retry": "retry", "children": "children"}


class Wait(TypedDict):
    """`since` and `until` are ISO-8601 text; the numbers of child jobs are of `children` alone."""

    task: str
    name: str | None
    summary: str | None
    kind: Kind
    since: str | None
    until: str | None
    groups: list[Json]
    started_children: int | None
    ended_children: int | None


def waits_of(job: Mapping[str, object], entries: Mapping[str, object]) -> list[Wait]:
    """Of a documented job that runs or is paused, its oldest wait first; `entries` are `tasks` of its header.

    A job of another program says less: whether a task waits for a person follows from its type.
    """
    if job.get("status") not in ACTIVE:
        return []
    waits = [
        _wait(id, task, object_at(entries, id))
        for id, task in object_at(job, "tasks").items()
        if is_object(task) and task.get("status") == "running"
    ]
    return sorted(waits, key=lambda wait: wait["since"] or "")


def _wait(id: str, task: Mapping[str, object], entry: Mapping[str, object]) -> Wait:
    known = "person" if task.get("type") == "manual" else "children" if task.get("name") == "childJob" else ""
    kind = _KINDS.get(text_at(entry, "waits_for") or known, "provider")
    wake_at, children = entry.get("wake_at"), kind == "children"
    ended = entry.get("finished_children", 0)
    since = task.get("start_time")
    return {
        "task": id,
        "name": text_at(task, "name") or None,
        "summary": text_at(task, "summary") or None,
        "kind": kind,
        "since": since if isinstance(since, str) else None,
        "until": iso(wake_at) if isinstance(wake_at, int) else None,
        "groups": array_at(task, "groups"),
        "started_children": len(array_at(task, "childJobs")) if children else None,
        "ended_children": ended if children and isinstance(ended, int) else None,
    }
