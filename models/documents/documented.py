"""The documented form of a job for clients of the REST API: its definition and its state together."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ..engine.definition import is_manual, iteration_id
from ..engine.graph import END, LOOP, START, Edge, Graph
from ..engine.lifecycle import TASK_OPEN
from ..json import Json, JsonObject, array_at, is_object, object_at, text_at
from ..secrets.marks import CHILD_SECRETS, FOUND_SECRETS, SECRETS, marks
from ..secrets.masking import masked
from ..secrets.sealing import SEALED, hidden
from .moments import iso
from .progress import SPENT, SYSTEM, child_jobs
from .search_terms import FOUND_BY
from .shapes.jobs import JobHeader
from .shapes.tasks import IterationDocument, TaskEntry
from .state_version import VERSION_KEY, upgraded
from .stored import from_stored

MOST_ITERATIONS = 10_000  # the latest ones of a task that goes in circles

# Private fields: they say how the job is run.
_PRIVATE = (
    *("workflow_version", VERSION_KEY, "seq", "lease", "idempotency", "inbox", "outbox", "event", "trace"),
    *(FOUND_BY, CHILD_SECRETS, FOUND_SECRETS, SEALED, SPENT),
)
_PRIVATE_OF_ITERATION = ("waits_for", "answer", "children", "iteration", "access", "seq", VERSION_KEY, SECRETS, SEALED)

# Tasks that run in the name of the job's starter where their author says nothing
# (reference/execution.md#kinds-of-task).
_ACTOR_JOB = ("childJob", "runAgent", "forEach", "eventListenerJob")


@dataclass(frozen=True)
class SharedTask:
    """The fields of a task that are the same in all jobs of a pinned version; documented jobs share them."""

    shown: JsonObject  # what else stands among it is null
    previous: tuple[Edge, ...]


def shared_tasks(graph: Graph) -> dict[str, SharedTask]:
    """The shared fields of the tasks by id, in the workflow's order."""
    return {
        id: SharedTask(
            {
                **_mask_variables(definition),
                "taskId": id,
                "status": None,
                "owner": None if is_manual(definition) else SYSTEM,
                "iterations": None,
                "transitions": _transitions(id, graph),
            },
            # workflow_start is no predecessor of a task (reference/rest-api.md#task-of-a-job)
            tuple(edge for edge in graph.backward[id] if edge.state != LOOP and edge.source != START),
        )
        for id, definition in graph.tasks.items()
    }


def is_ours(document: Mapping[str, object]) -> bool:
    """Whether the header refers to a pinned version; a job of another program has its tasks inside."""
    return isinstance(document.get("workflow_version"), str)


def documented_iteration(document: Mapping[str, object]) -> JsonObject:
    """A task's iteration as GET /operations-manager/tasks documents it, also one of another program."""
    document = upgraded("iteration", document)
    if "waits_for" in document:  # ours: nobody has written who works it while nobody does
        document = {**document, "metrics": {"user": None, "owner": "", **object_at(document, "metrics")}}
    shown = from_stored({key: value for key, value in document.items() if key not in _PRIVATE_OF_ITERATION})
    if SEALED in document and "variables" in shown:
        shown = {**shown, "variables": hidden(shown["variables"])}
    return _mask_variables(shown, array_at(document, SECRETS))


def foreign_job(document: Mapping[str, object]) -> JsonObject:
    """A job of another program as it is stored, with secrets masked."""
    job = from_stored({key: value for key, value in document.items() if key != FOUND_BY})
    shown: JsonObject = _with_masks(job, job)
    tasks = object_at(job, "tasks")
    masks: JsonObject = {id: _mask_variables(task) for id, task in tasks.items() if is_object(task)}
    if any(masks[id] is not object_at(tasks, id) for id in masks):
        shown = {**shown, "tasks": {**tasks, **masks}}
    return shown


def job_header(document: Mapping[str, object]) -> JsonObject:
    """One of our jobs as it is stored, without fields of its workflow, and with secrets masked."""
    document = upgraded("header", document)
    return _with_masks(_header(document), document)


