"""Filters as pairs: a value under one name, its field under another (rest-api facts, 4.2)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, Literal

from ...models.errors import Fault, RequestInvalid
from ...models.json import Json, JsonObject
from . import checks
from .conditions import Among, Condition, Matching, Within
from .documented_fields import DATE, ID, NUMBER, TEXT, Kind

_OWN: Final = {
    "_id": ID,
    "created": DATE,
    "lastUpdated": DATE,
    **dict.fromkeys(("name", "description", "createdBy", "lastUpdatedBy"), TEXT),
}
AUTOMATION_FIELDS: Final[Mapping[str, Kind]] = {
    **_OWN,
    **dict.fromkeys(("componentType", "componentId", "componentName"), TEXT),
}
TRIGGER_FIELDS: Final[Mapping[str, Kind]] = {
    **_OWN,
    "actionId": ID,
    "lastExecuted": NUMBER,
    **dict.fromkeys(("type", "actionType", "routeName", "verb", "jst", "formId"), TEXT),
}


def conditions_of(given: JsonObject, fields: Mapping[str, Kind]) -> Iterator[Condition]:
    """RequestInvalid where one of a pair stands alone, or the field is none."""
    for name, condition_of in _OPERATORS.items():
        value, path = given.get(name), given.get(f"{name}Field")
        if value is None and path is None:
            continue
        for alone, other in ((value, f"{name}Field"), (path, name)):
            if given.get(other) is None and alone is not None:
                this = name if other.endswith("Field") else f"{name}Field"
                message = f"Parameter '{this}' must be used in conjunction with '{other}'"
                raise RequestInvalid([Fault("dependentRequired", f"/{this}", f"#/{this}", message)])
        kind = fields.get(path) if isinstance(path, str) else None
        if kind is None:
            raise checks.invalid("enum", f"/{name}Field", f"must be one of {', '.join(sorted(fields))}")
        yield condition_of(str(path), kind, value, f"/{name}")


def whether(given: JsonObject, name: str) -> Iterator[Condition]:
    """`name=true` or `name=false`."""
    value = given.get(name)
    if value is None:
        return
    if value not in (True, False, "true", "false"):
        raise checks.invalid("type", f"/{name}", "must be true or false")
    yield Among(name, (value in (True, "true"),))


def _equals(path: str, kind: Kind, value: Json, pointer: str) -> Condition:
    return Among(path, kind.read(value, pointer))


def _bound(side: Literal["after", "since", "before", "until"]) -> Callable[[str, Kind, Json, str], Condition]:
    def condition_of(path: str, kind: Kind, value: Json, pointer: str) -> Condition:
        bounds: dict[str, Json] = {side: kind.read(value, pointer)[0]}
        return Within(path, **bounds)

    return condition_of


def _matching(where: Literal["contains", "starts"]) -> Callable[[str, Kind, Json, str], Condition]:
    def condition_of(path: str, kind: Kind, value: Json, pointer: str) -> Condition:
        if not kind.is_text:
            raise checks.invalid("enum", f"{pointer}Field", "is not text: it is compared as a whole, with equals")
        return Matching(path, where, checks.text(value, pointer))

    return condition_of


_OPERATORS: Final[Mapping[str, Callable[[str, Kind, Json, str], Condition]]] = {
    "equals": _equals,
    "contains": _matching("contains"),
    "startsWith": _matching("starts"),
    "greaterThan": _bound("after"),
    "greaterThanEquals": _bound("since"),
    "lessThan": _bound("before"),
    "lessThanEquals": _bound("until"),
}
