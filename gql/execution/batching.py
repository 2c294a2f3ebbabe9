"""Several operations in one request, as an array: a batch. What it may hold, and what all of it may cost."""

from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, OperationType
from strawberry.http import GraphQLRequestData

from ...models.errors import Problem, RequestRefused
from ...models.json import is_object
from ..context import Context, Loaders
from ..errors import translate
from ..schema import JobyardSchema
from .documents import Unread
from .limits import MOST_COST
from .persisted import Persisted

MOST_BATCHED = 20


@dataclass(frozen=True)
class Entry:
    """An operation of a batch: what it is executed with, or why it is not."""

    data: GraphQLRequestData
    context: Context | None
    errors: list[GraphQLError]


def check_batch(requests: list[Any]) -> str | None:
    """What is wrong with the shape of a batch, if anything is."""
    if not 0 < len(requests) <= MOST_BATCHED:
        return (
            f"A batch has 1 to {MOST_BATCHED} operations, and this one has {len(requests)}. Send the rest in another."
        )
    for at, one in enumerate(requests):
        if not is_object(one):
            return f"Operation {at} of the batch must be a JSON object with `query`, `variables` and `operationName`."
        if not isinstance(one.get("query"), str | None):
            return f"The `query` of operation {at} of the batch must be a string or null, if provided."
        for name in ("variables", "extensions"):
            if one.get(name) is not None and not is_object(one[name]):
                return f"The `{name}` of operation {at} of the batch must be an object or null, if provided."
    return None


async def read_batch(
    schema: JobyardSchema, persisted: Persisted, requests: list[GraphQLRequestData], context: Context
) -> list[Entry]:
    """Every operation, read before any of them is executed. Unread where all of them cost too much together."""
    entries = [await _read(schema, persisted, data, context) for data in requests]
    total = sum(one.context["cost"].total for one in entries if one.context is not None and "cost" in one.context)
    if total > MOST_COST:
        message = (
            f"The operations of this batch cost {total:,} together; the limit is {MOST_COST:,}. Send fewer at a time, "
            "or ask for smaller pages."
        )
        error = GraphQLError(message, extensions={"cost": total, "limit": MOST_COST})
        raise Unread([translate(error)])
    return entries


async def _read(schema: JobyardSchema, persisted: Persisted, data: GraphQLRequestData, context: Context) -> Entry:
    """Each reads anew: what an earlier one changed, a later one sees."""
    try:
        given = persisted.text_of(data.query, data.extensions, context["caller"])
        data.query, data.protocol = given.text, "http"
        operation = await schema.read(data.query, data.operation_name, context)
        persisted.keep(given)
        if operation.kind is OperationType.SUBSCRIPTION:
            raise RequestRefused("A batch holds no subscription: it is answered once. Ask for the subscription alone.")
        own: Context = {**context, "operation": operation, "loaders": Loaders(context["services"], context["caller"])}
        return Entry(data, schema.checked(own, data.variables), [])
    except Unread as unread:
        return Entry(data, None, unread.errors)
    except Problem as problem:
        return Entry(data, None, [translate(GraphQLError(problem.message, original_error=problem))])
