"""eventListenerJob: waits for something to happen elsewhere. The engine hears of nothing; a provider of ours does."""

from ...models.engine.outcomes import CallProvider, Outcome, TaskCall
from .task import built_in

INCOMING = {
    "source": "string: @itential/app-workflow_engine, the only source here",
    "topic": "string: jobStart, jobComplete, jobError, jobFix, jobPause, jobResume or jobCancel",
    "schema": "object: a JSON Schema that the event {job} must fit; left out: the next one will do",
}


@built_in("eventListenerJob", INCOMING, ("result",), type="operation", actor="job")
def event_listener_job(call: TaskCall) -> Outcome:
    """Wait for an event of any job since this task began, and give it."""
    return CallProvider()


TASKS = (event_listener_job,)
