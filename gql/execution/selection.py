"""The keys of the documented JSON that an operation selects: the database returns these keys alone."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from strawberry.types import Info
from strawberry.types.nodes import FragmentSpread, InlineFragment, SelectedField, Selection
from strawberry.utils.str_converters import to_camel_case

from ...resolvers.search.projection import EVERYTHING, Fields, fields

_KEYS = "keys"


def reads(*keys: str) -> dict[str, object]:
    """The metadata of a field that reads the given keys of the source."""
    return {_KEYS: frozenset(keys)}


def reads_all() -> dict[str, object]:
    return {_KEYS: None}


def selected_fields(info: Info[Any, Any], of: type, *within: tuple[str, ...]) -> Fields:
    """The keys that the field of `info` selects of objects of the type `of`.

    `within` are the paths of fields to the objects, such as ("edges", "node"); without a path, the field returns the
    objects itself.
    """
    selections: list[SelectedField] = []
    for path in within or ((),):
        level = _fields(info.selected_fields)
        for name in path:
            level = [field for field in _subfields(level) if field.name == name]
        selections += level
    keys = _keys(of)
    found: set[str] = set()
    for field in _subfields(selections):
        field_keys = keys.get(field.name, frozenset[str]())
        if field_keys is None:
            return EVERYTHING
        found |= field_keys
    return fields(*found)


def _subfields(fields: list[SelectedField]) -> list[SelectedField]:
    return [inner for field in fields for inner in _fields(field.selections)]


def _fields(selections: Iterable[Selection]) -> list[SelectedField]:
    """The selected fields, with those of fragments."""
    found: list[SelectedField] = []
    for selection in selections:
        if _is_skipped(selection):
            continue
        if isinstance(selection, (FragmentSpread, InlineFragment)):
            found += _fields(selection.selections)
        else:
            found.append(selection)
    return found


def _is_skipped(selection: Selection) -> bool:
    """Whether `@skip` or `@include` leaves the selection out; the conditions have values already."""
    skip, include = (selection.directives.get(name, {}).get("if") for name in ("skip", "include"))
    return skip is True or include is False


@cache
def _keys(of: type) -> dict[str, frozenset[str] | None]:
    definition: Any = of.__dict__["__strawberry_definition__"]
    return {
        field.graphql_name or to_camel_case(field.python_name): field.metadata.get(_KEYS, frozenset())
        for field in definition.fields
    }
