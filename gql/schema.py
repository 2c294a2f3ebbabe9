"""The schema of the GraphQL API, which the REST API and the command line also execute; printed as schema.graphql."""

from collections.abc import Iterator
from contextlib import aclosing
from typing import Any

import strawberry
from graphql import FieldNode, GraphQLError, OperationType
from graphql.utilities.print_schema import print_schema_definition
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
from .errors import translate
from .execution.documents import Documents, Operation, OperationInvalid, read
from .execution.executor import Executor
from .execution.limits import Cost, check_values
from .execution.running import run
from .roots import Mutation, Query, Subscription
from .scalars import SCALARS

LARGEST_ANSWER = 64 * 1024 * 1024  # characters as JSON, roughly

DESCRIPTION = """The API of jobyard, an open job server. Clients start a job from a workflow, follow, control and repair
jobs, work manual tasks, and administer workflows, projects, automations, accounts and the server.

Every operation needs a token, except the fields that sign in. Times are of type DateTime, or numbers of milliseconds
where the description says so. An error has a stable code in `extensions.code`."""


class UsePreparedDocument(SchemaExtension):
    """Takes the document that JobyardSchema parsed and validated, instead of parsing and validating the text again."""

    def on_parse(self) -> Iterator[None]:
        operation: Operation = self.execution_context.context["operation"]
        self.execution_context.graphql_document = operation.document
        yield

    def on_validate(self) -> Iterator[None]:
        self.execution_context.pre_execution_errors = []
        yield


