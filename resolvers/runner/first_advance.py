"""The first advance of a new job is made before the job is stored, so that a start is one write."""

import asyncio
from dataclasses import dataclass, replace

from ...models.documents.event import job_event
from ...models.documents.moments import moment
from ...models.documents.progress import Stamp, changed_entries, changed_iterations, job_fields, with_fields
from ...models.documents.shapes.jobs import JobHeader
from ...models.documents.shapes.tasks import IterationDocument
from ...models.documents.stored import NotStorable
from ...models.engine.advance import apply_all, is_brief
from ...models.engine.definition import Definition
from ...models.engine.events import Resumed
from ...models.engine.sizes import is_large
from ...models.engine.state import JobState
from ...models.secrets.error_masking import error_mask
from ...models.secrets.finding import find_secrets, keeps_secrets
from ..threads import in_author_threads
from ..traces import JOB, span

LONGEST = 0.1  # seconds that a caller waits for the first step


@dataclass(frozen=True)
class FirstAdvance:
    """The header of the new job as it is to be stored, the iterations that follow from it, and the runner's state."""

    header: JobHeader
    iterations: list[IterationDocument]
    definition: Definition
    state: JobState


async def advance_first(definition: Definition, header: JobHeader, state: JobState, server: str) -> FirstAdvance | None:
    """Advance a job that is not stored yet. The caller must not use `state` afterwards.

    None if the runner has to make the first advance after the job is stored: the step takes longer than LONGEST, or its
    result does not fit into the database.
    """
    with span("advance", {JOB: state.job_id}):
        return await _advance_in_time(definition, header, state, server)


async def _advance_in_time(
    definition: Definition, header: JobHeader, state: JobState, server: str
) -> FirstAdvance | None:
    if is_brief(definition, state, (Resumed(),)):
        return _advance(definition, header, state, server)
    if is_large(state):
        return None  # the runner makes such steps one at a time
    # In a thread: a step may take long, and the other jobs, leases and requests must go on.
    step = asyncio.ensure_future(in_author_threads(_advance, definition, header, state, server))
    await asyncio.wait((step,), timeout=LONGEST)
    if step.done():
        return step.result()
    step.cancel()  # a thread may still be at it; its result is dropped, and the runner repeats the step
    return None


def _advance(definition: Definition, header: JobHeader, state: JobState, server: str) -> FirstAdvance | None:
    at = state.start_time
    definition = replace(definition, mask=error_mask(lambda: header, definition.graph))
    changes = apply_all(definition, state, (Resumed(),), at)
    if not changes:
        return FirstAdvance(header, [], definition, state)
    stamp = Stamp(moment(at), server, 1)
    finder = None
    if keeps_secrets(header, definition.graph):
        header, finder = find_secrets(header, definition.graph, state, changes)
    try:
        fields = job_fields(state, header, changes.fields, finder)
        iterations = changed_iterations(definition.graph, state, header, changes, stamp, finder)
    except NotStorable:
        return None
    event = job_event(header, stamp.seq, header["status"], state.status, list(changes.task_changes), stamp.at)
    fields |= {**changed_entries(state, changes, stamp), "seq": stamp.seq, "event": event}
    return FirstAdvance(with_fields(header, fields), iterations, definition, state)
