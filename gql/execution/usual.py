"""The usual request: a POST of one operation as JSON that is answered as JSON. Strawberry reads any other."""

import orjson
from starlette.requests import Request
from strawberry.http import GraphQLRequestData

from ...models.json import Json, is_object
from ...models.json_text import LARGEST_AT_ONCE
from ..http.negotiation import JSON, negotiate
from .executor import Executor


async def read_usual(request: Request) -> GraphQLRequestData | None:
    """None for a request that is unusual in any way, or wrong; its body can be read again."""
    scope = request.scope
    if scope["method"] != "POST" or scope["query_string"] or Executor.is_reference(request.app.state.services.settings):
        return None
    accepted = negotiate(request.headers.getlist("accept"))
    if (accepted.protocol, accepted.protocol_of_subscriptions) != ("http", "http"):
        return None
    if request.headers.getlist("content-type") != [JSON]:
        return None
    return _parse(await request.body())


def _parse(body: bytes) -> GraphQLRequestData | None:
    if len(body) > LARGEST_AT_ONCE:
        return None
    try:
        sent: Json = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if not is_object(sent):
        return None
    query, variables, name, extensions = map(sent.get, ("query", "variables", "operationName", "extensions"))
    if not isinstance(query, str) or not (name is None or isinstance(name, str)):
        return None
    if not (variables is None or is_object(variables)) or not (extensions is None or is_object(extensions)):
        return None
    return GraphQLRequestData(query, variables, name, extensions)
