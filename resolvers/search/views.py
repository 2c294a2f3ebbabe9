"""Views by `include`, `exclude` and `dereference`: the shown fields, and documents in place of references.

Jobs stand under `parent.job` and `job`, iterations inside of their tasks, all without variables
(reference/rest-api.md#jobs and #tasks). A reference without a target stays, as references to accounts do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...models.documents.documented import documented_iteration, select_paths
from ...models.json import Json, JsonObject, array_at, is_object, object_at
from ...models.visibility import Caller, may_see
from ..services import Services
from . import conditions
from .batches import jobs_of
from .documented import iterations_of
from .projection import EVERYTHING, WITHOUT_VARIABLES, Fields, is_key, top_level

MOST_PATHS = 100


@dataclass(frozen=True)
class View:
    """Dotted paths of fields to include, fields to exclude, and references to resolve."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    dereference: tuple[str, ...] = ()

    @property
    def fields(self) -> Fields:
        """The fields to read for the view."""
        shown = top_level(self.include) if self.include else EVERYTHING
        return shown.minus(*(path for path in self.exclude if "." not in path and path != "_id" and is_key(path)))


def view_of(include: Sequence[Json] | None, exclude: Sequence[Json] | None, dereference: Sequence[Json] | None) -> View:
    return View(
        conditions.texts(include or (), "/include", MOST_PATHS),
        conditions.texts(exclude or (), "/exclude", MOST_PATHS),
        conditions.texts(dereference or (), "/dereference", MOST_PATHS),
    )


async def view_jobs(services: Services, caller: Caller, jobs: list[JsonObject], view: View) -> list[JsonObject]:
    """The view of jobs in their documented form."""
    if "tasks" in view.dereference and "tasks" in view.fields:
        jobs = await _with_iterations(services, caller, jobs)
    if "parent" in view.dereference and "parent" in view.fields:
        parents = await jobs_of(
            services, caller, _ids(object_at(job, "parent").get("job") for job in jobs), WITHOUT_VARIABLES
        )
        jobs = [_with_parent(job, parents) for job in jobs]
    return [select_paths(job, view.include, view.exclude) for job in jobs]


async def view_iterations(
    services: Services, caller: Caller, iterations: list[JsonObject], view: View
) -> list[JsonObject]:
    """The view of iterations in their documented form."""
    if "job" in view.dereference and "job" in view.fields:
        jobs = await jobs_of(
            services, caller, _ids(object_at(one, "job").get("_id") for one in iterations), WITHOUT_VARIABLES
        )
        iterations = [
            {**one, "job": {**job, **jobs.get(str(job.get("_id")), {})}} if is_object(job := one.get("job")) else one
            for one in iterations
        ]
    return [select_paths(one, view.include, view.exclude) for one in iterations]


async def _with_iterations(services: Services, caller: Caller, jobs: list[JsonObject]) -> list[JsonObject]:
    latest = {
        iterations[-1]: (index, id)
        for index, job in enumerate(jobs)
        for id, task in object_at(job, "tasks").items()
        if is_object(task) and (iterations := array_at(task, "iterations")) and isinstance(iterations[-1], str)
    }
    await services.jobs.outbox.wait_delivered(latest)
    found = {
        one["_id"]: documented_iteration(one)
        for one in await iterations_of(list(latest), WITHOUT_VARIABLES)
        if may_see(caller, one.get("groups"))
    }
    jobs = [{**job, "tasks": dict(object_at(job, "tasks"))} if "tasks" in job else job for job in jobs]
    for iteration, (index, id) in latest.items():
        tasks = object_at(jobs[index], "tasks")
        tasks[id] = {**object_at(tasks, id), **found.get(iteration, {})}
    return jobs


def _with_parent(job: JsonObject, parents: dict[str, JsonObject]) -> JsonObject:
    parent = object_at(job, "parent")
    other = parents.get(str(parent.get("job")))
    return job if other is None else {**job, "parent": {**parent, "job": other}}


def _ids(values: Iterable[Json]) -> list[str]:
    """Of other programs, too: what is no id names nothing."""
    return [str(value) for value in dict.fromkeys(one for one in values if not isinstance(one, list | dict)) if value]
