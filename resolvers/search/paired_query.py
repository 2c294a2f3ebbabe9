"""Query parameters as pairs, `equals=x&equalsField=name`, of automations, triggers, health and metrics."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, Literal

from ...models.errors import Fault, RequestInvalid
from ...models.json import Json, JsonObject
from . import conditions
from .conditions import Among, Condition, Matching, Within
from .documented_fields import Kind


def pair_of(given: JsonObject, name: str, otherwise: str = "") -> tuple[Json, Json] | None:
    """The field and the value of a pair of parameters; RequestInvalid for half a pair."""
    value, path = given.get(name), given.get(f"{name}Field")
    for alone, this, other in ((value, name, f"{name}Field"), (path, f"{name}Field", name)):
        if given.get(other) is None and alone is not None:
            message = f"Parameter '{this}' must be used in conjunction with '{other}'{otherwise}"
            raise RequestInvalid([Fault("dependentRequired", f"/{this}", f"#/{this}", message)])
    return None if value is None else (path, value)


def unknown_field(name: str, fields: Iterable[str]) -> RequestInvalid:
    return conditions.invalid("enum", f"/{name}Field", f"must be one of {', '.join(sorted(fields))}")


def conditions_of(given: JsonObject, fields: Mapping[str, Kind]) -> Iterator[Condition]:
    """The conditions of pairs of parameters; RequestInvalid for half a pair or an unknown field."""
    for name, condition_of in _OPERATORS.items():
        if (pair := pair_of(given, name)) is None:
            continue
        path, value = pair
        kind = fields.get(path) if isinstance(path, str) else None
        if kind is None:
            raise unknown_field(name, fields)
        yield condition_of(str(path), kind, value, f"/{name}")


def boolean_condition(given: Mapping[str, object], name: str) -> Iterator[Condition]:
    """The condition of `name=true` or `name=false`."""
    value = given.get(name)
    if value is None:
        return
    if value not in (True, False, "true", "false"):
        raise conditions.invalid("type", f"/{name}", "must be true or false")
    yield Among(name, (value in (True, "true"),))


def _pair_equals(path: str, kind: Kind, value: Json, pointer: str) -> Condition:
    return Among(path, kind.read(value, pointer))


def _pair_bound(side: Literal["after", "since", "before", "until"]) -> Callable[[str, Kind, Json, str], Condition]:
    def condition_of(path: str, kind: Kind, value: Json, pointer: str) -> Condition:
        bounds: dict[str, Json] = {side: kind.read(value, pointer)[0]}
        return Within(path, **bounds)

    return condition_of


def _pair_matching(where: Literal["contains", "starts"]) -> Callable[[str, Kind, Json, str], Condition]:
    def condition_of(path: str, kind: Kind, value: Json, pointer: str) -> Condition:
        if not kind.is_text:
            raise conditions.invalid("enum", f"{pointer}Field", "is not text: it is compared as a whole, with equals")
        return Matching(path, where, conditions.text(value, pointer))

    return condition_of


_OPERATORS: Final[Mapping[str, Callable[[str, Kind, Json, str], Condition]]] = {
    "equals": _pair_equals,
    "contains": _pair_matching("contains"),
    "startsWith": _pair_matching("starts"),
    "greaterThan": _pair_bound("after"),
    "greaterThanEquals": _pair_bound("since"),
    "lessThan": _pair_bound("before"),
    "lessThanEquals": _pair_bound("until"),
}
