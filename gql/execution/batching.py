"""Batches: several operations in one request, as an array. Checks the shape and the total cost of a batch."""

from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, OperationType
from strawberry.http import GraphQLRequestData

from ...models.errors import Problem, RequestRefused
from ...models.json import is_object
from ..context import Context, Loaders
from ..errors import translate
from ..schema import JobyardSchema
from .documents import OperationInvalid
from .limits import MOST_COST
from .persisted import Persisted

MOST_BATCHED = 20


@dataclass(frozen=True)
class Entry:
    """An operation of a batch, with the context for its execution, or with the errors of a refused operation."""

    data: GraphQLRequestData
    context: Context | None
    errors: list[GraphQLError]


def check_batch(requests: list[Any]) -> str | None:
    """The fault in the shape of a batch, or None."""
    if not 0 < len(requests) <= MOST_BATCHED:
        return (
            f"A batch has 1 to {MOST_BATCHED} operations, and this batch has {len(requests)}. Send the rest in "
            "another batch."
        )
    for at, request in enumerate(requests):
        if not is_object(request):
            return f"Operation {at} of the batch must be a JSON object with `query`, `variables` and `operationName`."
        if not isinstance(request.get("query"), str | None):
            return f"The `query` of operation {at} of the batch must be a string or null, if provided."
        for name in ("variables", "extensions"):
            if request.get(name) is not None and not is_object(request[name]):
                return f"The `{name}` of operation {at} of the batch must be an object or null, if provided."
    return None


async def read_batch(
    schema: JobyardSchema, persisted: Persisted, requests: list[GraphQLRequestData], context: Context
) -> list[Entry]:
    """Reads every operation before the first is executed. OperationInvalid where the total cost is too high."""
    entries = [await _read(schema, persisted, data, context) for data in requests]
    total = sum(
        entry.context["cost"].total for entry in entries if entry.context is not None and "cost" in entry.context
    )
    if total > MOST_COST:
        message = (
            f"The operations of this batch cost {total:,} together; the limit is {MOST_COST:,}. Send fewer "
            "operations at a time, or ask for smaller pages."
        )
        error = GraphQLError(message, extensions={"cost": total, "limit": MOST_COST})
        raise OperationInvalid([translate(error)])
    return entries


async def _read(schema: JobyardSchema, persisted: Persisted, data: GraphQLRequestData, context: Context) -> Entry:
    """An entry has loaders of its own: an operation sees the changes of the operations before it."""
    try:
        operation_text = persisted.text_of(data.query, data.extensions, context["caller"])
        data.query, data.protocol = operation_text.text, "http"
        operation = await schema.read(data.query, data.operation_name, context)
        persisted.store(operation_text)
        if operation.kind is OperationType.SUBSCRIPTION:
            raise RequestRefused(
                "A batch must not contain a subscription, since a batch gets one answer. Send the subscription alone."
            )
        own: Context = {**context, "operation": operation, "loaders": Loaders(context["services"], context["caller"])}
        return Entry(data, schema.add_cost(own, data.variables), [])
    except OperationInvalid as invalid:
        return Entry(data, None, invalid.errors)
    except Problem as problem:
        return Entry(data, None, [translate(GraphQLError(problem.message, original_error=problem))])
