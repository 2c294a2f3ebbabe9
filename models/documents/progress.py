"""The engine's state as it is stored, and back: small entries in the job, values in one document per iteration.

Iteration documents follow from the header that refers to them: they are written after it. Their ids follow from job,
task and number, so that whoever writes them again, after a crash, writes the same documents.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from ..engine.budget import spent_of
from ..engine.changes import Changes, Field
from ..engine.definition import child_job_id, is_manual, iteration_id
from ..engine.events import Answered
from ..engine.graph import END, START, Graph
from ..engine.lifecycle import TASK_DONE
from ..engine.outcomes import Finish, StartChildren
from ..engine.state import JobState, TaskState
from ..json import Json, JsonObject, array_at, integer_at, is_object, object_at, text_at
from ..language.javascript.coercion import UNDEFINED
from ..secrets.finding import Finder
from ..secrets.marks import CHILD_SECRETS, FOUND_SECRETS, SECRETS, marks_of_iteration
from ..secrets.masking import MASK, mark_of
from .moments import iso
from .search_terms import FOUND_BY, found_by
from .shapes.jobs import JobHeader
from .shapes.tasks import Answer, IterationDocument, IterationMetrics, TaskEntry, TaskVariables
from .state_version import STATE_VERSION, VERSION_KEY
from .stored import from_stored, to_stored

# The fields of TaskState that stand in `tasks.<id>` of a job document; those with their default are left out.
_FIELDS: Final = tuple(key for key in TaskEntry.__annotations__ if key != "serverId")
_DEFAULTS = TaskState()
SPENT: Final = "spent"  # of a job, ours alone: what it has used up of its budget

SYSTEM = "Pronghorn"  # the documented system's name for the engine, where people's names may stand


@dataclass(frozen=True)
class Stamp:
    """When an advance is written, by which server, and which write of the job's header (`seq`) makes it true."""

    at: datetime
    server: str
    seq: int


def job_fields(
    state: JobState, header: JobHeader, fields: Collection[Field], finder: Finder | None = None
) -> dict[str, object]:
    """The fields of the header that an advance changed; `header` as it was when the job started.

    But for what it knows of secrets, which comes with them. The `finder` finds those in the description.
    """
    description = finder.hidden(state.description) if finder else state.description
    values: dict[str, object] = {"metrics.progress": state.progress, SPENT: state.spent.entry}
    if CHILD_SECRETS in header:
        values[CHILD_SECRETS] = header[CHILD_SECRETS]
    if FOUND_SECRETS in header:
        values[FOUND_SECRETS] = header[FOUND_SECRETS]
    if "variables" in fields or "description" in fields:
        values[FOUND_BY] = found_by({**header, "description": description, "variables": state.variables})
    for field in fields:
        match field:
            case "status":
                values["status"] = state.status
                if state.end_time is not None:
                    values["metrics.end_time"] = state.end_time
            case "variables":
                values["variables"] = to_stored(state.variables, what="the job's variables")
            case "description":
                values["description"] = description
            case "error":
                values["error"] = to_stored(state.errors, what="the job's errors")
    return values


def changed_entries(state: JobState, changes: Changes, stamp: Stamp) -> dict[str, object]:
    """The fields of the header that say where its tasks are; small whatever the tasks produced."""
    entries: dict[str, object] = {
        f"tasks.{id}": _with_stamp(task_entry(state.tasks[id]), stamp) for id in sorted(changes.tasks | changes.counted)
    }
    return {**entries, "last_updated": stamp.at, VERSION_KEY: STATE_VERSION}


def with_fields(header: JobHeader, fields: Mapping[str, object]) -> JobHeader:
    """The header with the fields, whose keys may be paths of two names, as the database would set them."""
    changed: Any = dict(header)
    copied: set[str] = set()
    for path, value in fields.items():
        key, _, inner = path.partition(".")
        if not inner:
            changed[key] = value
            continue
        if key not in copied:
            changed[key] = dict(object_at(changed, key))
            copied.add(key)
        changed[key][inner] = value
    return changed


def _with_stamp(entry: TaskEntry, stamp: Stamp) -> TaskEntry:
    """With the server that works the task, once one does."""
    return {**entry, "serverId": stamp.server} if "iteration" in entry else entry


