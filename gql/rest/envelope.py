"""`{message, data, metadata}`: the documented envelope, on success and on error."""

import orjson
from starlette.responses import Response

from ...models.errors import Problem
from ...models.json import Json, JsonObject
from ..errors import later
from .operations import Refused

# The documented system answers 500 to all of these but who may do what (rest-api facts, 1 and 9).
STATUS = {
    "NOT_SIGNED_IN": 401,
    "SIGN_IN_REFUSED": 401,
    "NOT_ALLOWED": 403,
    "NOT_YOURS_TO_GIVE": 403,
    "ORIGIN_REFUSED": 403,
    "HOST_REFUSED": 403,
    "TOO_MANY_ATTEMPTS": 429,
    "REQUEST_INVALID": 400,
    "GRAPHQL_REFUSED": 400,
    "GRAPHQL_VALUE_INVALID": 400,
    "WORKFLOW_NOT_FOUND": 404,
    "JOB_NOT_FOUND": 404,
    "TASK_NOT_FOUND": 404,
    "FORM_NOT_FOUND": 404,
    "IDEMPOTENCY_KEY_REUSED": 409,
    "AUTOMATION_NOT_FOUND": 404,
    "TRIGGER_NOT_FOUND": 404,
    "TRIGGER_CANNOT": 409,
    "INPUT_INVALID": 422,
    "NAME_TAKEN": 409,
    "NAME_AMBIGUOUS": 409,
    "PROJECT_NOT_FOUND": 404,
    "PROJECT_ROLE_FORBIDS": 403,
    "COMPONENT_NOT_FOUND": 404,
    "TEMPLATE_NOT_FOUND": 404,
    "TRANSFORMATION_NOT_FOUND": 404,
    "WORKFLOW_IS_DRAFT": 409,
    "JOB_STATUS_FORBIDS": 409,
    "JOB_NOT_DELETABLE": 409,
    "JOB_TOO_LONG": 409,
    "JOB_IS_FOREIGN": 409,
    "JOB_IS_NEWER": 409,
    "SECRETS_KEY_MISSING": 503,
    "SECRETS_BROKEN": 500,
    "TASK_CANNOT": 409,
    "TASK_NOT_WAITING": 409,
    "TASK_CLAIMED": 409,
    "TASK_NOT_ASSIGNABLE": 409,
    "CURSOR_LOST": 410,
    "VARIABLES_INVALID": 422,
    "ACCOUNT_NOT_FOUND": 404,
    "GROUP_NOT_FOUND": 404,
    "ROLE_NOT_FOUND": 404,
    "PART_NOT_FOUND": 404,
    "EVENT_NOT_FOUND": 404,
    "ROLE_IS_DEFAULT": 409,
    "ANSWER_INVALID": 422,
    "SEARCH_TOO_LONG": 422,
    "ANSWER_TOO_LARGE": 422,
    "TOO_SLOW": 429,
    "DATABASE_UNAVAILABLE": 503,
    "OVERLOADED": 503,
    "SHUTTING_DOWN": 503,
    "WORKERS_INACTIVE": 503,
    "PART_CANNOT": 409,
    "CALLER_GONE": 503,
}
ALWAYS = (
    "NOT_SIGNED_IN",
    "SIGN_IN_REFUSED",
    "NOT_ALLOWED",
    "NOT_YOURS_TO_GIVE",
    "PROJECT_ROLE_FORBIDS",
    "ORIGIN_REFUSED",
    "HOST_REFUSED",
    "TOO_MANY_ATTEMPTS",
    "DATABASE_UNAVAILABLE",
    "OVERLOADED",
    "SHUTTING_DOWN",
    "WORKERS_INACTIVE",
    "CALLER_GONE",
)


def enveloped(
    status: int, message: str, data: Json, metadata: JsonObject, headers: dict[str, str] | None = None
) -> Response:
    body = orjson.dumps({"message": message, "data": data, "metadata": metadata})
    return Response(body, status, headers, media_type="application/json")


def failed(trouble: Problem | Refused, *, vendor_status: bool) -> Response:
    """The same code and facts as at the GraphQL door, in `metadata`."""
    status = STATUS.get(trouble.code, 500)
    if vendor_status and trouble.code not in ALWAYS:
        status = 500
    facts: JsonObject = {"code": trouble.code, **trouble.facts}
    return enveloped(status, trouble.message, None, facts, later(facts))
