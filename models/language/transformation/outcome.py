"""What leaves a transformation: plain JSON values."""

import math
from typing import cast

from ...json import Json, JsonObject
from ..javascript import coercion as javascript
from ..javascript import values
from ..javascript.coercion import UNDEFINED
from .budget import Budget
from .value import Members, Value, is_array, is_object


def plain(value: Value, budget: Budget) -> Json:
    """The JSON value of a result: undefined and NaN within it become null, or go with the key they stand under.

    Parts that were plain before are not copied, and a part that occurs many times is looked at once.
    """
    budget.walked(value)
    return _plain(value, {})


def _plain(value: Value, known: dict[int, Json]) -> Json:
    if isinstance(value, str):
        return values.well_formed(value)
    if isinstance(value, float):
        return javascript.number(value) if math.isfinite(value) else None
    if value is UNDEFINED:
        return None
    if isinstance(value, javascript.Exotic):
        return value.plain()
    if id(value) in known:
        return known[id(value)]
    if is_array(value):
        known[id(value)] = _plain_array(value, known)
    elif is_object(value):
        known[id(value)] = _plain_object(value, known)
    else:
        return value
    return known[id(value)]


def _plain_array(value: list[Value], known: dict[int, Json]) -> list[Json]:
    items = [_plain(item, known) for item in value]
    return cast(list[Json], value) if _same(items, value) and type(value) is list else items


def _plain_object(value: Members, known: dict[int, Json]) -> JsonObject:
    members = {values.well_formed(key): _plain(item, known) for key, item in value.items() if item is not UNDEFINED}
    same = len(members) == len(value) and _same(list(members.values()), list(value.values()))
    return cast(JsonObject, value) if same else members


def _same(left: list[Json], right: list[Value]) -> bool:
    """Whether nothing was changed: then the value before is plain too, as the casts say."""
    return all(one is other for one, other in zip(left, right, strict=True))
