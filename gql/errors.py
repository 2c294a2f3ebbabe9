"""Maps exceptions to GraphQL errors: domain errors keep code and facts; anything else becomes an id of the log."""

import logging
from secrets import token_hex

from graphql import GraphQLError

from ..models.errors import InternalError, OperationRefused, Problem, TooManyAttempts, ValueRefused, cut
from ..models.json import JsonObject
from ..resolvers.log_facts import about
from ..resolvers.store.errors import trace
from ..resolvers.store.outage import unavailable

log = logging.getLogger("jobyard")

LONGEST_MESSAGE = 250  # characters, of what the library says: it repeats names and values of the request
LONGEST_FACT = 200


def later(facts: JsonObject) -> dict[str, str]:
    """The header that says after how many seconds to come again, of an error that says so."""
    seconds = facts.get("seconds") if facts.get("code") == TooManyAttempts.code else facts.get("retryAfter")
    return {} if seconds is None else {"retry-after": str(seconds)}


def translated(error: GraphQLError, *, changes: bool = False) -> GraphQLError:
    """`extensions.code` names what happened; a client may act on it. `changes` says that it is about a mutation."""
    original = error.original_error
    while isinstance(original, GraphQLError):  # a resolver that re-raises what graphql-core wrapped
        original = original.original_error
    problem = None if original is None else unavailable(original, changes=changes)
    original = problem or original
    if isinstance(original, Problem):
        message, facts = _bounded(original)
        return _with(error, message, {"code": original.code, **facts})
    if original is None:
        code = OperationRefused.code if error.path is None else ValueRefused.code
        message = cut(error.message, LONGEST_MESSAGE)
        return _with(error, message, {"code": code, **(error.extensions or {})})
    id = token_hex(8)
    log.error(
        "unexpected error %s at %s\n%s", id, error.path, trace(original), extra=about("unexpected_error", error=id)
    )
    message = f"Something went wrong here, and it is not your request. The server's log has it under {id}."
    return _with(error, message, {"code": InternalError.code, "errorId": id})


def _bounded(problem: Problem) -> tuple[str, JsonObject]:
    """Message and facts without repeating what is longer than any name or id."""
    message, facts = problem.message, dict(problem.facts)
    for name, value in facts.items():
        if isinstance(value, str) and len(value) > LONGEST_FACT:
            facts[name] = cut(value, LONGEST_FACT)
            message = message.replace(value, cut(value, LONGEST_FACT))
    return message, facts


def _with(error: GraphQLError, message: str, extensions: dict[str, object]) -> GraphQLError:
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )
