"""Answers of operations that are refused before they are executed."""

import orjson
from graphql import GraphQLError
from starlette.responses import Response
from strawberry.http import GraphQLHTTPResponse
from strawberry.types.execution import PreExecutionError

from ...models.errors import (
    DatabaseUnavailable,
    DocumentNotTrusted,
    NotSignedIn,
    OperationTooLarge,
    Problem,
    RequestRefused,
    SubscriptionUnstreamed,
)
from ...models.json import JsonObject, array_at, is_object, object_at
from ..errors import translate

STATUS = {  # of operations refused before execution; the media type decides the status of other errors
    kind.code: kind.status
    for kind in (
        NotSignedIn,
        OperationTooLarge,
        SubscriptionUnstreamed,
        RequestRefused,
        DocumentNotTrusted,
        DatabaseUnavailable,
    )
}


def refuse_before_execution(problem: Problem) -> PreExecutionError:
    """The result of an operation that is refused before it is executed."""
    return PreExecutionError(None, [translate(GraphQLError(problem.message, original_error=problem))])


def facts_of_refusal(answers: GraphQLHTTPResponse | list[GraphQLHTTPResponse]) -> JsonObject | None:
    """The facts of the first error, with its code, of an answer without execution; None for any other answer.

    Of a batch: the facts of DatabaseUnavailable, where all operations of the batch have that error.
    """
    if not isinstance(answers, list):
        return None if "data" in answers else _facts_of(answers)
    facts = [_facts_of(answer) for answer in answers if "data" not in answer]
    unavailable = len(facts) == len(answers) and all(each.get("code") == DatabaseUnavailable.code for each in facts)
    return facts[0] if unavailable else None


def _facts_of(answer: object) -> JsonObject:
    errors = array_at(answer, "errors") if is_object(answer) else []
    return object_at(errors[0], "extensions") if errors and is_object(errors[0]) else {}


def answer_bad_request(message: str, status: int) -> Response:
    """A GraphQL answer to a malformed HTTP request."""
    body = {"errors": [{"message": message, "extensions": {"code": RequestRefused.code}}]}
    return Response(orjson.dumps(body), status, media_type="application/json")
