"""Which keys of the documented JSON an operation selects: nothing else is read from the database."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from strawberry.types import Info
from strawberry.types.nodes import FragmentSpread, InlineFragment, SelectedField, Selection
from strawberry.utils.str_converters import to_camel_case

from ...resolvers.search.projection import EVERYTHING, Fields, fields

_KEYS = "keys"


def reads(*keys: str) -> dict[str, object]:
    """The metadata of a field that reads these keys of its source."""
    return {_KEYS: frozenset(keys)}


def reads_all() -> dict[str, object]:
    return {_KEYS: None}


def wanted(info: Info[Any, Any], of: type, *within: tuple[str, ...]) -> Fields:
    """The keys that the field of `info` selects of objects of the type `of`.

    `within` are the paths of fields that lead to them, such as ("edges", "node"); none means the field itself.
    """
    selections: list[SelectedField] = []
    for path in within or ((),):
        level = _fields(info.selected_fields)
        for name in path:
            level = [field for field in _inside(level) if field.name == name]
        selections += level
    keys = _keys(of)
    found: set[str] = set()
    for field in _inside(selections):
        its = keys.get(field.name, frozenset[str]())
        if its is None:
            return EVERYTHING
        found |= its
    return fields(*found)


def _inside(fields: list[SelectedField]) -> list[SelectedField]:
    return [inner for field in fields for inner in _fields(field.selections)]


def _fields(selections: Iterable[Selection]) -> list[SelectedField]:
    """The fields, those in fragments too."""
    found: list[SelectedField] = []
    for selection in selections:
        if _is_left_out(selection):
            continue
        if isinstance(selection, (FragmentSpread, InlineFragment)):
            found += _fields(selection.selections)
        else:
            found.append(selection)
    return found


def _is_left_out(selection: Selection) -> bool:
    """By `@skip` or `@include`, whose conditions are known by now."""
    skip, include = (selection.directives.get(name, {}).get("if") for name in ("skip", "include"))
    return skip is True or include is False


@cache
def _keys(of: type) -> dict[str, frozenset[str] | None]:
    definition: Any = of.__dict__["__strawberry_definition__"]
    return {
        field.graphql_name or to_camel_case(field.python_name): field.metadata.get(_KEYS, frozenset())
        for field in definition.fields
    }
