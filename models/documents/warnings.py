"""Warnings of a job, made at its start: what may go wrong, and what is executed otherwise than asked for."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice

from ..engine.graph import END, START, Graph
from ..engine.references import is_reference
from ..json import JsonObject, object_at, text_at
from .shapes.jobs import JobWarning
from .unfollowed import Unfollowed, unfollowed

# (application, task) -> the incoming value that names a stored form.
FORM_NAMES: Mapping[tuple[str, str], str] = {
    ("JsonForms", "ShowJsonForm"): "form_id",
    ("FormBuilder", "ShowFormByName"): "form_name",
}

MOST_WARNINGS = 100


@dataclass(frozen=True)
class Doubts:
    """What the workflow alone tells of the warnings of its jobs."""

    tasks: tuple[tuple[str, JsonObject], ...]  # those that nobody may do, and those with a form, which may be missing
    unfollowed: tuple[Unfollowed, ...]


def doubts_of(
    workflow: Mapping[str, object], graph: Graph, sure: Callable[[JsonObject], bool] = lambda _: False
) -> Doubts:
    """`sure` says of a definition whether it is done for certain, whatever providers there are."""
    tasks = ((id, task) for id, task in graph.tasks.items() if id not in (START, END))
    doubtful = ((id, task) for id, task in tasks if _form_of(task) or not sure(task))
    return Doubts(tuple(doubtful), tuple(islice(unfollowed(workflow, graph), MOST_WARNINGS + len(graph.tasks))))


def warnings_of(
    workflow: Mapping[str, object],
    graph: Graph,
    provided: Callable[[JsonObject], bool],
    missing_forms: Set[str] = frozenset(),
    doubts: Doubts | None = None,
) -> list[JobWarning]:
    """The documented `warnings`, at most MOST_WARNINGS. `provided` says of a definition whether anybody does it."""
    found = _warnings(workflow, doubts or doubts_of(workflow, graph), provided, missing_forms)
    return list(islice(found, MOST_WARNINGS))


def warnings_left(
    told: Sequence[JobWarning], now: list[JobWarning], workflow: Mapping[str, object], graph: Graph
) -> list[JobWarning]:
    """Those of a job's warnings that still hold, where `now` is what a start would be warned of."""
    possible = _warnings(workflow, doubts_of(workflow, graph), lambda _: False, forms_of(graph))
    stale = [one for one in islice(possible, MOST_WARNINGS + len(graph.tasks)) if one not in now]
    return [one for one in told if one not in stale]


def _warnings(
    workflow: Mapping[str, object], doubts: Doubts, provided: Callable[[JsonObject], bool], missing_forms: Set[str]
) -> Iterator[JobWarning]:
    if workflow.get("errorHandler"):
        yield {
            "task": "error_handler",
            "name": text_at(workflow, "name"),
            "message": "The error handler is not run: draw error transitions to the tasks that handle errors.",
        }
    for id, task in doubts.tasks:
        if not provided(task):
            yield _unprovided(id, task)
        form = _form_of(task)
        if form in missing_forms:
            yield {
                "task": id,
                "name": text_at(task, "name"),
                "message": f"Its form '{form[:200]}' was never imported: it is not shown, and no answer is checked.",
            }
    for id, name, message in doubts.unfollowed:
        yield {"task": "job" if id is None else id, "name": name, "message": f"{message}."}


def _unprovided(id: str, task: Mapping[str, object]) -> JobWarning:
    app, name = text_at(task, "app"), text_at(task, "name")
    location = text_at(task, "location") or "application"
    return {
        "task": id,
        "name": name,
        "message": f"No provider for {app}.{name}: this server has no such {location.lower()} or task, "
        "and the task will end in error.",
    }


def forms_of(graph: Graph) -> set[str]:
    """The ids and names of the stored forms that tasks show, as far as the workflow alone tells them."""
    return {_form_of(task) for id, task in graph.tasks.items() if id not in graph.unreachable} - {""}


def _form_of(task: Mapping[str, object]) -> str:
    key = FORM_NAMES.get((text_at(task, "app"), text_at(task, "name")), "")
    named = text_at(object_at(object_at(task, "variables"), "incoming"), key)
    return "" if is_reference(named) else named
