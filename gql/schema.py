"""The schema: one for the GraphQL door, the REST door, and schema.graphql."""

from collections.abc import Iterator
from contextlib import aclosing
from typing import Any

import strawberry
from graphql import FieldNode, GraphQLError, OperationType
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StreamResult
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.execution import PreExecutionError

from ..models.engine.sizes import is_within, takes_long
from ..models.errors import AnswerTooLarge, DatabaseUnavailable, Problem
from ..models.json import Json
from ..models.visibility import ANONYMOUS
from ..resolvers.jobs.admission import Arrival, Closing
from ..resolvers.metrics import OPERATIONS
from ..resolvers.search.large_answers import end_budget
from ..resolvers.threads import in_thread
from .context import Context, refresh_caller
from .errors import translated
from .execution.documents import Documents, Operation, Unread, read
from .execution.executor import Executor
from .execution.limits import Cost, check_values
from .roots import Mutation, Query, Subscription
from .scalars import SCALARS

LARGEST_ANSWER = 64 * 1024 * 1024  # characters as JSON, about


class AlreadyRead(SchemaExtension):
    """Executes the document that was read and found sound, instead of parsing and validating the text again."""

    def on_parse(self) -> Iterator[None]:
        operation: Operation = self.execution_context.context["operation"]
        self.execution_context.graphql_document = operation.document
        yield

    def on_validate(self) -> Iterator[None]:
        self.execution_context.pre_execution_errors = []  # none
        yield


