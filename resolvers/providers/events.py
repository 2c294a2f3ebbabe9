"""WorkFlowEngine.eventListenerJob: the next event of a job that fits, since the task began."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from ...models.documents.event import SOURCE, TOPICS
from ...models.documents.shapes.events import JobEventDocument
from ...models.engine.events import ProviderCall
from ...models.engine.outcomes import Finish
from ...models.errors import Fault
from ...models.json import JsonObject, object_at, text_at
from ...models.schemas.checking import SchemaBroken, check
from ..runner.protocol import Perform

# The events of all jobs stored since a moment (epoch milliseconds), then live.
EventsSince = Callable[[int], AsyncGenerator[JobEventDocument]]
# A job in its documented form, for the job that listens; None where it was deleted, or who started that may not see it.
FindJob = Callable[[str, str], Awaitable[JsonObject | None]]


def event_listener(events_since: EventsSince, find_job: FindJob) -> Perform:
    async def listen(call: ProviderCall) -> Finish:
        source, topic = text_at(call.incoming, "source"), text_at(call.incoming, "topic")
        if source != SOURCE or topic not in TOPICS:
            told = f"There are no events '{topic}' of '{source}' here: the source is {SOURCE}, "
            return Finish("error", error=f"{told}its topics are {', '.join(TOPICS)}.")
        schema = object_at(call.incoming, "schema")
        async with aclosing(events_since(call.started)) as events:
            async for event in events:
                if event.get("topic") != topic or event["job"] == call.job_id:
                    continue
                job = await find_job(event["job"], call.job_id)
                try:
                    if job is not None and _fits(schema, {"job": job}):
                        return Finish("success", {"result": {"job": job}})
                except SchemaBroken as broken:
                    return Finish("error", error=f"'schema' cannot be applied: {broken.message}")
        return Finish("error", error="The events came to an end.")

    return listen


def _fits(schema: JsonObject, event: JsonObject) -> bool:
    faults: list[Fault] = []
    check(schema, event, faults)
    return not faults