def _header(document: Mapping[str, object]) -> JsonObject:
    return from_stored({key: value for key, value in document.items() if key not in _PRIVATE})


def documented_job(
    document: JobHeader,
    workflow: Mapping[str, object],
    graph: Graph,
    iterations: Mapping[str, IterationDocument],
    drawn: Mapping[str, SharedTask] | None = None,
) -> JsonObject:
    """One of our jobs; `iterations` are the latest iterations of tasks that started child jobs, by task id.

    `drawn` are the shared fields of the graph's tasks, if they are known.
    """
    drawn = drawn or shared_tasks(graph)
    document = upgraded("header", document)
    header = _header(document)
    entries = document.get("tasks", {})
    states = {id: entries.get(id, {}) for id in graph.tasks}
    tasks = {id: _task(id, drawn[id], document, states, graph) for id in graph.tasks}
    for id, iteration in iterations.items():
        tasks[id].update(_children(document["_id"], id, states[id], iteration))
    job: JsonObject = {**header, "transitions": object_at(workflow, "transitions"), "tasks": {**tasks}}
    job = _with_masks(job, document)
    if is_object(parent := job.get("parent")):
        job["parent"] = _parent(parent)
    if not job.get("error"):
        job.pop("error", None)  # absent when there is none, in every captured job
    return job


def _with_masks(job: JsonObject, stored: Mapping[str, object]) -> JsonObject:
    variables = object_at(job, "variables")
    shown = masked(variables, marks(stored), "variables")
    shown = hidden(shown) if SEALED in stored else shown
    return job if shown is variables else {**job, "variables": shown}


def _mask_variables(task: JsonObject, more: Iterable[Json] = ()) -> JsonObject:
    """A task with its secrets masked, also those that `more` decorators mark; the same object if it has none."""
    variables = object_at(task, "variables")
    shown = masked(variables, [*array_at(variables, "decorators"), *more])
    return task if shown is variables else {**task, "variables": shown}


def _parent(parent: JsonObject) -> JsonObject:
    """The documented `parent`. `iteration` is the index of the loop's element, as in the parent's `childJobs`.

    See reference/rest-api.md#job-document.
    """
    element = parent.get("element", 0)
    return {"job": parent.get("job"), "task": parent.get("task"), "iteration": element, "element": element}


def _children(job_id: str, task_id: str, state: TaskEntry, iteration: IterationDocument) -> JsonObject:
    """`childJobs`, and `loop` for a task with one child per element (reference/execution.md#child-jobs)."""
    iteration = upgraded("iteration", iteration)
    whole: dict[str, object] = {**iteration}
    plain = hidden(from_stored(whole))
    known = _mask_variables(plain, array_at(iteration, SECRETS))
    children: JsonObject = {"childJobs": [*child_jobs(job_id, task_id, known)]}
    if object_at(known, "children").get("looped"):
        details = object_at(object_at(object_at(known, "variables"), "outgoing"), "job_details")
        children["loop"] = {
            "atLeastOneComplete": state.get("child_complete", False),
            "finishedCount": state.get("finished_children", 0),
            "outgoing": array_at(details, "loop"),
        }
    return children


def _task(id: str, drawn: SharedTask, job: JobHeader, states: Mapping[str, TaskEntry], graph: Graph) -> JsonObject:
    state = states[id]
    latest = 0 if id == END else state.get("iteration", 0)
    task: JsonObject = {
        **drawn.shown,
        "status": state.get("status", "incomplete"),
        "iterations": [
            iteration_id(job["_id"], id, number) for number in range(max(1, latest - MOST_ITERATIONS + 1), latest + 1)
        ],
    }
    if id == START:
        task["metrics"] = {
            "start_time": job.get("metrics", {}).get("start_time"),
            "user": job.get("metrics", {}).get("user"),
            "finish_state": state.get("finish_state"),
        }
        return task
    task["previous"] = _buckets(drawn.previous, states)
    if id == END:
        task["endTasks"] = _buckets(_dead_ends(graph), states)
        if (end := state.get("end_time")) is not None:
            task["metrics"] = {"end_time": end, "run_time": end - job.get("metrics", {}).get("start_time", end)}
        return task
    task.update(_engine_defaults(graph.tasks[id], state))
    if "start_time" in state:
        task["start_time"] = iso(state["start_time"])
    if "end_time" in state:
        task["end_time"] = state["end_time"]
    if "finish_state" in state:
        task["finish_state"] = state["finish_state"]
    if "serverId" in state:
        task["serverId"] = state["serverId"]
    if "finish_state" in state:
        task["metrics"] = {"finish_state": state["finish_state"]}  # where newer readers look for it
    return task