class JobyardSchema(strawberry.Schema):
    """Reads each operation itself, and translates the errors of every answer, over whichever API."""

    documents = Documents()  # there is one schema

    async def read(self, query: str | None, operation_name: object, context: Context | None) -> Operation:
        """Unread, with its errors translated, for what is not executed."""
        caller = ANONYMOUS if context is None else context["caller"]
        try:
            return await read(self._schema, self.documents, query, operation_name, caller)
        except Unread as unread:
            raise _unread([translated(error) for error in unread.errors]) from unread
        except GraphQLError as error:
            raise _unread([translated(error)]) from error
        except Problem as problem:
            raise _unread([translated(GraphQLError(problem.message, original_error=problem))]) from problem

    async def execute(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        *arguments: Any,
        context_value: Context | None = None,
        operation_name: str | None = None,
        **options: Any,
    ) -> ExecutionResult:
        try:
            context: Context = await self._with_operation(query, operation_name, context_value)
            context = self.checked(context, variable_values)
        except Unread as unread:
            return PreExecutionError(None, unread.errors)
        options |= {"context_value": context, "operation_name": operation_name}
        changes = _kind_of(context) is OperationType.MUTATION
        work = super().execute(query, variable_values, *arguments, **options)
        try:
            result = await context["services"].pulse.answer(work, changes=changes)
        except DatabaseUnavailable as problem:
            context["arrival"].mark_gone()  # what goes on of it unheard starts no job any more
            return _counted(_broken_off(problem), context)
        result = await _sized(result)
        if context.get("tells_cost") and "cost" in context:
            result.extensions = {**(result.extensions or {}), **context["cost"].told}
        return _counted(_translated(result, changes=changes), context)

    async def stream(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        *arguments: Any,
        context_value: Any = None,
        operation_name: str | None = None,
        **options: Any,
    ) -> StreamResult:
        """What is asked over a WebSocket or as server-sent events; of a subscription, an answer for each event."""
        try:
            context: Context = {
                **await refresh_caller(context_value),
                "arrival": Arrival(),
            }  # of a WebSocket all share one
            executed: Context = await self._with_operation(query, operation_name, context)
            executed = self.checked(executed, variable_values)
            if _kind_of(executed) is OperationType.SUBSCRIPTION:
                context["services"].pulse.check()
        except DatabaseUnavailable as problem:
            return _refusal(_broken_off(problem))
        except Unread as unread:
            return _refusal(PreExecutionError(None, unread.errors))
        options |= {"context_value": executed, "operation_name": operation_name}
        results = await super().stream(query, variable_values, *arguments, **options)
        if _kind_of(executed) is OperationType.SUBSCRIPTION:
            _counted(ExecutionResult(None, None), executed)
            return _answers(_until(context["services"].closing, results))
        return _only_answers(results, executed)

    async def _with_operation(self, query: str | None, operation_name: str | None, context: Context | None) -> Any:
        """The context with the operation, unless it was read already, to know how to answer."""
        if context is not None and "operation" in context:
            return context
        return {**(context or {}), "operation": await self.read(query, operation_name, context)}

    def checked(self, context: Context, variables: dict[str, Any] | None) -> Context:
        """The context with the cost. Unread where that is too much, or where there are too many values, of which each
        would be looked at before anything is done.
        """
        if "operation" not in context or "cost" in context:
            return context
        operation = context["operation"]
        try:
            check_values(self._schema, operation.definition, variables or {})
            cost = Cost(self._schema, operation.document, operation.definition, variables or {})
            cost.check()
        except GraphQLError as error:
            raise _unread([translated(error)]) from error
        return {**context, "cost": cost}

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Leave the log to `translated`: what a caller did wrong is no event of the server."""


async def _refusal(result: ExecutionResult) -> StreamResult:
    yield result


async def _until(closing: Closing, results: StreamResult) -> StreamResult:
    """The results until the server is being stopped: whoever follows goes on at another one, with the last cursor."""
    async with aclosing(results):
        while True:
            try:
                async with closing.interrupt_waits():
                    result = await anext(results)
            except StopAsyncIteration:
                return
            except TimeoutError:
                if closing.is_set():
                    return
                raise
            yield result


async def _answers(results: StreamResult) -> StreamResult:
    """Of a subscription, which waits for a database that is away."""
    try:
        async with aclosing(results):
            async for result in results:
                yield _translated(await _sized(result)) if isinstance(result, ExecutionResult) else result
    finally:
        end_budget()


async def _only_answers(results: StreamResult, context: Context) -> StreamResult:
    """Of an operation that has one answer, which does not wait for a database that is away."""

    async def heard() -> list[Any]:
        async with aclosing(results):
            return [result async for result in results]

    changes = _kind_of(context) is OperationType.MUTATION
    try:
        answers = await context["services"].pulse.answer(heard(), changes=changes)
    except DatabaseUnavailable as problem:
        context["arrival"].mark_gone()
        answers = [_broken_off(problem)]
    try:
        for result in answers:
            known = isinstance(result, ExecutionResult)
            yield _counted(_translated(await _sized(result), changes=changes), context) if known else result
    finally:
        end_budget()


def _kind_of(context: Context) -> OperationType | None:
    return context["operation"].kind if "operation" in context else None


def _broken_off(problem: DatabaseUnavailable) -> ExecutionResult:
    """An answer without data: of all that may have been found nothing is told."""
    return PreExecutionError(None, [translated(GraphQLError(problem.message, original_error=problem))])


async def _sized(result: ExecutionResult) -> ExecutionResult:
    """The answer, or what is wrong with it: values that were read once may stand in it a thousand times."""
    data: Json = result.data
    if not takes_long(data) or await in_thread(lambda: is_within([data], LARGEST_ANSWER)):
        return result
    problem = AnswerTooLarge("characters as JSON", LARGEST_ANSWER, "Ask for fewer at a time, or less of each.")
    return ExecutionResult(None, [GraphQLError(problem.message, original_error=problem)])


def _unread(errors: list[GraphQLError]) -> Unread:
    """What is not executed counts without a field: what it names there may not be."""
    _count("refused", errors)
    return Unread(errors)


def _counted(result: ExecutionResult, context: Context) -> ExecutionResult:
    operation = context.get("operation")
    selected = () if operation is None else operation.definition.selection_set.selections
    fields = [one.name.value for one in selected if isinstance(one, FieldNode)]
    _count(fields[0] if fields else "fragment", result.errors or [])
    return result


def _count(field: str, errors: list[GraphQLError]) -> None:
    codes = [str((error.extensions or {}).get("code", "")) for error in errors]
    OPERATIONS.labels(field, codes[0] if codes else "OK").inc()


def _translated(result: ExecutionResult, *, changes: bool = False) -> ExecutionResult:
    if result.errors:
        result.errors = [translated(error, changes=changes) for error in result.errors]
    return result


schema = JobyardSchema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    extensions=[AlreadyRead],
    execution_context_class=Executor,
    config=StrawberryConfig(scalar_map=SCALARS),
)


def printed_schema() -> str:
    """What schema.graphql holds."""
    return schema.as_str() + "\n"