def changed_iterations(
    graph: Graph, state: JobState, header: JobHeader, changes: Changes, stamp: Stamp, finder: Finder | None = None
) -> list[IterationDocument]:
    """The documents of all iterations that began, went on or ended; NotStorable for what the database cannot hold.

    What the `finder` finds in them is marked.
    """
    latest = [(id, state.tasks[id]) for id in sorted(changes.tasks) if state.tasks[id].iteration and id != END]
    return [iteration_document(graph, state, header, id, task, stamp, finder) for id, task in (*changes.past, *latest)]


def task_entry(task: TaskState) -> TaskEntry:
    entry: Any = {key: value for key in _FIELDS if (value := getattr(task, key)) != getattr(_DEFAULTS, key)}
    return entry


def iteration_document(
    graph: Graph,
    state: JobState,
    header: JobHeader,
    task_id: str,
    task: TaskState,
    stamp: Stamp,
    finder: Finder | None = None,
) -> IterationDocument:
    """An iteration of a task as GET /operations-manager/tasks documents it, plus what a restart needs.

    Who works a task that waits for a person is not the engine's to say: people's own writes hold its `metrics.owner`
    and `metrics.user`.
    """
    definition = graph.tasks[task_id]
    variables = to_stored(_values(task, definition), what=f"the values of task {task_id}")
    document: IterationDocument = {
        "_id": iteration_id(state.job_id, task_id, task.iteration),
        "job": {
            "_id": state.job_id,
            "task": task_id,
            "name": header["name"],
            "description": finder.hidden(state.description) if finder else state.description,
            "ancestors": header["ancestors"],
        },
        "iteration": task.iteration,
        "seq": stamp.seq,
        VERSION_KEY: STATE_VERSION,
        "name": definition.get("name"),
        "app": definition.get("app"),
        "location": definition.get("location"),
        "type": definition.get("type"),
        "view": definition.get("view"),
        "status": task.status,
        "groups": array_at(definition, "groups"),
        # For `visible_tasks`: the job's part in who may see it.
        "access": {"groups": header.get("groups") or [], "starter": header["metrics"].get("user")},
        "encodingVersion": 1,
        "last_updated": stamp.at,
        "variables": variables,
        "metrics": _metrics(task, definition, stamp),
        "waits_for": task.waits_for,
    }
    secrets = marks_of_iteration({**header, "variables": state.variables}, task_id, definition)
    if finder:
        parts: JsonObject = {"incoming": variables.get("incoming"), "outgoing": task.outgoing}
        secrets += [mark for path in finder.paths(parts) if (mark := mark_of(path)) not in secrets]
        if task.spawn is not None and finder.finds([task.spawn.workflow, *task.spawn.variables]):
            secrets.append(mark_of(["children"]))
    if secrets:
        document[SECRETS] = secrets
    if task.spawn is not None:
        children: JsonObject = {
            "workflow": task.spawn.workflow,
            "variables": list(task.spawn.variables),
            "sequential": task.spawn.sequential,
            "looped": task.spawn.looped,
            "attempt": task.attempt,
        }
        document["children"] = to_stored(children, what=f"the children of task {task_id}")
    return document


def _metrics(task: TaskState, definition: JsonObject, stamp: Stamp) -> IterationMetrics:
    metrics: IterationMetrics = {
        "start_time": iso(task.start_time),
        "end_time": task.end_time,
        "run_time": None if task.end_time is None or task.start_time is None else task.end_time - task.start_time,
        "finish_state": task.finish_state,
        "server_id": stamp.server,
        "retrying": {"attempt": task.attempt} if task.waits_for == "retry" else None,
    }
    return metrics if is_manual(definition) else {**metrics, "user": SYSTEM, "owner": SYSTEM}


def finish_of(answer: Answer) -> Finish:
    """A person's answer `{finish_state, variables}` as the engine takes it."""
    state = "failure" if answer["finish_state"] == "failure" else "success"
    return Finish(state, outgoing=from_stored(answer["variables"]))


