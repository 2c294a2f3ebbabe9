"""restCall: a request to another system. The engine has no network; a provider of ours sends it."""

from ...models.engine.outcomes import CallProvider, Outcome, TaskCall
from .task import built_in


@built_in("restCall", ("uri", "verb", "user", "password", "headers", "body", "responseHeaders"), ("response",))
def rest_call(call: TaskCall) -> Outcome:
    """Send an HTTP request and give what was answered: the parsed body, or {body, headers} with responseHeaders."""
    return CallProvider()


TASKS = (rest_call,)
