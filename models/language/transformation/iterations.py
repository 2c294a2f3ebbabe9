"""Array's methods that call a function of the transformation for each item."""

from collections.abc import Callable, Mapping

from ..errors import LanguageError
from ..javascript import coercion as javascript
from ..javascript.coercion import UNDEFINED
from .budget import Work
from .calls import ArrayMethod, Call, Callback
from .value import Value, is_array


def _needed(call: Call, function: Callback | None) -> Callback:
    if function is None:
        raise LanguageError(f"{call.name}: undefined is not a function.")
    return function


def _map(call: Call, function: Callback | None) -> Work:
    call_back, array = _needed(call, function), call.array()
    mapped: list[Value] = []
    for index, item in enumerate(array):
        mapped.append((yield call_back(item, index, array)))
    return mapped


def _filter(call: Call, function: Callback | None) -> Work:
    call_back, array = _needed(call, function), call.array()
    kept: list[Value] = []
    for index, item in enumerate(array):
        if javascript.truthy((yield call_back(item, index, array))):
            kept.append(item)
    return kept


def _flat_map(call: Call, function: Callback | None) -> Work:
    call_back, array = _needed(call, function), call.array()
    flat: list[Value] = []
    for index, item in enumerate(array):
        made = yield call_back(item, index, array)
        flat.extend(made if is_array(made) else [made])
        call.world.budget.allow_array(len(made) if is_array(made) else 1)
    return call.made(flat)


def _searching(
    answer: Callable[[Value, int], Value], wanted: bool, otherwise: Value, *, backwards: bool = False
) -> ArrayMethod:
    """Ask for item after item until the function says `wanted`; then `answer`, and `otherwise` at the end."""

    def method(call: Call, function: Callback | None) -> Work:
        call_back, array = _needed(call, function), call.array()
        order = range(len(array))
        for index in reversed(order) if backwards else order:
            if javascript.truthy((yield call_back(array[index], index, array))) is wanted:
                return answer(array[index], index)
        return otherwise

    return method


def _reducing(backwards: bool) -> ArrayMethod:
    def method(call: Call, function: Callback | None) -> Work:
        call_back, array = _needed(call, function), call.array()
        order = list(range(len(array)))
        if backwards:
            order.reverse()
        if call.has(2):
            accumulator = call[2]
        elif order:
            accumulator = array[order.pop(0)]
        else:
            raise LanguageError("Reduce of empty array with no initial value")
        for index in order:
            accumulator = yield call_back(accumulator, array[index], index, array)
        return accumulator

    return method


def _sort(call: Call, function: Callback | None) -> Work:
    """By text in UTF-16 order without a function. Stable; undefined goes to the end and is never compared."""
    array = call.array()
    defined = [item for item in array if item is not UNDEFINED]
    ends = [UNDEFINED] * (len(array) - len(defined))
    if function is None:
        call.world.budget.walked(defined)
        return [*sorted(defined, key=lambda item: javascript.text(item).encode("utf-16-be", "surrogatepass")), *ends]
    placed: list[Value] = []
    for item in defined:
        low, high = 0, len(placed)
        while low < high:
            middle = (low + high) // 2
            if javascript.to_number((yield function(item, placed[middle]))) < 0:
                high = middle
            else:
                low = middle + 1
        placed.insert(low, item)
    return [*placed, *ends]


# By method: the function, and the argument from which on the callback's context is given.
METHODS: Mapping[str, tuple[ArrayMethod, int]] = {
    "Array.every": (_searching(lambda item, index: False, wanted=False, otherwise=True), 2),
    "Array.filter": (_filter, 2),
    "Array.find": (_searching(lambda item, index: item, wanted=True, otherwise=UNDEFINED), 2),
    "Array.findIndex": (_searching(lambda item, index: index, wanted=True, otherwise=-1), 2),
    "Array.findLast": (_searching(lambda item, index: item, wanted=True, otherwise=UNDEFINED, backwards=True), 2),
    "Array.findLastIndex": (_searching(lambda item, index: index, wanted=True, otherwise=-1, backwards=True), 2),
    "Array.flatMap": (_flat_map, 2),
    "Array.map": (_map, 2),
    "Array.reduce": (_reducing(backwards=False), 3),
    "Array.reduceRight": (_reducing(backwards=True), 3),
    "Array.some": (_searching(lambda item, index: True, wanted=True, otherwise=False), 2),
    "Array.sort": (_sort, 2),
    "Array.toSorted": (_sort, 2),
}
