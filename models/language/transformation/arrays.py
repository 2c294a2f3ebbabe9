"""Array's methods that call no function. Those that change an array in JavaScript give a changed copy here."""

from collections.abc import Mapping

from ..errors import LanguageError
from ..javascript import coercion as javascript
from ..javascript.coercion import UNDEFINED
from ..javascript.values import clamped, relative, to_integer
from .calls import Call, Method
from .objects import get_property
from .pointers import with_item
from .properties import index_of, own
from .sets import UniqueValues, same_key
from .value import Members, Value, is_array, is_object


def _at(call: Call) -> Value:
    array, index = call.array(), to_integer(call[1])
    index = index + len(array) if index < 0 else index
    return array[int(index)] if 0 <= index < len(array) else UNDEFINED


def _copy_within(call: Call) -> list[Value]:
    array = list(call.array())
    target, start = relative(call[1], len(array), 0), relative(call[2], len(array), 0)
    count = max(min(relative(call[3], len(array), len(array)) - start, len(array) - target), 0)
    array[target : target + count] = array[start : start + count]
    return call.made(array)


def _concat(call: Call) -> list[Value]:
    joined = list(call.array())
    for value in call.rest(1):
        joined.extend(value if is_array(value) else [value])
        call.world.budget.allow_array(len(joined))
    return joined


def _entries(call: Call) -> list[Value]:
    return call.made([[index, item] for index, item in enumerate(call.array())])


def _fill(call: Call) -> list[Value]:
    filled = list(call.array())
    start, end = relative(call[2], len(filled), 0), relative(call[3], len(filled), len(filled))
    filled[start:end] = [call[1]] * max(end - start, 0)
    return call.made(filled)


def _flat(call: Call) -> list[Value]:
    flat = call.array()
    depth = 1 if call[1] is UNDEFINED else to_integer(call[1])
    while depth > 0 and any(is_array(item) for item in flat):
        flat = [inner for item in flat for inner in (item if is_array(item) else [item])]
        call.made(flat)
        depth -= 1
    return call.made(list(flat))


def _from(call: Call) -> list[Value]:
    value = call.receiver()
    if isinstance(value, UniqueValues):
        return call.made(list(value.values))
    if is_array(value) or isinstance(value, str):
        return call.made(list(value))
    if is_object(value) and "length" in value:
        length = max(to_integer(javascript.to_number(value["length"])), 0)
        call.world.budget.allow_array(length)
        return [value.get(str(index), UNDEFINED) for index in range(int(length))]
    return []


def _includes(call: Call) -> bool:
    array, wanted = call.array(), same_key(call[1])
    start = relative(call[2], len(array), 0)
    return any(same_key(item) == wanted for item in array[start:])


def _index_of(call: Call) -> int:
    array = call.array()
    start = relative(call[2], len(array), 0)
    return next((at for at in range(start, len(array)) if javascript.strictly_equal(array[at], call[1])), -1)


def _last_index_of(call: Call) -> int:
    array = call.array()
    last = to_integer(call[2]) if call.has(2) else len(array) - 1
    start = clamped(last + len(array) if last < 0 else last, -1, len(array) - 1)
    return next((at for at in range(start, -1, -1) if javascript.strictly_equal(array[at], call[1])), -1)


def _join(call: Call) -> str:
    array = call.world.budget.walked(call.array())
    separator = "," if call[1] is UNDEFINED else call.text(1)
    texts = ["" if item is None or item is UNDEFINED else javascript.text(item) for item in array]
    return call.world.budget.joined(texts, separator)


def _length(call: Call) -> Value:
    """`value.length`: whatever has none gives undefined."""
    return own(call.receiver(), "length")


def _pop(call: Call) -> Members:
    array = call.array()
    return {"value": array[-1] if array else UNDEFINED, "array": call.made(array[:-1])}


def _shift(call: Call) -> Members:
    array = call.array()
    return {"value": array[0] if array else UNDEFINED, "array": call.made(array[1:])}


def _set_index(call: Call) -> Value:
    array, index = call.array(), index_of(call[1])
    return list(array) if index is None else with_item(array, index, call[2], call.world.budget)


def _slice(call: Call) -> list[Value]:
    array = call.array()
    return call.made(array[relative(call[1], len(array), 0) : relative(call[2], len(array), len(array))])


def _splice(call: Call) -> Members:
    array = call.array()
    start = relative(call[1], len(array), 0)
    if not call.has(1):
        count = 0
    elif not call.has(2):
        count = len(array) - start
    else:
        count = clamped(call[2], 0, len(array) - start)
    kept = [*array[:start], *call.rest(3), *array[start + count :]]
    return {"spliced": array[start : start + count], "array": call.made(kept)}


def _with(call: Call) -> list[Value]:
    """A copy with one item replaced, and an error where there is none; setIndex extends the array instead."""
    array, index = call.array(), to_integer(call.number(1))
    index = index + len(array) if index < 0 else index
    if not 0 <= index < len(array):
        raise LanguageError(f"Invalid index: {javascript.text(call[1])}")
    return with_item(array, int(index), call[2], call.world.budget)


def _reversed(call: Call) -> list[Value]:
    return call.made(call.array()[::-1])


METHODS: Mapping[str, Method] = {
    "Array.at": _at,
    "Array.concat": _concat,
    "Array.copyWithin": _copy_within,
    "Array.entries": _entries,
    "Array.fill": _fill,
    "Array.flat": _flat,
    "Array.from": _from,
    "Array.getIndex": get_property,
    "Array.includes": _includes,
    "Array.indexOf": _index_of,
    "Array.isArray": lambda call: is_array(call[0]),
    "Array.join": _join,
    "Array.keys": lambda call: call.made(list(range(len(call.array())))),
    "Array.lastIndexOf": _last_index_of,
    "Array.length": _length,
    "Array.of": lambda call: call.made(call.rest(0)),
    "Array.pop": _pop,
    "Array.push": lambda call: call.made([*call.array(), *call.rest(1)]),
    "Array.reverse": _reversed,
    "Array.setIndex": _set_index,
    "Array.shift": _shift,
    "Array.slice": _slice,
    "Array.splice": _splice,
    "Array.toReversed": _reversed,
    "Array.toSpliced": lambda call: _splice(call)["array"],
    "Array.toString": lambda call: call.made(javascript.text(call.world.budget.walked(call.array()))),
    "Array.unshift": lambda call: call.made([*call.rest(1), *call.array()]),
    "Array.values": lambda call: call.made(list(call.array())),
    "Array.with": _with,
}
