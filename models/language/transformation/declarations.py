"""Declarations: `new Array`, `new Object` and the others."""

import math
from collections.abc import Mapping

from ..errors import LanguageError
from ..javascript import coercion as javascript
from ..javascript.coercion import UNDEFINED
from .calls import Call, Method
from .dates import new_date
from .json_text import parse
from .regexps import RegExp, regexp
from .sets import UniqueValues, unique
from .value import Value

ITEMS, LENGTH = 0, 1  # the two forms of `new Array`


def _new_array(call: Call) -> list[Value]:
    if call.polymorph != LENGTH or not call.has(0):
        return call.made(call.rest(0))
    length = call.number(0)
    if not (math.isfinite(length) and 0 <= length < 2**32 and length == int(length)):
        raise LanguageError("Invalid array length")
    call.world.budget.allow_array(length)
    return [UNDEFINED] * int(length)


def _new_object(call: Call) -> Value:
    """The argument is an object or the JSON text of one; a text that is none stays a text."""
    value = call[0]
    if value is None or value is UNDEFINED:
        return {}
    if not isinstance(value, str):
        return value
    call.world.budget.spend(len(value))
    try:
        return parse(value)
    except LanguageError:
        return value


def _new_set(call: Call) -> UniqueValues:
    value = call[0]
    if value is None or value is UNDEFINED:
        return UniqueValues(())
    if isinstance(value, UniqueValues):
        return value
    return unique(call.made(list(value) if isinstance(value, str) else list(call.array())))


def _new_regexp(call: Call) -> RegExp:
    return regexp(call, 0, 1)


METHODS: Mapping[str, Method] = {
    "new Array": _new_array,
    "new Boolean": lambda call: javascript.truthy(call[0]),
    "new Date": new_date,
    "new Null": lambda call: None,
    "new Number": lambda call: call.number(0) if call.has(0) else 0,
    "new Object": _new_object,
    "new RegExp": _new_regexp,
    "new Set": _new_set,
    "new String": lambda call: call.text(0) if call.has(0) else "",
    "new Undefined": lambda call: UNDEFINED,
}
