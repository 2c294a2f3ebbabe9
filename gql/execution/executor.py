"""Executes operations with readers (readers.py) where a selection has them, and as graphql-core does everywhere else.

It overrides methods that graphql-core calls its own: so that is pinned, and tests/gql/test_readers.py compares both.
"""

import inspect
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from graphql import DocumentNode, GraphQLNonNull, GraphQLObjectType, OperationDefinitionNode
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from ...models.bounded_cache import BoundedCache
from ...resolvers.log_facts import about
from ..context import Context
from .readers import Compiler, FieldDetailsList, Grouped, Reader, TooMany

MOST_KEPT: Final = 20_000  # fields of all readers that are kept, which take about 1.5 KB each
MOST_VISITED: Final = 1_000  # fields of an operation that readers are tried for, with whatever conditions

log = logging.getLogger("jobyard")

_Place: TypeAlias = tuple[Any, ...]  # the values of the conditions, the type and the nodes


@dataclass
class _Readers:
    """Of one operation, whose id is the key. The document is kept, so that the ids of its nodes stay theirs."""

    document: DocumentNode
    key: int
    conditional: bool
    found: dict[_Place, Reader | None] = field(default_factory=dict[_Place, Reader | None])
    visited: int = 0


class Kept:
    """The readers of the operations that were asked for most recently."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._of: BoundedCache[int, _Readers] = BoundedCache(room=most, spared=1)

    @property
    def fields(self) -> int:
        return self._of.weight

    def of(self, document: DocumentNode, operation: OperationDefinitionNode) -> _Readers:
        key = id(operation)
        known = self._of.get(key)
        if known is not None:
            return known
        source = document.loc.source.body if document.loc else "@"
        readers = _Readers(document, key, "@" in source)
        self._of.put(key, readers)
        self.grow(readers, document.token_count // 4)  # what it keeps in memory beside
        return readers

    def grow(self, readers: _Readers, fields: int) -> None:
        readers.visited += fields
        self._of.grow(readers.key, fields)


class Executor(StrawberryGraphQLCoreExecutionContext):
    kept = Kept()
    at_once = False  # readers also for what is asked for the first time
    _readers: _Readers | None = None
    _on: bool | None = None

    def collect_and_execute_subfields(
        self,
        return_type: GraphQLObjectType,
        field_details_list: FieldDetailsList,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        reader = self._reader(return_type, field_details_list) if position_context is None else None
        if reader is None:
            return super().collect_and_execute_subfields(
                return_type, field_details_list, path, result, position_context
            )
        inside = [0]
        try:
            data = reader.read(result, inside)
        except Exception:  # whatever it is, the reference executor meets it again, and says it as it has to be said
            data = None
        if data is None or not self._shown(inside[0]):
            return super().collect_and_execute_subfields(
                return_type, field_details_list, path, result, position_context
            )
        return self._with_rest(reader, data, return_type, field_details_list, path, result) if reader.left else data

    def complete_iterable_value(
        self,
        item_type: Any,
        field_details_list: FieldDetailsList,
        info: Any,
        path: Any,
        items: Iterable[Any],
        position_context: Any,
    ) -> Any:
        type = item_type.of_type if item_type.__class__ is GraphQLNonNull else item_type
        if position_context is None and items.__class__ is list and isinstance(type, GraphQLObjectType):
            reader = self._reader(type, field_details_list)
            if reader is not None and not reader.left:
                read, inside = reader.read, [0]
                try:
                    if type is item_type:
                        found = [None if one is None else read(one, inside) for one in items]
                    else:
                        found = [read(one, inside) for one in items]
                except Exception:  # as above
                    found = None
                if found is not None and self._shown(inside[0]):
                    return found
        reference: Any = super()
        return reference.complete_iterable_value(item_type, field_details_list, info, path, items, position_context)

    def _with_rest(
        self,
        reader: Reader,
        data: dict[str, Any],
        type: GraphQLObjectType,
        details: FieldDetailsList,
        path: Any,
        source: Any,
    ) -> Any:
        """The object with the fields that are no plain reads."""
        grouped = self.collect_subfields(type, details)[0]
        rest: Any = self.execute_fields(type, source, path, {name: grouped[name] for name in reader.left}, None)
        if inspect.isawaitable(rest):

            async def awaited() -> dict[str, Any]:
                return _put(reader, data, await rest)

            return awaited()
        return _put(reader, data, rest)

    def _shown(self, inside: int) -> bool:
        """Whether the answer may have so many objects more inside of others; it has them then."""
        if not inside:
            return True
        loaders = self.context_value["loaders"]
        if not loaders.may_nest(inside):
            return False
        loaders.count_nested(inside)
        return True

    def _reader(self, type: GraphQLObjectType, details: FieldDetailsList) -> Reader | None:
        if self._on is None:
            self._on = self._may_read()
        if not self._on:
            return None
        readers = self._readers
        if readers is None:
            readers = self._readers = self.kept.of(self.context_value["operation"].document, self.operation)
        conditions = self._conditions() if readers.conditional else ()
        place = conditions, type.name, *(id(one.node) for one in details)
        if place in readers.found:
            return readers.found[place]
        if readers.visited > MOST_VISITED:
            return None
        made = readers.found[place] = self._made(readers, type, details)
        return made

    def _may_read(self) -> bool:
        """Only what is asked for again and again pays for its readers."""
        context: Context | None = self.context_value
        middleware: Any = self.middleware_manager
        if context is None or "operation" not in context or (middleware is not None and middleware.middlewares):
            return False
        return (context["operation"].known or self.at_once) and not context["services"].settings.reference_executor

    def _conditions(self) -> tuple[tuple[str, bool], ...]:
        coerced = self.variable_values.coerced
        return tuple(sorted((name, value) for name, value in coerced.items() if value is True or value is False))

    def _made(self, readers: _Readers, type: GraphQLObjectType, details: FieldDetailsList) -> Reader | None:
        compiler = Compiler(self._collect)
        try:
            return compiler.reader(type, details)
        except TooMany:
            return None
        except Exception:
            log.exception(
                "no reader of %s can be made; it is read as graphql-core does",
                type.name,
                extra=about("reader_failed", type=type.name),
            )
            return None
        finally:
            self.kept.grow(readers, compiler.fields + 1)

    def _collect(self, type: GraphQLObjectType, details: FieldDetailsList) -> Grouped | None:
        grouped, deferred, _ = self.collect_subfields(type, details)
        return None if deferred else grouped


def _put(reader: Reader, data: dict[str, Any], rest: dict[str, Any]) -> dict[str, Any]:
    for name in reader.left:
        if name in rest:
            data[name] = rest[name]
        else:
            del data[name]
    return data
