"""Executes an operation that is read, valid and priced, without what Strawberry prepares for extensions.

Strawberry's own way does the same, and JOBYARD_EXECUTOR=reference takes it.
"""

from inspect import isawaitable
from typing import Any

from graphql import GraphQLError, GraphQLSchema
from graphql import execute as _untyped  # pyright: ignore[reportUnknownVariableType] -- its types are partial
from strawberry.execution import optimized_is_awaitable
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from ..context import Context
from .executor import Executor

_execute: Any = _untyped  # pyright: ignore[reportUnknownVariableType] -- as above


async def run(schema: GraphQLSchema, context: Context, variables: dict[str, Any] | None) -> ExecutionResult:
    """The answer to the operation of the context."""
    assert "operation" in context
    operation = context["operation"]
    name = operation.definition.name
    try:
        found = _execute(
            schema,
            operation.document,
            context_value=context,
            variable_values=variables,
            operation_name=None if name is None else name.value,
            executor_class=Executor,
            is_awaitable=optimized_is_awaitable,
        )
        result = await found if isawaitable(found) else found
    except Exception as fault:  # an edge: whatever the library raises is an error of the answer
        error = fault if isinstance(fault, GraphQLError) else GraphQLError(str(fault), original_error=fault)
        return PreExecutionError(None, [error])
    return ExecutionResult(result.data, result.errors)
