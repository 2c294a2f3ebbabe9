"""A job whose values cannot be read from the database any more: it ends in error, and holds up no other."""

from ...models.documents.event import job_event
from ...models.documents.moments import moment
from ...models.documents.progress import job_fields, read_state
from ...models.documents.shapes.jobs import JobHeader
from ...models.engine.graph import Graph
from ...models.engine.lifecycle import FINAL
from ...models.json import JsonObject
from ..store.jobs import epoch_of
from ..store.outbox import OUTBOX
from .running_job import Surroundings


class Unreadable(Exception):
    """The job is in error now; the message says why."""


async def end_unreadable(around: Surroundings, graph: Graph, job: JobHeader, reason: str) -> None:
    """Put a job of this process in error, or cancel it if somebody asked for that; what else was asked is dropped.

    Everything that it has stays as it is stored: restored values let it be continued.
    """
    store, asked = around.store, job.get("inbox", [])
    if OUTBOX in job:
        await store.deliver(job["_id"])
    at = around.clock.now()
    state = read_state(graph, {**job, "variables": {}}, {})
    if state.status not in FINAL:
        state.status = "canceled" if any(one["kind"] == "Canceled" for one in asked) else "error"
        state.end_time = at if state.status == "canceled" else None
        state.errors = [*state.errors, {"task": "job", "message": reason, "timestamp": at}]
    event = job_event(job, job["seq"] + 1, job["status"], state.status, [], moment(at))
    fields: JsonObject = {**job_fields(state, job, ("status", "error")), "event": event}
    seq, epoch = job["seq"], epoch_of(job)
    await store.commit(job["_id"], seq, epoch, fields, [], [one["id"] for one in asked])
    await around.feed.publish(event)
    await store.release(job["_id"], epoch)
