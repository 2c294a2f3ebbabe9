"""`{message, data, metadata}`: the documented envelope, on success and on error."""

from collections.abc import Mapping
from typing import Final

import orjson
from starlette.responses import Response

from ...models.errors import PROBLEMS, Problem
from ...models.json import Json, JsonObject
from ..errors import retry_after
from .operations import Refused

STATUS: Final = {kind.code: kind.status for kind in PROBLEMS.values() if kind.rest}
# The documented system returns 500 for all errors but those of authorization (reference/rest-api.md#statuses). With
# `--vendor-status`, errors of authorization and errors that a repeated request may avoid still keep their status.
UNCHANGED_STATUS: Final = frozenset(kind.code for kind in PROBLEMS.values() if kind.status in (401, 403) or kind.retry)


def envelope_response(
    status: int, message: str, data: Json, metadata: Mapping[str, object], headers: dict[str, str] | None = None
) -> Response:
    body = orjson.dumps({"message": message, "data": data, "metadata": metadata})
    return Response(body, status, headers, media_type="application/json")


def error_response(error: Problem | Refused, *, vendor_status: bool) -> Response:
    """The error in the envelope: `metadata` has the same code and facts as the GraphQL error."""
    status = STATUS[error.code]
    if vendor_status and error.code not in UNCHANGED_STATUS:
        status = 500
    facts: JsonObject = {"code": error.code, **error.facts}
    return envelope_response(status, error.message, None, facts, retry_after(facts))
