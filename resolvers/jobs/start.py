"""Starts jobs, and finds the ones that were started."""

import logging
from collections.abc import Mapping, Sequence, Set
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import cast
from uuid import uuid4

from ...models.documents.moments import moment
from ...models.documents.new_job import JobRequest, job_document
from ...models.documents.shapes.jobs import JobHeader
from ...models.documents.state_version import STATE_VERSION, is_newer, version_of
from ...models.documents.stored import NotStorable
from ...models.documents.warnings import warnings_of
from ...models.engine.sizes import is_large_job
from ...models.engine.state import JobState, begin
from ...models.errors import (
    Fault,
    IdempotencyKeyReused,
    JobIsNewer,
    JobNotFound,
    Problem,
    cut,
)
from ...models.json import JsonObject
from ...models.visibility import Caller
from ..log_facts import about
from ..metrics import STARTS, STARTS_REFUSED
from ..runner.first_advance import advance_first
from ..search.batches import jobs_of
from ..search.documented import documented_jobs, with_large_variables
from ..search.projection import EVERYTHING, Fields
from ..services import Services
from ..store.errors import AlreadyStored
from ..tasks import forms
from ..templating.schema_checks import Aside
from ..threads import in_thread, in_thread_if_long
from ..traces import JOB, span, traceparent
from ..workflows import imports as workflows
from ..workflows.definitions import Pinned
from .admission import Arrival
from .start_refusals import check_may_start, check_request, check_startable, unstorable

LONGEST_LOGGED = 200  # characters of a name

log = logging.getLogger("jobyard")


async def start(services: Services, caller: Caller, request: JobRequest, arrival: Arrival) -> JsonObject:
    """Start a job; the job in its documented form, once it is durable.

    A repeated idempotency key returns the job that its first use started. Overloaded if too many starts are in
    progress, CallerGone if the caller closed the connection before the job was stored.
    """
    try:
        return await _start_in_place(services, caller, request, arrival)
    except Problem as refusal:
        name = cut(request.workflow, LONGEST_LOGGED)
        STARTS_REFUSED.labels(refusal.code).inc()
        log.info(
            "start of %r refused: %s", name, refusal.code,
            extra=about("start_refused", workflow=name, code=refusal.code, account=caller.account_id),
        )  # fmt: skip
        raise


async def _start_in_place(services: Services, caller: Caller, request: JobRequest, arrival: Arrival) -> JsonObject:
    place = await services.admission.acquire_place(arrival)
    try:
        if is_large_job(request.variables or {}):
            await place.take_large()
        job = await start_or_find(services, caller, request, arrival=arrival, aside=place.lend)
    except BaseException:
        place.release()
        raise
    arrival.started = True
    services.admission.release_after(place, services.runner.wait_first_save(job["_id"]))
    return await to_documented(services, caller, job)


async def start_or_find(
    services: Services,
    caller: Caller,
    request: JobRequest,
    job_id: str | None = None,
    arrival: Arrival | None = None,
    *,
    advanced: bool = True,
    aside: Aside = nullcontext,
) -> JobHeader:
    """The new job that this request starts, or the stored job that an earlier request with the same key started.

    Child jobs have a fixed `job_id`. With `advanced` the first step runs before the job is stored; a job whose first
    step may end the process is stored first. `aside` is entered around a long check of the variables.
    """
    with span("start job", begins=True) as started:
        if (place := traceparent()) is not None:
            request = replace(request, trace=place)
        job = await _start_or_find(services, caller, request, job_id, arrival, advanced=advanced, aside=aside)
        started.note(JOB, job["_id"])
    return job


async def _start_or_find(
    services: Services,
    caller: Caller,
    request: JobRequest,
    job_id: str | None,
    arrival: Arrival | None,
    *,
    advanced: bool,
    aside: Aside,
) -> JobHeader:
    check_request(request)
    earlier = await find_by_key(services, request)
    if earlier is not None:
        await services.runner.resume(earlier)  # the answer of the database to the insert may have been lost
        return earlier
    workflow = await workflows.find(request.workflow, caller, request.near, services.definitions.named.find)
    check_may_start(caller, workflow)
    faults = await check_startable(services, workflow, request, aside)
    pinned = await services.definitions.pin(workflow)
    unseen = await forms.find_missing(pinned.graph)
    making = partial(new_job, services, request, pinned, job_id or uuid4().hex[:24], faults, unseen)
    job, state = await (in_thread(making) if pinned.large else in_thread_if_long(making, request.variables))
    first = None
    if advanced:
        definition = await services.definitions.runnable(pinned, job["_id"])
        first = await advance_first(definition, job, state, services.jobs.owner)
    if arrival is not None:
        arrival.check_present()
    try:
        await services.runner.begin(job, first)
        _log_started(job, request)
    except AlreadyStored:
        existing = await find_concurrent(services, request, job["_id"])
        await services.runner.resume(existing)
        return existing
    except NotStorable as refusal:
        raise unstorable(refusal) from refusal
    return job


