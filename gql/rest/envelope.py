"""`{message, data, metadata}`: the documented envelope, on success and on error."""

from typing import Final

import orjson
from starlette.responses import Response

from ...models.errors import PROBLEMS, Problem
from ...models.json import Json, JsonObject
from ..errors import retry_after
from .operations import Refused

STATUS: Final = {kind.code: kind.status for kind in PROBLEMS.values() if kind.rest}
# The documented system answers 500 to all of these but who may do what (rest-api facts, 1 and 9). What says so, or that
# the same request may succeed later, keeps its status also in place of the documented ones.
KEPT: Final = frozenset(kind.code for kind in PROBLEMS.values() if kind.status in (401, 403) or kind.retry)


def enveloped(
    status: int, message: str, data: Json, metadata: JsonObject, headers: dict[str, str] | None = None
) -> Response:
    body = orjson.dumps({"message": message, "data": data, "metadata": metadata})
    return Response(body, status, headers, media_type="application/json")


def failed(trouble: Problem | Refused, *, vendor_status: bool) -> Response:
    """The same code and facts as at the GraphQL door, in `metadata`."""
    status = STATUS[trouble.code]
    if vendor_status and trouble.code not in KEPT:
        status = 500
    facts: JsonObject = {"code": trouble.code, **trouble.facts}
    return enveloped(status, trouble.message, None, facts, retry_after(facts))
