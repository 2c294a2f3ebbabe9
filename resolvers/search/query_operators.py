"""The operators of the documented lists: `equals`, `in`, `contains`, `gt` and the others, each as a condition."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from ...models.documents.search_terms import FOUND_BY, words_of
from ...models.json import Json, is_array
from . import conditions
from .conditions import AllOf, Among, Condition, Exists, Matching, NoneOf, Within
from .documented_fields import Kind


@dataclass(frozen=True)
class OperandField:
    """The field that an operator is for; faults name the parameter at `pointer`."""

    path: str
    kind: Kind
    pointer: str

    def among(self, values: Iterable[Json]) -> Among:
        several = list(values)
        conditions.at_most(several, conditions.MOST_VALUES, self.pointer)
        read = tuple(dict.fromkeys(one for value in several for one in self.kind.read(value, self.pointer)))
        return Among(FOUND_BY if self.kind.is_token else self.path, read)

    def one(self, value: Json) -> Json:
        """A value to compare with."""
        self.compared()
        return self.kind.read(value, self.pointer)[0]

    def compared(self) -> None:
        if self.kind.is_token:
            raise conditions.invalid("enum", self.pointer, "can be asked for with equals, in and not-in alone")


def texts_of(value: Json) -> list[Json]:
    """Texts with commas between, or an array of such texts."""
    several = value if is_array(value) else [] if value is None else [value]
    parts = [part for one in several for part in (one.split(",") if isinstance(one, str) else [one])]
    return [part for part in parts if part not in ("", None)]


def _equals(field: OperandField, value: Json) -> Condition:
    return field.among(value if is_array(value) else [value])


def _in(field: OperandField, value: Json) -> Condition:
    # A text has commas between its values; in an array each element is one.
    return field.among([one for one in value if one is not None] if is_array(value) else texts_of(value))


def _not_in(field: OperandField, value: Json) -> Condition:
    return NoneOf((_in(field, value),))


def _matching(where: Literal["contains", "starts", "ends"]) -> Callable[[OperandField, Json], Condition]:
    def condition_of(field: OperandField, value: Json) -> Condition:
        if not field.kind.is_text:
            raise conditions.invalid("enum", field.pointer, "is not text: it is compared as a whole")
        text = conditions.text(value, field.pointer)
        if field.path == "description" and where == "contains":
            return _description(text, field.pointer)
        return Matching(field.path, where, text)

    return condition_of


def _description(text: str, pointer: str) -> Condition:
    """Its words, as in the documented system; an index has those of the name and the description together."""
    words = tuple(Matching("description", "contains", word) for word in words_of(text))
    return AllOf((*conditions.words(text, pointer), *words))


def _bound(side: Literal["after", "since", "before", "until"]) -> Callable[[OperandField, Json], Condition]:
    def condition_of(field: OperandField, value: Json) -> Condition:
        bounds: dict[str, Json] = {side: field.one(value)}
        return Within(field.path, **bounds)

    return condition_of


def _exists(field: OperandField, value: Json) -> Condition:
    field.compared()
    if value not in (True, False, "true", "false", "1", "0"):
        raise conditions.invalid("type", field.pointer, "must be true or false")
    return Exists(field.path, value in (True, "true", "1"))


OPERATORS: Final[Mapping[str, Callable[[OperandField, Json], Condition]]] = {
    "equals": _equals,
    "contains": _matching("contains"),
    "starts-with": _matching("starts"),
    "ends-with": _matching("ends"),
    "in": _in,
    "not-in": _not_in,
    "gt": _bound("after"),
    "gte": _bound("since"),
    "lt": _bound("before"),
    "lte": _bound("until"),
    "exists": _exists,
}
