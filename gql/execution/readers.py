"""One generated function for a selection of a type: it reads from a source what an answer shows of it.

It is made for fields that are plain reads: a key of a JSON object (types/documented.py), an attribute, `__typename`,
and objects and lists of such. A reader never decides about an error, or a null that the schema does not allow: it
raises, and the reference executor does the whole object again: values, errors, paths and null rules are its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, cast

from graphql import GraphQLEnumType, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLScalarType, Undefined
from graphql.execution.collect_fields import FieldDetails

from ...models.json import is_array
from ..fields import READS, Plain
from ..node import Node

MOST_FIELDS: Final = 250  # of one reader: to compile a field takes 0.1 ms

FieldDetailsList: TypeAlias = list[FieldDetails]
Grouped: TypeAlias = dict[str, list[FieldDetails]]
Collect: TypeAlias = Callable[[GraphQLObjectType, FieldDetailsList], Grouped | None]
Read: TypeAlias = Callable[[Any, list[int]], dict[str, Any]]

_CONDITIONS = ("skip", "include")  # were looked at when the fields were collected
_UNCHANGED = {  # what a value of a type must be to stand in the answer as it is; any other goes through the type
    "String": "{0}.__class__ is str",
    "ID": "{0}.__class__ is str",
    "DateTime": "{0}.__class__ is str",
    "Boolean": "{0}.__class__ is bool",
    "Int": "{0}.__class__ is int and -2147483648 <= {0} <= 2147483647",
    "Float": "{0}.__class__ is float and {0} - {0} == 0.0",
    "JSON": "{0}.__class__ in JSON",
}


class Unreadable(Exception):
    """A source that the reference executor has to look at."""


class TooMany(Exception):
    """More fields than a reader is made for."""


@dataclass(frozen=True)
class Reader:
    """`read` takes a source and a list whose only number it adds the objects to that stand inside of it.

    The fields named in `left` are null in what it gives, for the reference executor to put in.
    """

    read: Read
    left: tuple[str, ...]
    fields: int


class Compiler:
    """For one operation with the values of its conditions. `collect` gives the fields of a selection by their names in
    the answer; None where they do not come in one piece.
    """

    def __init__(self, collect: Collect) -> None:
        self._collect = collect
        self._names: dict[str, Any] = {
            "Unreadable": Unreadable,
            "is_array": is_array,
            "JSON": frozenset({dict, list, str, int, float, bool}),
        }
        self._made: dict[tuple[str, tuple[int, ...]], str | None] = {}
        self.fields = 0

    def reader(self, type: GraphQLObjectType, details: FieldDetailsList) -> Reader | None:
        """None where nothing would be gained. TooMany for what is too large."""
        grouped = self._collect(type, details)
        if not grouped:
            return None
        left: list[str] = []
        function = self._function(type, grouped, left)
        if function is None or len(left) == len(grouped):
            return None
        return Reader(self._names[function], tuple(left), self.fields)

    def _nested(self, type: GraphQLObjectType, details: FieldDetailsList) -> str | None:
        """The name of the reader of an object inside; None where some of it is no plain read."""
        if not _is_of_its_type(type):
            return None
        key = type.name, tuple(id(one.node) for one in details)
        if key not in self._made:
            grouped = self._collect(type, details)
            self._made[key] = None if grouped is None else self._function(type, grouped, None)
        return self._made[key]

    def _function(self, type: GraphQLObjectType, grouped: Grouped, left: list[str] | None) -> str | None:
        """`left` takes the fields that are no plain reads; without it there may be none."""
        lines: list[str] = []
        shown: list[str] = []
        for number, (name, details) in enumerate(grouped.items()):
            self.fields += 1
            if self.fields > MOST_FIELDS:
                raise TooMany
            value = f"v{number}"
            code = self._field(type, details, value)
            if code is None:
                if left is None:
                    return None
                left.append(name)
                shown.append(f"{name!r}: None")
                continue
            lines += code
            shown.append(f"{name!r}: {value}")
        function = f"read{len(self._names)}"
        body = "".join(f"    {line}\n" for line in lines)
        source = f"def {function}(source, inside):\n{body}    return {{{', '.join(shown)}}}\n"
        # Nothing in it is a caller's text but the names of fields, which the grammar of GraphQL lets through.
        exec(compile(source, f"<reader of {type.name}>", "exec"), self._names)
        return function

    def _field(self, type: GraphQLObjectType, details: list[FieldDetails], value: str) -> list[str] | None:
        name = details[0].node.name.value
        if name == "__typename":
            return [f"{value} = {type.name!r}"]
        field: Any = type.fields.get(name)
        if field is None or field.args or not all(map(_is_unconditional, details)):
            return None
        plain = _plain_read(field)
        if plain is None:
            return None
        completed = self._value(field.type, details, value)
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
            entries = f"[{convert}(one) for one in {value}]" if convert else value
            return [f"{value} = source.get({key})", f"{value} = {entries} if is_array({value}) else []"]
        if plain.kind == "inside":
            return [f"{value} = {convert}(source)", f"inside[0] += len({value})"]
        return [f"{value} = {convert}(source)"]

    def _value(self, type: Any, details: FieldDetailsList, value: str) -> list[str] | None:
        """Lines that make of a value what stands in the answer."""
        required = type.__class__ is GraphQLNonNull
        type = type.of_type if required else type
        lines: list[str] | None = None
        if isinstance(type, GraphQLScalarType | GraphQLEnumType):
            lines = [f"{value} = {self._leaf(type, value)}"]
        elif isinstance(type, GraphQLObjectType):
            function = self._nested(type, details)
            lines = None if function is None else [f"{value} = {function}({value}, inside)"]
        elif isinstance(type, GraphQLList):
            of: Any = cast(Any, type).of_type
            if (item := self._item(of, details)) is not None:
                lines = [
                    f"if {value}.__class__ is not list: raise Unreadable",
                    f"{value} = [{item} for one in {value}]",
                ]
        if lines is None:
            return None
        if required:
            return [f"if {value} is None: raise Unreadable", *lines]
        return [f"if {value} is not None:", *(f"    {line}" for line in lines)]

    def _item(self, type: Any, details: FieldDetailsList) -> str | None:
        """An expression for `one` of a list."""
        required = type.__class__ is GraphQLNonNull
        type = type.of_type if required else type
        if isinstance(type, GraphQLScalarType | GraphQLEnumType):
            made = self._leaf(type, "one")
        elif isinstance(type, GraphQLObjectType) and (function := self._nested(type, details)) is not None:
            made = f"{function}(one, inside)"
        else:
            return None
        return made if required else f"None if one is None else {made}"

    def _leaf(self, type: GraphQLScalarType | GraphQLEnumType, value: str) -> str:
        through = self._name("through", _through(type))
        if isinstance(type, GraphQLEnumType):
            known = self._name("known", _Known(_through(type)))
            return f"({known}[{value}] if {value}.__class__ is str else {through}({value}))"
        if (unchanged := _UNCHANGED.get(type.name)) is None:
            return f"{through}({value})"
        return f"({value} if {unchanged.format(value)} else {through}({value}))"

    def _name(self, kind: str, value: object) -> str:
        name = f"{kind}{len(self._names)}"
        self._names[name] = value
        return name


class _Known(dict[str, Any]):
    """The names of an enum by its values; what is no value of it raises and is not kept."""

    def __init__(self, through: Callable[[Any], Any]) -> None:
        super().__init__()
        self._through = through

    def __missing__(self, value: str) -> Any:
        found = self[value] = self._through(value)
        return found


def _through(type: GraphQLScalarType | GraphQLEnumType) -> Callable[[Any], Any]:
    def through(value: Any) -> Any:
        if value is None or value is Undefined or isinstance(value, Exception):
            raise Unreadable
        found = type.coerce_output_value(value)
        if found is None or found is Undefined:
            raise Unreadable
        return found

    return through


def _plain_read(field: Any) -> Plain | None:
    """How the field reads its source, where that is all it does."""
    definition = field.extensions.get("strawberry-definition")
    if definition is None or definition.extensions:
        return None
    if definition.is_basic_field:
        return Plain("attribute", definition.python_name)
    return definition.metadata.get(READS)


def _is_unconditional(details: FieldDetails) -> bool:
    """Whether nothing is left to decide: no directives but those that were looked at, no variables of fragments."""
    directives = details.node.directives or ()
    plain = details.defer_usage is None and details.fragment_variable_values is None
    return plain and all(one.name.value in _CONDITIONS for one in directives)


def _is_of_its_type(type: GraphQLObjectType) -> bool:
    """Whether any source may stand for an object of the type: nothing asks it, or Node does, which says yes."""
    asks: Any = type.is_type_of
    return asks is None or getattr(asks, "__func__", None) is Node.is_type_of.__func__  # pyright: ignore
