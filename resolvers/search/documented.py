"""The documented form of many stored documents at once, with one read of each related collection."""

from collections.abc import Mapping, Sequence

from ...models.documents.documented import (
    child_tasks,
    documented_iteration,
    documented_job,
    foreign_job,
    is_ours,
    job_header,
)
from ...models.documents.job import Job, TaskIteration
from ...models.documents.moments import stored_ids
from ...models.documents.shapes.jobs import JobHeader
from ...models.documents.shapes.tasks import IterationDocument, TaskVariables
from ...models.documents.state_version import VERSION_KEY
from ...models.engine.definition import iteration_id
from ...models.errors import AnswerTooLarge
from ...models.json import Json, JsonObject, array_at, is_object, object_at, text_at
from ...models.secrets.marks import CHILD_SECRETS, FOUND_SECRETS, SECRETS
from ...models.secrets.sealing import SEALED
from ...models.visibility import Caller, visible
from ..services import Services
from ..store.collections import collection_of
from ..store.outbox import OUTBOX
from ..store.tasks import PARTS
from ..threads import in_thread, in_thread_if_long
from ..workflows.definitions import Pinned
from .large_answers import load_values
from .paging import PATIENCE, limit_time, read_all
from .projection import EVERYTHING, Fields, fields

MOST_ITERATIONS = 20_000

# A job of ours has the keys _FROM_WORKFLOW from its workflow, and needs the keys _NEEDED to make them.
_FROM_WORKFLOW = ("tasks", "transitions")
_NEEDED = ("workflow_version", "tasks", "metrics")


def stored_fields(wanted: Fields) -> Fields:
    """The stored fields of jobs to read for the wanted documented keys."""
    if "variables" in wanted:
        wanted = wanted.plus("decorators", CHILD_SECRETS, FOUND_SECRETS, SEALED)  # they say which are secret
    wanted = wanted.minus(OUTBOX).plus(VERSION_KEY)
    return wanted.plus(*_NEEDED) if _of_workflow(wanted) else wanted


def _of_workflow(wanted: Fields) -> bool:
    return any(key in wanted for key in _FROM_WORKFLOW)


async def documented_jobs(
    services: Services, caller: Caller, jobs: Sequence[JobHeader], wanted: Fields = EVERYTHING
) -> list[JsonObject]:
    """The jobs, also those of other programs. Definitions are read if wanted fields need them.

    The `childJobs` of tasks have no child jobs that the caller may not see.
    """
    if not _of_workflow(wanted):
        values = [job.get("variables") for job in jobs]
        return await in_thread_if_long(lambda: [job_header(job) for job in jobs], *values)
    pinned = await services.definitions.find_all({job["workflow_version"] for job in jobs if is_ours(job)})
    known = {job["_id"]: pinned[job["workflow_version"]] for job in jobs if job.get("workflow_version") in pinned}
    children = await _children(services, jobs, known)

    def made() -> list[JsonObject]:
        return [
            documented_job(job, its.workflow, its.graph, children.get(job["_id"], {}), its.drawn_tasks)
            if (its := known.get(job["_id"]))
            else job_header(job)
            if is_ours(job)  # its definition is lost
            else foreign_job(job)
            for job in jobs
        ]

    large = any(one.large for one in known.values())
    values = [job.get("variables") for job in jobs]
    documents = await (in_thread(made) if large else in_thread_if_long(made, *values))
    return await _without_hidden_children(caller, documents)


async def _without_hidden_children(caller: Caller, jobs: list[JsonObject]) -> list[JsonObject]:
    parents = [text_at(job, "_id") for job in jobs if any(array_at(task, "childJobs") for task in _tasks(job).values())]
    if caller.administrator or not parents:
        return jobs
    query: dict[str, object] = {
        "parent.job": {"$in": [stored for id in parents for stored in stored_ids(id)]},
        "$nor": [visible(caller)],
    }
    async with limit_time():
        hidden = {str(one["_id"]) async for one in collection_of(Job).find(query, {"_id": 1}).max_time_ms(PATIENCE)}
    return [_without_children(job, hidden) for job in jobs] if hidden else jobs


def _without_children(job: JsonObject, hidden: set[str]) -> JsonObject:
    tasks: JsonObject = {
        id: {**task, "childJobs": [one for one in children if not _is_among(one, hidden)]}
        for id, task in _tasks(job).items()
        if (children := array_at(task, "childJobs"))
    }
    return {**job, "tasks": {**object_at(job, "tasks"), **tasks}} if tasks else job


def _is_among(child: Json, ids: set[str]) -> bool:
    return is_object(child) and str(child.get("_id")) in ids


def _tasks(job: Mapping[str, object]) -> dict[str, JsonObject]:
    return {id: task for id, task in object_at(job, "tasks").items() if is_object(task)}


async def _children(
    services: Services, jobs: Sequence[JobHeader], known: dict[str, Pinned]
) -> dict[str, dict[str, IterationDocument]]:
    """The latest iterations of tasks that started child jobs, by job and task."""
    started = {
        iteration_id(job["_id"], id, job["tasks"][id].get("iteration", 0)): (job["_id"], id)
        for job in jobs
        if job["_id"] in known
        for id in child_tasks(known[job["_id"]].graph, job)
    }
    await services.jobs.outbox.wait_delivered(started)
    found = await iterations_of(list(started), fields("iteration", "children", "variables", SECRETS)) if started else []
    spawned = await _load_values(services, [object_at(one, "children") for one in found])
    outgoing = await _load_values(services, [object_at(object_at(one, "variables"), "outgoing") for one in found])
    children: dict[str, dict[str, IterationDocument]] = {}
    for one, its, given in zip(found, spawned, outgoing, strict=True):
        job_id, task_id = started[one["_id"]]
        incoming: JsonObject = {"workflow": object_at(object_at(one, "variables"), "incoming").get("workflow")}
        shown: TaskVariables = {"incoming": incoming, "outgoing": given}
        children.setdefault(job_id, {})[task_id] = {**one, "children": its, "variables": shown}
    return children


async def iterations_of(ids: list[str], wanted: Fields) -> list[IterationDocument]:
    """The stored iterations of these ids."""
    if len(ids) > MOST_ITERATIONS:
        raise AnswerTooLarge("iterations of tasks", MOST_ITERATIONS, "Ask for fewer jobs at a time.")
    return await read_all(collection_of(TaskIteration), {"_id": {"$in": ids}}, wanted.plus(VERSION_KEY), len(ids))


async def with_large_variables(services: Services, jobs: list[JobHeader]) -> list[JobHeader]:
    """The stored jobs, with the large values of their variables."""
    variables = [object_at(job, "variables") for job in jobs]
    whole = await _load_values(services, variables)
    return [{**job, "variables": own} if "variables" in job else job for job, own in zip(jobs, whole, strict=True)]


async def documented_iterations(services: Services, iterations: list[IterationDocument]) -> list[JsonObject]:
    """The iterations in their documented form, with the large values of their variables."""
    holding = [
        (variables, part, values)
        for one in iterations
        if is_object(variables := one.get("variables"))
        for part in PARTS
        if is_object(values := variables.get(part))
    ]
    whole = await _load_values(services, [values for _, _, values in holding])
    for (variables, part, _), values in zip(holding, whole, strict=True):
        variables[part] = values
    return [documented_iteration(one) for one in iterations]


async def _load_values(services: Services, several: list[JsonObject]) -> list[JsonObject]:
    return await load_values(several, services.jobs.large.load_all, services.large_answers)