class JobyardSchema(strawberry.Schema):
    """Parses, validates and prices each operation before execution, and translates the errors of every answer."""

    documents = Documents()  # of the class: a process has one schema

    def describe(self, description: str) -> None:
        """Give the schema itself a description, which strawberry has no parameter for."""
        self._schema.description = description

    def as_str(self) -> str:
        return f"{print_schema_definition(self._schema)}\n\n{super().as_str()}"

    async def read(self, query: str | None, operation_name: object, context: Context | None) -> Operation:
        """The parsed and valid operation. OperationInvalid, with translated errors, for any other."""
        caller = ANONYMOUS if context is None else context["caller"]
        try:
            return await read(self._schema, self.documents, query, operation_name, caller)
        except OperationInvalid as invalid:
            raise _refuse([translate(error) for error in invalid.errors]) from invalid
        except GraphQLError as error:
            raise _refuse([translate(error)]) from error
        except Problem as problem:
            raise _refuse([translate(GraphQLError(problem.message, original_error=problem))]) from problem

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
            context: Context = await self._add_operation(query, operation_name, context_value)
            context = self.add_cost(context, variable_values)
        except OperationInvalid as invalid:
            return PreExecutionError(None, invalid.errors)
        options |= {"context_value": context, "operation_name": operation_name}
        kind = _operation_type(context)
        changes = kind is OperationType.MUTATION
        if kind is OperationType.SUBSCRIPTION or Executor.is_reference(context["services"].settings):
            work = super().execute(query, variable_values, *arguments, **options)
        else:
            work = run(self._schema, context, variable_values)
        try:
            result = await context["services"].pulse.answer(work, changes=changes)
        except DatabaseUnavailable as problem:
            context["arrival"].mark_gone()  # the rest of the operation still runs, but may start no job
            return _count_result(_unavailable_result(problem), context)
        result = await _limit_size(result)
        if context.get("reports_cost") and "cost" in context:
            result.extensions = {**(result.extensions or {}), **context["cost"].extensions}
        return _count_result(_translate_errors(result, changes=changes), context)

    async def stream(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        *arguments: Any,
        context_value: Any = None,
        operation_name: str | None = None,
        **options: Any,
    ) -> StreamResult:
        """The answers over a WebSocket or as server-sent events: of a subscription, one for each event."""
        try:
            context: Context = {
                **await refresh_caller(context_value),
                "arrival": Arrival(),
            }
            # Operations of a WebSocket share one context; each needs an arrival of its own.
            executed: Context = await self._add_operation(query, operation_name, context)
            executed = self.add_cost(executed, variable_values)
            if _operation_type(executed) is OperationType.SUBSCRIPTION:
                context["services"].pulse.check()
        except DatabaseUnavailable as problem:
            return _single_result(_unavailable_result(problem))
        except OperationInvalid as invalid:
            return _single_result(PreExecutionError(None, invalid.errors))
        options |= {"context_value": executed, "operation_name": operation_name}
        results = await super().stream(query, variable_values, *arguments, **options)
        if _operation_type(executed) is OperationType.SUBSCRIPTION:
            _count_result(ExecutionResult(None, None), executed)
            return _stream_subscription(_until_shutdown(context["services"].closing, results))
        return _stream_single(results, executed)

    async def _add_operation(self, query: str | None, operation_name: str | None, context: Context | None) -> Any:
        """The context with the operation. Over HTTP the view has read the operation already."""
        if context is not None and "operation" in context:
            return context
        return {**(context or {}), "operation": await self.read(query, operation_name, context)}

    def add_cost(self, context: Context, variables: dict[str, Any] | None) -> Context:
        """The context with the cost. OperationInvalid for an operation with too many values or too high a cost: the
        library would visit each value before execution.
        """
        if "operation" not in context or "cost" in context:
            return context
        operation = context["operation"]
        try:
            check_values(self._schema, operation.definition, variables or {})
            cost = Cost(self._schema, operation.document, operation.definition, variables or {})
            cost.check()
        except GraphQLError as error:
            raise _refuse([translate(error)]) from error
        return {**context, "cost": cost}

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Logs nothing: `translate` logs the unexpected errors alone."""


async def _single_result(result: ExecutionResult) -> StreamResult:
    yield result


async def _until_shutdown(closing: Closing, results: StreamResult) -> StreamResult:
    """The results until this server stops; a subscriber then continues at another server with the last cursor."""
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


async def _stream_subscription(results: StreamResult) -> StreamResult:
    """The answers of a subscription, which waits while the database is unavailable."""
    try:
        async with aclosing(results):
            async for result in results:
                yield _translate_errors(await _limit_size(result)) if isinstance(result, ExecutionResult) else result
    finally:
        end_budget()


async def _stream_single(results: StreamResult, context: Context) -> StreamResult:
    """The single answer of a query or mutation: an error while the database is unavailable."""

    async def collect() -> list[Any]:
        async with aclosing(results):
            return [result async for result in results]

    changes = _operation_type(context) is OperationType.MUTATION
    try:
        answers = await context["services"].pulse.answer(collect(), changes=changes)
    except DatabaseUnavailable as problem:
        context["arrival"].mark_gone()
        answers = [_unavailable_result(problem)]
    try:
        for result in answers:
            if isinstance(result, ExecutionResult):
                yield _count_result(_translate_errors(await _limit_size(result), changes=changes), context)
            else:
                yield result
    finally:
        end_budget()


def _operation_type(context: Context) -> OperationType | None:
    return context["operation"].kind if "operation" in context else None


def _unavailable_result(problem: DatabaseUnavailable) -> ExecutionResult:
    """An answer without data: the error replaces all results."""
    return PreExecutionError(None, [translate(GraphQLError(problem.message, original_error=problem))])


async def _limit_size(result: ExecutionResult) -> ExecutionResult:
    """The answer, or AnswerTooLarge: a value that was read once may occur a thousand times."""
    data: Json = result.data
    if not takes_long(data) or await in_thread(lambda: is_within([data], LARGEST_ANSWER)):
        return result
    problem = AnswerTooLarge("characters as JSON", LARGEST_ANSWER, "Ask for fewer at a time, or less of each.")
    return ExecutionResult(None, [GraphQLError(problem.message, original_error=problem)])


def _refuse(errors: list[GraphQLError]) -> OperationInvalid:
    """Counts the refused operation without a field name: the schema may lack the named field."""
    _count("refused", errors)
    return OperationInvalid(errors)


def _count_result(result: ExecutionResult, context: Context) -> ExecutionResult:
    operation = context.get("operation")
    selections = () if operation is None else operation.definition.selection_set.selections
    fields = [selection.name.value for selection in selections if isinstance(selection, FieldNode)]
    _count(fields[0] if fields else "fragment", result.errors or [])
    return result


def _count(field: str, errors: list[GraphQLError]) -> None:
    codes = [str((error.extensions or {}).get("code", "")) for error in errors]
    OPERATIONS.labels(field, codes[0] if codes else "OK").inc()


def _translate_errors(result: ExecutionResult, *, changes: bool = False) -> ExecutionResult:
    if result.errors:
        result.errors = [translate(error, changes=changes) for error in result.errors]
    return result


schema = JobyardSchema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    extensions=[UsePreparedDocument],
    execution_context_class=Executor,
    config=StrawberryConfig(scalar_map=SCALARS),
)
schema.describe(DESCRIPTION)


def printed_schema() -> str:
    """The text of schema.graphql."""
    return schema.as_str() + "\n"