def answers_ahead(document: JobHeader, iterations: Mapping[str, IterationDocument]) -> list[Answered]:
    """The answers of people that only the iterations tell of, where the header still waits for them.

    Releases that wrote iterations without a `seq` wrote them before the header, and took the answer out with that.
    """
    found: list[Answered] = []
    for id, iteration in iterations.items():
        entry = document["tasks"].get(id, {})
        over = iteration.get("status") in TASK_DONE and iteration.get("waits_for") is None
        if "seq" not in iteration and entry.get("waits_for") == "person" and over:
            told: Answer = {
                "finish_state": iteration.get("metrics", {}).get("finish_state") or "",
                "variables": iteration["variables"].get("outgoing") or {},
            }
            attempt = entry.get("attempt", _DEFAULTS.attempt)
            found.append(Answered(id, entry.get("iteration", 0), attempt, finish_of(told)))
    return found


def _values(task: TaskState, definition: Mapping[str, object]) -> TaskVariables:
    return {
        "incoming": {key: _defined(value) for key, value in task.incoming.items() if value is not UNDEFINED},
        "outgoing": task.outgoing,
        "error": "" if task.finish_state != "error" else task.error,
        "decorators": array_at(object_at(definition, "variables"), "decorators"),
    }


def _defined(value: Json) -> Json:
    """Operands inside merge and evaluation may be undefined: JSON has only null for that."""
    if value is UNDEFINED:
        return None
    if is_object(value):
        return {key: _defined(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_defined(item) for item in value]  # pyright: ignore[reportUnknownVariableType] -- items are JSON
    return value


def read_state(graph: Graph, document: JobHeader, iterations: Mapping[str, IterationDocument]) -> JobState:
    """The engine's state out of a job document of ours and its latest iterations by task id."""
    tasks = {id: _read_task(document["tasks"].get(id, {}), iterations.get(id)) for id in graph.tasks}
    metrics = document["metrics"]
    own = from_stored({key: document.get(key) for key in ("variables", "error")})
    return JobState(
        job_id=document["_id"],
        status=document["status"],
        description=document.get("description"),
        variables={**object_at(own, "variables")},  # the document may be shown while the job goes on
        start_time=metrics["start_time"],
        end_time=metrics.get("end_time"),
        tasks=tasks,
        errors=[one for one in array_at(own, "error") if is_object(one)],
        spent=spent_of(document.get(SPENT, {})),
    )


def _read_task(entry: TaskEntry, iteration: IterationDocument | None) -> TaskState:
    values: Any = {key: value for key, value in entry.items() if key in _FIELDS}
    task = TaskState(**values)
    known: Mapping[str, object] = {} if iteration is None else from_stored(iteration)
    variables = object_at(known, "variables")
    task.incoming, task.outgoing = object_at(variables, "incoming"), object_at(variables, "outgoing")
    if task.finish_state == "error":
        task.error = variables.get("error")
    spawn = known.get("children")
    if task.waits_for == "children" and is_object(spawn):
        # Their ends are not stored with the parent: whoever goes on with it asks for the children again.
        task.finished_children, task.child_complete = 0, False
        task.spawn = StartChildren(
            text_at(spawn, "workflow"),
            tuple(one for one in array_at(spawn, "variables") if is_object(one)),
            spawn["sequential"] is True,
            spawn["looped"] is True,
        )
    return task


def latest_iterations(document: JobHeader) -> list[str]:
    """The ids of the iteration documents that belong to the job as it is now."""
    return [
        iteration_id(document["_id"], id, number)
        for id, entry in document["tasks"].items()
        if (number := entry.get("iteration")) and id not in (START, END)
    ]


def child_jobs(job_id: str, task_id: str, iteration: Mapping[str, object]) -> list[JsonObject]:
    """The documented `childJobs` of a childJob task; `iteration` with its secrets masked."""
    spawn = object_at(iteration, "children")
    told = object_at(object_at(iteration, "variables"), "incoming").get("workflow")
    name = MASK if told == MASK else spawn.get("workflow")
    number, attempt = integer_at(iteration, "iteration", 1), integer_at(spawn, "attempt", 1)
    return [
        {
            "_id": child_job_id(job_id, task_id, number, attempt, index),
            "name": name,
            "iteration": index,
        }
        for index in range(len(array_at(spawn, "variables")))
    ]
