"""What a workflow asks for that this server executes otherwise, or not at all."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from ..engine.definition import is_manual
from ..engine.graph import END, START, Graph
from ..json import Json, JsonObject, array_at, is_number, is_object, object_at, text_at

# The id of the task, None for the workflow as a whole; its name; the sentence.
Unfollowed: TypeAlias = tuple[str | None, str, str]

_NOTHING: tuple[Json, ...] = (None, "", False, [], {})
_DECORATORS = ("encryption", "query")
_ENGINE = "Pronghorn"
_STATES = ("success", "failure", "error", "loop")
_EDGES = ("standard", "revert", "loop")

# Fields that are followed, and those that change nothing in how a job runs:
# reference/execution.md#workflow-fields and #task-fields.
_OF_WORKFLOWS = frozenset(
    {
        "_id", "id", "name", "type", "tasks", "transitions", "font_size", "groups", "inputSchema", "outputSchema",
        "canvasVersion", "encodingVersion", "migrationVersion", "uuid", "scenarios", "outputData", "label", "namespace",
        "preAutomationTime", "sla", "tags", "description", "decorators", "errorHandler", "created", "created_by",
        "createdBy", "createdVersion", "last_updated", "last_updated_by", "lastUpdated", "lastUpdatedBy",
        "lastUpdatedVersion", "errors", "warnings", "tag_name", "version", "folder", "project", "_comment", "__v",
    }
)  # fmt: skip
_OF_TASKS = frozenset(
    {
        "id", "_id", "taskId", "name", "canvasName", "location", "locationType", "app", "type", "displayName",
        "summary", "description", "group", "nodeLocation", "nodelocation", "x", "y", "gridCoordinate", "matched",
        "label", "variables", "groups", "actor", "view", "scheduled", "retrySettings", "taskVersion", "hostApp",
        "task_name", "_comment", "deprecated", "job", "owner", "status", "iterations", "previous", "endTasks",
        "transitions", "metrics", "start_time", "end_time", "finish_state", "serverId", "server_id", "childJobs",
        "loop", "finishedRetrying", "error", "errors", "warnings", "task", "translations",
    }
)  # fmt: skip
_OF_EDGES = frozenset(
    {
        "type", "state", "id", "__gohashid", "_comment", "label",
    }
)  # fmt: skip


def unfollowed(workflow: Mapping[str, object], graph: Graph) -> Iterator[Unfollowed]:
    name = text_at(workflow, "name")
    sla = workflow.get("sla")
    if is_number(sla) and sla > 0:
        yield None, name, f"Its `sla` of {sla:g} ms is kept and not watched: no event tells that a job takes longer"
    for field in _unknown(workflow, _OF_WORKFLOWS):
        yield None, name, f"Its field `{field}` is not known here: it is kept, and what it asks for is not done"
    for id, task in graph.tasks.items():
        if id not in graph.unreachable and id not in (START, END):
            for message in _of_task(task):
                yield id, text_at(task, "name"), message
    yield from _of_edges(workflow, graph)


def _of_task(task: JsonObject) -> Iterator[str]:
    if task.get("scheduled") not in _NOTHING:
        yield "It is `scheduled` for certain times only, which is not followed: it runs as soon as it is reached"
    actor = task.get("actor")
    if is_manual(task):
        if actor not in (None, "", _ENGINE):
            yield f"Its `actor` {_brief(actor)} is not followed: whoever may see it can work it"
    elif actor not in (None, "", _ENGINE, "job"):
        yield f"Its `actor` {_brief(actor)} is not followed: the engine runs it in the name of the job"
    for decorator in array_at(object_at(task, "variables"), "decorators"):
        kind = decorator.get("type") if is_object(decorator) else decorator
        if kind not in _DECORATORS:
            yield f"A decorator of the type {_brief(kind)} is not known here: it is kept and does nothing"
    for field in _unknown(task, _OF_TASKS):
        yield f"Its field `{field}` is not known here: it is kept, and what it asks for is not done"


def _of_edges(workflow: Mapping[str, object], graph: Graph) -> Iterator[Unfollowed]:
    for source, targets in object_at(workflow, "transitions").items():
        if source not in graph.tasks or source in graph.unreachable or source == END or not is_object(targets):
            continue
        name = text_at(graph.tasks[source], "name")
        for target, edge in targets.items():
            if target not in graph.tasks or not is_object(edge):
                continue
            kind, state = edge.get("type"), edge.get("state")
            if kind not in (*_EDGES, None, ""):
                yield source, name, f"The type {_brief(kind)} of its edge to {target} is not known: it is as standard"
            if kind == "revert" and state not in (*_STATES, None, ""):
                yield source, name, f"It never goes back to {target}: no task ends {_brief(state)}"
            for field in _unknown(edge, _OF_EDGES):
                yield source, name, f"The field `{field}` of its edge to {target} is not known here: it does nothing"


def _unknown(document: Mapping[str, object], known: frozenset[str]) -> Iterator[str]:
    return (key[:80] for key, value in document.items() if key not in known and value not in _NOTHING)


def _brief(value: Json) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}..."
