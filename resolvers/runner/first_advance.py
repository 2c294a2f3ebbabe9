"""The first advance of a new job, made before the job is stored: a start is one write, and not two in a row."""

import asyncio
from dataclasses import dataclass, replace

from ...models.documents.event import job_event
from ...models.documents.moments import moment
from ...models.documents.progress import Stamp, amended, changed_entries, changed_iterations, job_fields
from ...models.documents.shapes.jobs import JobHeader
from ...models.documents.shapes.tasks import IterationDocument
from ...models.documents.stored import NotStorable
from ...models.engine.advance import apply_all, is_brief
from ...models.engine.definition import Definition
from ...models.engine.events import Resumed
from ...models.engine.sizes import is_large
from ...models.engine.state import JobState
from ...models.secrets.concealing import concealing
from ...models.secrets.finding import find_secrets, keeps_secrets
from ..threads import in_author_threads

LONGEST = 0.1  # seconds that a caller waits for more than the start itself


@dataclass(frozen=True)
class FirstAdvance:
    """The header of the new job as it is to be stored, the iterations that follow from it, and what a runner goes on
    with.
    """

    header: JobHeader
    iterations: list[IterationDocument]
    definition: Definition
    state: JobState


async def advance_first(definition: Definition, header: JobHeader, state: JobState, server: str) -> FirstAdvance | None:
    """Advance a job that is not stored yet; `state` is used up.

    None for one that is to be stored as it was begun, and advanced by its runner: its first step takes longer than
    anybody should wait for a start, or produces what the database cannot hold.
    """
    if is_brief(definition, state, (Resumed(),)):
        return _advance(definition, header, state, server)
    if is_large(state):
        return None  # its runner takes one such step at a time
    # In a thread: what an author wrote may take its time, and the other jobs, leases and requests go on.
    step = asyncio.ensure_future(in_author_threads(_advance, definition, header, state, server))
    await asyncio.wait((step,), timeout=LONGEST)
    if step.done():
        return step.result()
    step.cancel()  # where no thread was free, none begins it any more; the runner makes it anew
    return None


def _advance(definition: Definition, header: JobHeader, state: JobState, server: str) -> FirstAdvance | None:
    at = state.start_time
    definition = replace(definition, conceal=concealing(lambda: header, definition.graph))
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
    event = job_event(header, stamp.seq, header["status"], state.status, list(changes.told), stamp.at)
    fields |= {**changed_entries(state, changes, stamp), "seq": stamp.seq, "event": event}
    return FirstAdvance(amended(header, fields), iterations, definition, state)
