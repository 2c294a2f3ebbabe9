"""Trouble as GraphQL shows it: expected trouble with its code and facts, the unexpected as an id of the log alone."""

import logging
from secrets import token_hex

from graphql import GraphQLError

from ..models.errors import Problem

log = logging.getLogger("jobyard")


def translated(error: GraphQLError) -> GraphQLError:
    """`extensions.code` names what happened; a client may act on it."""
    original = error.original_error
    while isinstance(original, GraphQLError):  # a resolver that re-raises what graphql-core wrapped
        original = original.original_error
    if isinstance(original, Problem):
        return _with(error, original.message, {"code": original.code, **original.facts})
    if original is None:
        code = "GRAPHQL_REFUSED" if error.path is None else "GRAPHQL_VALUE_INVALID"
        return _with(error, error.message, {"code": code, **(error.extensions or {})})
    id = token_hex(8)
    log.error("unexpected error %s at %s", id, error.path, exc_info=original)
    message = f"Something went wrong here, and it is not your request. The server's log has it under {id}."
    return _with(error, message, {"code": "INTERNAL_ERROR", "errorId": id})


def _with(error: GraphQLError, message: str, extensions: dict[str, object]) -> GraphQLError:
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )
