"""Readers: generated functions, one for each selection of a type, that make the answer's object from a source.

A reader reads plain fields: a key of a JSON object (gql/fields.py), an attribute, `__typename`, and objects and lists
of plain fields. A reader never decides about an error, or about a null that the schema forbids: the reader raises, and
the reference executor completes the whole object again and decides about values, errors, paths and nulls.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, cast

from graphql import GraphQLEnumType, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLScalarType, Undefined
from graphql.execution.collect_fields import FieldDetails

from ...models.json import is_array
from ..fields import READS, Plain
from ..node import Node

MOST_FIELDS: Final = 250  # of one reader; the compilation of a field takes 0.1 ms

FieldDetailsList: TypeAlias = list[FieldDetails]
Grouped: TypeAlias = dict[str, list[FieldDetails]]
Collect: TypeAlias = Callable[[GraphQLObjectType, FieldDetailsList], Grouped | None]
Read: TypeAlias = Callable[[Any, list[int]], dict[str, Any]]

_CONDITIONS = ("skip", "include")  # the collection of the fields has applied these directives
_UNCHANGED = {  # the condition for a value that needs no coercion by the type
    "String": "{0}.__class__ is str",
    "ID": "{0}.__class__ is str",
    "DateTime": "{0}.__class__ is str",
    "Boolean": "{0}.__class__ is bool",
    "Int": "{0}.__class__ is int and -2147483648 <= {0} <= 2147483647",
    "Float": "{0}.__class__ is float and {0} - {0} == 0.0",
    "JSON": "{0}.__class__ in JSON",
}


class Unreadable(Exception):
    """A source that only the reference executor can complete."""


class TooMany(Exception):
    """A selection with more fields than a reader may have."""


@dataclass(frozen=True)
class Reader:
    """`read` takes a source and a list with one number, and adds the count of nested objects to the number.

    The fields named in `left` are null in the result of `read`, for the reference executor to fill in.
    """

    read: Read
    left: tuple[str, ...]
    fields: int


class Compiler:
    """Compiles the readers of one operation with given values of its conditions. `collect` returns the fields of a
    selection by their names in the answer, or None for incremental delivery.
    """

    def __init__(self, collect: Collect) -> None:
        self._collect = collect
        self._names: dict[str, Any] = {
            "Unreadable": Unreadable,
            "is_array": is_array,
            "JSON": frozenset({dict, list, str, int, float, bool}),
        }
        self._functions: dict[tuple[str, tuple[int, ...]], str | None] = {}
        self.fields = 0

    def reader(self, type: GraphQLObjectType, details: FieldDetailsList) -> Reader | None:
        """A reader, or None where a reader would gain nothing. TooMany for a selection that is too large."""
        grouped = self._collect(type, details)
        if not grouped:
            return None
        left: list[str] = []
        function = self._compile_function(type, grouped, left)
        if function is None or len(left) == len(grouped):
            return None
        return Reader(self._names[function], tuple(left), self.fields)

    def _compile_nested(self, type: GraphQLObjectType, details: FieldDetailsList) -> str | None:
        """The name of the function of a nested object; None where a field is not a plain read."""
        if not _accepts_any_source(type):
            return None
        key = type.name, tuple(id(entry.node) for entry in details)
        if key not in self._functions:
            grouped = self._collect(type, details)
            self._functions[key] = None if grouped is None else self._compile_function(type, grouped, None)
        return self._functions[key]

    def _compile_function(self, type: GraphQLObjectType, grouped: Grouped, left: list[str] | None) -> str | None:
        """`left` takes the fields that are not plain reads; without `left`, all fields must be plain reads."""
        lines: list[str] = []
        items: list[str] = []
        for number, (name, details) in enumerate(grouped.items()):
            self.fields += 1
            if self.fields > MOST_FIELDS:
                raise TooMany
            value = f"v{number}"
            code = self._compile_field(type, details, value)
            if code is None:
                if left is None:
                    return None
                left.append(name)
                items.append(f"{name!r}: None")
                continue
            lines += code
            items.append(f"{name!r}: {value}")
        function = f"read{len(self._names)}"
        body = "".join(f"    {line}\n" for line in lines)
        source = f"def {function}(source, inside):\n{body}    return {{{', '.join(items)}}}\n"
        # The only text of a caller in the source are names of fields, which the grammar of GraphQL restricts.
        exec(compile(source, f"<reader of {type.name}>", "exec"), self._names)
        return function

    def _compile_field(self, type: GraphQLObjectType, details: list[FieldDetails], value: str) -> list[str] | None:
        name = details[0].node.name.value
        if name == "__typename":
            return [f"{value} = {type.name!r}"]
        field: Any = type.fields.get(name)
        if field is None or field.args or not all(map(_is_unconditional, details)):
            return None
        plain = _plain_of(field)
        if plain is None:
            return None
        completed = self._compile_value(field.type, details, value)
        return None if completed is None else [*self._read(plain, value), *completed]

    def _read(self, plain: Plain, value: str) -> list[str]:
        key = repr(plain.key)
        convert = self._name("convert", plain.convert) if plain.convert else ""
        if plain.kind == "attribute":
            return [f"{value} = source.{plain.key}"]
        if plain.kind == "value":
            lines = [f"{value} = source.get({key})"]
            return [*lines, f"if {value} is not None: {value} = {convert}({value})"] if convert else lines
        if plain.kind == "list":
            entries = f"[{convert}(item) for item in {value}]" if convert else value
            return [f"{value} = source.get({key})", f"{value} = {entries} if is_array({value}) else []"]
        if plain.kind == "inside":
            return [f"{value} = {convert}(source)", f"inside[0] += len({value})"]
        return [f"{value} = {convert}(source)"]

    def _compile_value(self, type: Any, details: FieldDetailsList, value: str) -> list[str] | None:
        """The lines of code that turn a value into the value of the answer."""
        required = type.__class__ is GraphQLNonNull
        type = type.of_type if required else type
        lines: list[str] | None = None
        if isinstance(type, GraphQLScalarType | GraphQLEnumType):
            lines = [f"{value} = {self._leaf(type, value)}"]
        elif isinstance(type, GraphQLObjectType):
            function = self._compile_nested(type, details)
            lines = None if function is None else [f"{value} = {function}({value}, inside)"]
        elif isinstance(type, GraphQLList):
            of: Any = cast(Any, type).of_type
            if (item := self._item(of, details)) is not None:
                lines = [
                    f"if {value}.__class__ is not list: raise Unreadable",
                    f"{value} = [{item} for item in {value}]",
                ]
        if lines is None:
            return None
        if required:
            return [f"if {value} is None: raise Unreadable", *lines]
        return [f"if {value} is not None:", *(f"    {line}" for line in lines)]

    def _item(self, type: Any, details: FieldDetailsList) -> str | None:
        """An expression for the `item` of a list."""
        required = type.__class__ is GraphQLNonNull
        type = type.of_type if required else type
        if isinstance(type, GraphQLScalarType | GraphQLEnumType):
            expression = self._leaf(type, "item")
        elif isinstance(type, GraphQLObjectType) and (function := self._compile_nested(type, details)) is not None:
            expression = f"{function}(item, inside)"
        else:
            return None
        return expression if required else f"None if item is None else {expression}"

    def _leaf(self, type: GraphQLScalarType | GraphQLEnumType, value: str) -> str:
        coerce = self._name("through", _coercion(type))
        if isinstance(type, GraphQLEnumType):
            known = self._name("known", _EnumNames(_coercion(type)))
            return f"({known}[{value}] if {value}.__class__ is str else {coerce}({value}))"
        if (unchanged := _UNCHANGED.get(type.name)) is None:
            return f"{coerce}({value})"
        return f"({value} if {unchanged.format(value)} else {coerce}({value}))"

    def _name(self, kind: str, value: object) -> str:
        name = f"{kind}{len(self._names)}"
        self._names[name] = value
        return name


class _EnumNames(dict[str, Any]):
    """The names of an enum by value; an unknown value raises, and is not cached."""

    def __init__(self, coerce: Callable[[Any], Any]) -> None:
        super().__init__()
        self._coercion = coerce

    def __missing__(self, value: str) -> Any:
        found = self[value] = self._coercion(value)
        return found


def _coercion(type: GraphQLScalarType | GraphQLEnumType) -> Callable[[Any], Any]:
    def coerce(value: Any) -> Any:
        if value is None or value is Undefined or isinstance(value, Exception):
            raise Unreadable
        found = type.coerce_output_value(value)
        if found is None or found is Undefined:
            raise Unreadable
        return found

    return coerce


def _plain_of(field: Any) -> Plain | None:
    """The Plain of a field that only reads its source."""
    definition = field.extensions.get("strawberry-definition")
    if definition is None or definition.extensions:
        return None
    if definition.is_basic_field:
        return Plain("attribute", definition.python_name)
    return definition.metadata.get(READS)


def _is_unconditional(details: FieldDetails) -> bool:
    """Whether the field is selected unconditionally: no other directives, and no variables of fragments."""
    directives = details.node.directives or ()
    plain = details.defer_usage is None and details.fragment_variable_values is None
    return plain and all(directive.name.value in _CONDITIONS for directive in directives)


def _accepts_any_source(type: GraphQLObjectType) -> bool:
    """Whether any source is valid for the type: the type has no check, or the check of Node, which is always true."""
    check: Any = type.is_type_of
    return check is None or getattr(check, "__func__", None) is Node.is_type_of.__func__  # pyright: ignore
