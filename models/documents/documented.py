"""A job in its documented form: definition and state put together, as clients of the REST API read it."""

from collections.abc import Mapping

from ..engine.graph import END, START, Edge, Graph
from ..engine.ids import iteration_id
from ..json import Json, JsonObject, is_object, object_at
from .found_by import FOUND_BY
from .moments import iso
from .progress import SYSTEM, is_manual
from .stored import from_stored

# Ours alone: how the job is run, not what it is.
_PRIVATE = ("workflow_version", "seq", "lease", "idempotency", FOUND_BY)
_PRIVATE_OF_ITERATION = ("waits_for", "answer", "children", "iteration")


def is_ours(document: JsonObject) -> bool:
    """Whether the header refers to a pinned definition; a job that another program wrote holds its tasks whole."""
    return isinstance(document.get("workflow_version"), str)


def documented_iteration(document: JsonObject) -> JsonObject:
    """A task's iteration as GET /operations-manager/tasks documents it, whoever wrote it."""
    return from_stored({key: value for key, value in document.items() if key not in _PRIVATE_OF_ITERATION})


def foreign_job(document: JsonObject) -> JsonObject:
    """A job that another program wrote, just as it wrote it."""
    return from_stored({key: value for key, value in document.items() if key != FOUND_BY})


def job_header(document: JsonObject) -> JsonObject:
    """One of our jobs as it is stored, without what it has from its workflow."""
    return from_stored({key: value for key, value in document.items() if key not in _PRIVATE})


def documented_job(
    document: JsonObject, workflow: JsonObject, graph: Graph, children: Mapping[str, list[JsonObject]]
) -> JsonObject:
    """One of our jobs; `children` are the `childJobs` of those tasks that started some."""
    header = job_header(document)
    entries = object_at(header, "tasks")
    states = {id: object_at(entries, id) for id in graph.tasks}
    job: JsonObject = {
        **header,
        "transitions": object_at(workflow, "transitions"),
        "tasks": {
            id: _task(id, definition, header, states, graph, children.get(id)) for id, definition in graph.tasks.items()
        },
    }
    if not job.get("error"):
        job.pop("error", None)  # absent when there is none, in every captured job
    return job


def _task(
    id: str,
    definition: JsonObject,
    job: JsonObject,
    states: Mapping[str, JsonObject],
    graph: Graph,
    children: list[JsonObject] | None,
) -> JsonObject:
    state = states[id]
    metrics = object_at(job, "metrics")
    task: JsonObject = {
        **definition,
        "taskId": id,
        "status": state.get("status", "incomplete"),
        "owner": None if is_manual(definition) else SYSTEM,
        "iterations": [
            iteration_id(job["_id"], id, number) for number in range(1, state.get("iteration", 0) + 1) if id != END
        ],
        "transitions": _transitions(id, graph),
    }
    if id == START:
        task["metrics"] = {
            "start_time": metrics.get("start_time"),
            "user": metrics.get("user"),
            "finish_state": state.get("finish_state"),
        }
        return task
    task["previous"] = _buckets([edge for edge in graph.backward[id] if edge.state != "loop"], states)
    if id == END:
        task["endTasks"] = _buckets(_dead_ends(graph), states)
        if "end_time" in state:
            end = state["end_time"]
            task["metrics"] = {"end_time": end, "run_time": end - metrics.get("start_time", end)}
        return task
    if "start_time" in state:
        task["start_time"] = iso(state["start_time"])
    for key in ("end_time", "finish_state"):
        if key in state:
            task[key] = state[key]
    if children is not None:
        task["childJobs"] = children
    return task


def _transitions(id: str, graph: Graph) -> JsonObject:
    by_state: dict[str, list[Json]] = {}
    for edge in graph.forward[id]:
        by_state.setdefault(edge.state, []).append({"task": edge.target, "type": "standard"})
    for (source, state), target in graph.reverts.items():
        if source == id:
            by_state.setdefault(state, []).append({"task": target, "type": "revert"})
    return dict(by_state)


def _buckets(edges: list[Edge], states: Mapping[str, JsonObject]) -> JsonObject:
    """Predecessors by what became of them; workflow_start is nobody's predecessor (rest-api facts, 5.2)."""
    buckets: dict[str, list[Json]] = {"incomplete": [], "complete": [], "error": []}
    for edge in edges:
        if edge.source == START:
            continue
        state = states[edge.source]
        if state.get("never_runs"):
            buckets["error"].append(edge.source)
        elif state.get("status", "incomplete") in ("incomplete", "running"):
            buckets["incomplete"].append(edge.source)
        else:
            buckets["complete" if state.get("finish_state") == edge.state else "error"].append(edge.source)
    return dict(buckets)


def _dead_ends(graph: Graph) -> list[Edge]:
    return [Edge(id, END, "success") for id, edges in graph.forward.items() if not edges and id not in (START, END)]


def child_tasks(graph: Graph, document: JsonObject) -> list[str]:
    """The childJob tasks that have run: their children stand in the iteration documents."""
    entries = object_at(document, "tasks")
    return [
        id
        for id, task in graph.tasks.items()
        if task.get("name") == "childJob" and is_object(entries.get(id)) and object_at(entries, id).get("iteration")
    ]
