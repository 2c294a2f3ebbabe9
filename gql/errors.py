"""Maps exceptions to GraphQL errors: domain errors keep code and facts; any other exception becomes the id of a log
line.
"""

import logging
from secrets import token_hex

from graphql import GraphQLError

from ..models.errors import InternalError, OperationRefused, Problem, TooManyAttempts, ValueRefused, cut
from ..models.json import JsonObject
from ..resolvers.log_facts import about
from ..resolvers.store.errors import trace
from ..resolvers.store.outage import unavailable
from .locations import locate

log = logging.getLogger("jobyard")

LONGEST_MESSAGE = 250  # characters; messages of graphql-core repeat names and values of the request
LONGEST_FACT = 200


def retry_after(facts: JsonObject) -> dict[str, str]:
    """The header Retry-After, in seconds, where the facts of an error have such a time."""
    seconds = facts.get("seconds") if facts.get("code") == TooManyAttempts.code else facts.get("retryAfter")
    return {} if seconds is None else {"retry-after": str(seconds)}


def translate(error: GraphQLError, *, changes: bool = False) -> GraphQLError:
    """The error with a stable `extensions.code` that clients may act on. `changes`: the operation is a mutation."""
    original = error.original_error
    while isinstance(original, GraphQLError):  # a resolver that raises a wrapped error again
        original = original.original_error
    problem = None if original is None else unavailable(original, changes=changes)
    original = problem or original
    if isinstance(original, Problem):
        # Nobody reads the trace of a refusal, and its frames hold what was read before it.
        original.__traceback__ = error.__traceback__ = None
        message, facts = _shorten_facts(original)
        return _graphql_error(error, message, {"code": original.code, **facts})
    if original is None:
        code = OperationRefused.code if error.path is None else ValueRefused.code
        message = cut(error.message, LONGEST_MESSAGE)
        return _graphql_error(error, message, {"code": code, **(error.extensions or {})})
    id = token_hex(8)
    log.error(
        "unexpected error %s at %s\n%s", id, error.path, trace(original), extra=about("unexpected_error", error=id)
    )
    message = f"Something went wrong here, and it is not your request. The server's log has it under {id}."
    return _graphql_error(error, message, {"code": InternalError.code, "errorId": id})


def _shorten_facts(problem: Problem) -> tuple[str, JsonObject]:
    """Message and facts, with values that are longer than any name or id cut."""
    message, facts = problem.message, dict(problem.facts)
    for name, value in facts.items():
        if isinstance(value, str) and len(value) > LONGEST_FACT:
            facts[name] = cut(value, LONGEST_FACT)
            message = message.replace(value, cut(value, LONGEST_FACT))
    return message, facts


def _graphql_error(error: GraphQLError, message: str, extensions: dict[str, object]) -> GraphQLError:
    return locate(
        GraphQLError(
            message,
            nodes=error.nodes,
            source=error.source,
            positions=error.positions,
            path=error.path,
            extensions=extensions,
        )
    )