def _log_started(job: JobHeader, request: JobRequest) -> None:
    parent = job["parent"]["job"] if "parent" in job else None
    STARTS.labels("job" if parent else "caller").inc()
    name = cut(request.workflow, LONGEST_LOGGED)
    log.info(
        "job %s of %r started%s", job["_id"], name, f" by job {parent}" if parent else "",
        extra=about("job_started", job=job["_id"], workflow=name, account=request.account, parent=parent),
    )  # fmt: skip


async def find(services: Services, caller: Caller, job_id: str, wanted: Fields = EVERYTHING) -> JsonObject:
    """The job in its documented form, also a job of another program; JobNotFound for a job that the caller may not see.

    AnswerTooLarge if its large values, as far as they are wanted, do not fit into one answer.
    """
    if wanted == EVERYTHING:
        return await to_documented(services, caller, await find_stored(services, caller, job_id))
    for found in (await jobs_of(services, caller, [job_id], wanted)).values():
        return found
    raise JobNotFound(job_id)


async def find_stored(services: Services, caller: Caller, job_id: str) -> JobHeader:
    """The job as it is stored, with references to its large values. Every request for a job calls this function or
    `check_visible`.
    """
    found = await services.jobs.header(job_id, caller)
    if found is None:
        raise JobNotFound(job_id)
    return found


def check_known(job: Mapping[str, object]) -> None:
    """JobIsNewer for a job that a newer server stored: this server may read the job, and must not change it."""
    if is_newer(job):
        raise JobIsNewer(str(job["_id"]), version_of(job), STATE_VERSION)


async def check_visible(services: Services, caller: Caller, job_id: str) -> None:
    """JobNotFound for a job that does not exist or that the caller may not see."""
    if not await services.jobs.exists(job_id, caller):
        raise JobNotFound(job_id)


async def find_or_none(services: Services, caller: Caller, job_id: str) -> JsonObject | None:
    """The job in its documented form; None if it was deleted."""
    found = await services.jobs.header(job_id, caller)
    return None if found is None else await to_documented(services, caller, found)


async def to_documented(services: Services, caller: Caller, job: JobHeader, wanted: Fields = EVERYTHING) -> JsonObject:
    """The wanted fields of a stored job, in its documented form."""
    if "variables" in wanted:
        (whole,) = await with_large_variables(services, [{**job}])
    else:  # as a projection leaves it
        whole = cast(JobHeader, {key: value for key, value in job.items() if key != "variables"})
    (known,) = await documented_jobs(services, caller, [whole], wanted)
    return known


async def find_by_key(services: Services, request: JobRequest) -> JobHeader | None:
    """The job that this idempotency key started. IdempotencyKeyReused if its request was a different one."""
    if request.idempotency_key is None:
        return None
    found = await services.jobs.header_by_key(request.stored_key)
    if found is not None and found.get("idempotency", {}).get("request") != request.fingerprint:
        raise IdempotencyKeyReused(request.idempotency_key, found["_id"])
    return found


async def find_concurrent(services: Services, request: JobRequest, job_id: str) -> JobHeader:
    """The job that a concurrent request stored: with the same idempotency key, or the same child job."""
    found = await find_by_key(services, request) or await services.jobs.find(job_id, opened=True)
    if found is None:
        raise JobNotFound(job_id)
    return found


def new_job(
    services: Services,
    request: JobRequest,
    pinned: Pinned,
    job_id: str,
    faults: Sequence[Fault] = (),
    missing_forms: Set[str] = frozenset(),
) -> tuple[JobHeader, JobState]:
    """The header of a new job, and the engine's state of it."""
    at = services.clock.now()
    variables = {**(request.variables or {}), "_id": job_id, "initiator": request.initiator}
    state = begin(pinned.graph, job_id=job_id, variables=variables, description=request.description, at=at)
    warnings = warnings_of(pinned.workflow, pinned.graph, services.provides, missing_forms, pinned.doubts)
    try:
        document = job_document(
            request, pinned.workflow, pinned.version, state, moment(at), warnings=warnings, faults=faults
        )
    except NotStorable as refusal:
        raise unstorable(refusal) from refusal
    return document, state
