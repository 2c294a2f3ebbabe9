"""Object's methods, and reading a property as every library does it."""

import math
from collections.abc import Mapping

from ...json import is_number
from ..errors import LanguageError
from ..javascript import coercion as javascript
from ..javascript.coercion import UNDEFINED
from .calls import Call, Method, kind
from .pointers import with_item
from .properties import has, index_of, keys, own
from .sets import same_key
from .value import Members, Value, is_array, is_object


def get_property(call: Call) -> Value:
    value, key = call[0], call.world.budget.walked(call[1])
    if value is None or value is UNDEFINED:
        raise LanguageError(f"Cannot read properties of {javascript.text(value)} (reading '{javascript.text(key)}')")
    return own(value, key)


def _optional_chaining(call: Call) -> Value:
    value = call[0]
    for key in call.rest(1):
        value = own(value, call.world.budget.walked(key))
    return UNDEFINED if value is None and not call.rest(1) else value


def _set_property(call: Call) -> Value:
    value, key = call[0], call.text(1)
    if value is None or value is UNDEFINED:
        raise LanguageError(f"Cannot set properties of {javascript.text(value)} (setting '{key}')")
    if is_array(value):
        index = index_of(key)
        return call.made(list(value)) if index is None else with_item(value, index, call[2], call.world.budget)
    return call.made({**value, key: call[2]}) if is_object(value) else value


def _delete_property(call: Call) -> Value:
    value, key = call[0], call.text(1)
    if value is None or value is UNDEFINED:
        raise LanguageError(f"Cannot delete property '{key}' of {javascript.text(value)}")
    if is_array(value):
        index = index_of(key)
        if index is None or index >= len(value):
            return call.made(list(value))
        return with_item(value, index, UNDEFINED, call.world.budget)
    return call.made({name: item for name, item in value.items() if name != key}) if is_object(value) else value


def _entries(call: Call) -> list[Value]:
    value = _object(call)
    return call.made([[key, own(value, key)] for key in keys(value)])


def _values(call: Call) -> list[Value]:
    value = _object(call)
    return call.made([own(value, key) for key in keys(value)])


def _object(call: Call) -> Value:
    value = call[0]
    if value is None or value is UNDEFINED:
        raise LanguageError("Cannot convert undefined or null to object")
    return value


def _from_entries(call: Call) -> Members:
    made: Members = {}
    for entry in call.array():
        if not (is_array(entry) or is_object(entry)):
            raise LanguageError(f"Iterator value {kind(entry)} is not an entry object")
        made[javascript.text(call.world.budget.walked(own(entry, 0)))] = own(entry, 1)
    return call.made(made)


def _assign(call: Call) -> Value:
    made = _object(call)
    if not is_object(made):
        return made
    for other in call.rest(1):
        made = call.made({**made, **{key: own(other, key) for key in keys(other)}})
    return made


def _same_value(call: Call) -> bool:
    left, right = call[0], call[1]
    if is_number(left) and left == 0 == right and is_number(right):
        return math.copysign(1, left) == math.copysign(1, right)
    return same_key(left) == same_key(right)


def _has_own_property(call: Call) -> bool:
    return has(_object(call), call.text(1))


METHODS: Mapping[str, Method] = {
    "Object.assign": _assign,
    "Object.deleteProperty": _delete_property,
    "Object.entries": _entries,
    "Object.fromEntries": _from_entries,
    "Object.getProperty": get_property,
    "Object.hasOwn": _has_own_property,
    "Object.hasOwnProperty": _has_own_property,
    "Object.is": _same_value,
    "Object.keys": lambda call: call.made(list[Value](keys(_object(call)))),
    "Object.optional chaining": _optional_chaining,
    "Object.setProperty": _set_property,
    "Object.values": _values,
}