def _engine_defaults(definition: Mapping[str, object], state: TaskEntry) -> JsonObject:
    """Fields that the author left to the engine: the actor, and the number of retries."""
    shown: JsonObject = {}
    if not definition.get("actor") and definition.get("type") != "manual":
        shown["actor"] = "job" if text_at(definition, "name") in _ACTOR_JOB else "Pronghorn"
    settings = definition.get("retrySettings")
    if is_object(settings):
        count = max(0, state.get("attempt", 0) - 1)
        over = "finish_state" in state and state["finish_state"] != LOOP
        shown["retrySettings"] = {**settings, "count": count, "finishedRetrying": count > 0 and over}
    return shown


def _transitions(id: str, graph: Graph) -> JsonObject:
    by_state: dict[str, list[Json]] = {}
    for edge in graph.forward[id]:
        by_state.setdefault(edge.state, []).append({"task": edge.target, "type": "standard"})
    for state, target in graph.reverts.get(id, {}).items():
        by_state.setdefault(state, []).append({"task": target, "type": "revert"})
    return dict(by_state)


def _buckets(edges: Iterable[Edge], states: Mapping[str, TaskEntry]) -> JsonObject:
    """Predecessors by their status."""
    buckets: dict[str, list[Json]] = {"incomplete": [], "complete": [], "error": []}
    for edge in edges:
        state = states[edge.source]
        if state.get("never_runs"):
            buckets["error"].append(edge.source)
        elif state.get("status", "incomplete") in TASK_OPEN:
            buckets["incomplete"].append(edge.source)
        else:
            taken = state.get("finish_state") == edge.state and state.get("chosen") in (None, edge.target)
            buckets["complete" if taken else "error"].append(edge.source)
    return dict(buckets)


def _dead_ends(graph: Graph) -> list[Edge]:
    """Edges from tasks without a successor: workflow_end has waited for them."""
    return [
        Edge(id, END, "success")
        for id, edges in graph.forward.items()
        if not edges and id not in graph.reverts and id not in (START, END)
    ]


def child_tasks(graph: Graph, document: Mapping[str, object]) -> list[str]:
    """The childJob tasks that have run: the iteration documents have their children."""
    entries = object_at(document, "tasks")
    return [
        id
        for id, task in graph.tasks.items()
        if task.get("name") == "childJob" and is_object(entries.get(id)) and object_at(entries, id).get("iteration")
    ]


def select_paths(document: JsonObject, include: Collection[str], exclude: Collection[str]) -> JsonObject:
    """Only the dotted paths of `include`, if there are any, without those of `exclude`.

    `_id` always comes, unless it is excluded by name.
    """
    part = _only(document, include) if include else document
    if include and "_id" in document and "_id" not in exclude:
        part = {"_id": document["_id"], **part}
    return _without(part, exclude) if exclude else part


def _only(document: JsonObject, paths: Collection[str]) -> JsonObject:
    part: JsonObject = {}
    for key, value in document.items():
        inner = [path.partition(".")[2] for path in paths if path.partition(".")[0] == key]
        if not inner:
            continue
        part[key] = value if "" in inner or not is_object(value) else _only(value, inner)
    return part


def _without(document: JsonObject, paths: Collection[str]) -> JsonObject:
    part: JsonObject = {}
    for key, value in document.items():
        inner = [path.partition(".")[2] for path in paths if path.partition(".")[0] == key]
        if "" in inner:
            continue
        part[key] = _without(value, inner) if inner and is_object(value) else value
    return part
