"""Executes operations with generated readers (readers.py) where a selection allows, and with graphql-core elsewhere.

The executor overrides internal methods of graphql-core: pyproject.toml pins the version of graphql-core, and
tests/gql/test_readers.py compares both ways.
"""

import inspect
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias
from weakref import WeakMethod

from graphql import DocumentNode, GraphQLNonNull, GraphQLObjectType, OperationDefinitionNode
from graphql.type.definition import GraphQLResolveInfoHelpers
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from ...models.bounded_cache import BoundedCache
from ...models.settings import Settings
from ...resolvers.log_facts import about
from ..context import Context
from ..locations import text_of
from .readers import Compiler, FieldDetailsList, Grouped, Reader, TooMany

MOST_CACHED_FIELDS: Final = 20_000  # fields of all cached readers, at about 1.5 KB each
MOST_VISITED: Final = 1_000  # fields of an operation that the compiler tries, over all values of its conditions

log = logging.getLogger("jobyard")

_Place: TypeAlias = tuple[Any, ...]  # the values of the conditions, the type and the nodes


@dataclass
class _Readers:
    """The readers of one operation; its id is the key. The reference to the document keeps the ids of nodes unique."""

    document: DocumentNode
    key: int
    conditional: bool
    found: dict[_Place, Reader | None] = field(default_factory=dict[_Place, Reader | None])
    visited: int = 0


class ReaderCache:
    """The readers of the most recently used operations."""

    def __init__(self, most: int = MOST_CACHED_FIELDS) -> None:
        self._readers_by_id: BoundedCache[int, _Readers] = BoundedCache(room=most, spared=1)

    @property
    def fields(self) -> int:
        return self._readers_by_id.weight

    def of(self, document: DocumentNode, operation: OperationDefinitionNode) -> _Readers:
        key = id(operation)
        known = self._readers_by_id.get(key)
        if known is not None:
            return known
        readers = _Readers(document, key, "@" in (text_of(document) or "@"))
        self._readers_by_id.put(key, readers)
        self.grow(readers, document.token_count // 4)  # the memory of the document
        return readers

    def grow(self, readers: _Readers, fields: int) -> None:
        readers.visited += fields
        self._readers_by_id.grow(readers.key, fields)


class Executor(StrawberryGraphQLCoreExecutionContext):
    reader_cache = ReaderCache()
    compile_at_first = False  # whether the first execution of an operation compiles readers
    always_reference = False  # whatever the settings say
    _readers: _Readers | None = None
    _enabled: bool | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # These helpers are methods of the executor. By them it would hold itself, and the variables of the request, a
        # large body perhaps, until a collection of garbage.
        self.async_helpers = GraphQLResolveInfoHelpers(
            gather=_weak(self.gather_async_work), track=_weak(self.track_async_work)
        )

    @classmethod
    def is_reference(cls, settings: Settings) -> bool:
        """Whether every operation goes the libraries' own way, from the body of the request to the answer."""
        return cls.always_reference or settings.reference_executor

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
        except Exception:  # the reference executor meets the same error again, and reports the error
            data = None
        if data is None or not self._count_nested(inside[0]):
            return super().collect_and_execute_subfields(
                return_type, field_details_list, path, result, position_context
            )
        return (
            self._complete_object(reader, data, return_type, field_details_list, path, result) if reader.left else data
        )

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
                        found = [None if item is None else read(item, inside) for item in items]
                    else:
                        found = [read(item, inside) for item in items]
                except Exception:  # the reference executor reports the error, as above
                    found = None
                if found is not None and self._count_nested(inside[0]):
                    return found
        reference: Any = super()
        return reference.complete_iterable_value(item_type, field_details_list, info, path, items, position_context)

    def _complete_object(
        self,
        reader: Reader,
        data: dict[str, Any],
        type: GraphQLObjectType,
        details: FieldDetailsList,
        path: Any,
        source: Any,
    ) -> Any:
        """The object, completed with the fields that are not plain reads."""
        grouped = self.collect_subfields(type, details)[0]
        rest: Any = self.execute_fields(type, source, path, {name: grouped[name] for name in reader.left}, None)
        if inspect.isawaitable(rest):

            async def complete() -> dict[str, Any]:
                return _fill_in(reader, data, await rest)

            return complete()
        return _fill_in(reader, data, rest)

    def _count_nested(self, inside: int) -> bool:
        """Whether the answer may have so many more nested objects; counts the objects then."""
        if not inside:
            return True
        loaders = self.context_value["loaders"]
        if not loaders.may_nest(inside):
            return False
        loaders.count_nested(inside)
        return True

    def _reader(self, type: GraphQLObjectType, details: FieldDetailsList) -> Reader | None:
        if self._enabled is None:
            self._enabled = self._uses_readers()
        if not self._enabled:
            return None
        readers = self._readers
        if readers is None:
            readers = self._readers = self.reader_cache.of(self.context_value["operation"].document, self.operation)
        conditions = self._conditions() if readers.conditional else ()
        place = conditions, type.name, *(id(entry.node) for entry in details)
        if place in readers.found:
            return readers.found[place]
        if readers.visited > MOST_VISITED:
            return None
        made = readers.found[place] = self._compile(readers, type, details)
        return made

    def _uses_readers(self) -> bool:
        """Whether to use readers: an operation must come from the cache of documents to repay the compilation."""
        context: Context | None = self.context_value
        middleware: Any = self.middleware_manager
        if context is None or "operation" not in context or (middleware is not None and middleware.middlewares):
            return False
        known = context["operation"].known or self.compile_at_first
        return known and not self.is_reference(context["services"].settings)

    def _conditions(self) -> tuple[tuple[str, bool], ...]:
        coerced = self.variable_values.coerced
        return tuple(sorted((name, value) for name, value in coerced.items() if value is True or value is False))

    def _compile(self, readers: _Readers, type: GraphQLObjectType, details: FieldDetailsList) -> Reader | None:
        compiler = Compiler(self._collect)
        try:
            return compiler.reader(type, details)
        except TooMany:
            return None
        except Exception:
            log.exception(
                "no reader of %s can be made; graphql-core reads the type instead",
                type.name,
                extra=about("reader_failed", type=type.name),
            )
            return None
        finally:
            self.reader_cache.grow(readers, compiler.fields + 1)

    def _collect(self, type: GraphQLObjectType, details: FieldDetailsList) -> Grouped | None:
        grouped, deferred, _ = self.collect_subfields(type, details)
        return None if deferred else grouped


def _weak(method: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The method, without holding its object."""
    held = WeakMethod(method)

    def call(values: Any) -> Any:
        found = held()
        assert found is not None, "the execution is over"
        return found(values)

    return call


def _fill_in(reader: Reader, data: dict[str, Any], rest: dict[str, Any]) -> dict[str, Any]:
    for name in reader.left:
        if name in rest:
            data[name] = rest[name]
        else:
            del data[name]
    return data
