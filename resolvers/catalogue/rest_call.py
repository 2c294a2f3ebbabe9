"""restCall: a request to another system. The engine has no network; a provider of ours sends it."""

from ...models.engine.outcomes import CallProvider, Outcome, TaskCall
from .task import built_in

INCOMING = {
    "uri": "string: an http or https address",
    "verb": "string: GET, POST, PUT, PATCH or DELETE",
    "user": "string: for Basic authentication; may be left out",
    "password": "string: for Basic authentication",
    "headers": "object: header values by name; may be left out",
    "body": "any: text as it is, anything else as JSON, or as a form where the content type says so",
    "responseHeaders": "boolean: whether the response is {body, headers}",
}


@built_in("restCall", INCOMING, ("response",))
def rest_call(call: TaskCall) -> Outcome:
    """Send an HTTP request and give what was answered: the parsed body, or {body, headers} with responseHeaders."""
    return CallProvider()


TASKS = (rest_call,)
