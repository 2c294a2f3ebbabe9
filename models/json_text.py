"""Reads and writes JSON, however large, in pieces between which other threads have their turn."""

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeVar

import orjson

from .json import Json, JsonObject, is_array, is_object

LARGEST_AT_ONCE: Final = 512 * 1024  # bytes, in which orjson takes 10 ms

_HALF: Final = re.compile(rb"\\u[dD][89a-fA-F]")  # of a surrogate pair, which orjson refuses where it is alone


class _Otherwise(Exception):
    """What the two parsers read otherwise, or not at all."""


def read_json(written: bytes) -> Json:
    """As orjson reads it. JSONDecodeError for what is no JSON."""
    if len(written) <= LARGEST_AT_ONCE or _HALF.search(written):
        return orjson.loads(written)
    try:
        return json.loads(
            written.decode(), object_hook=_object, parse_int=_whole, parse_float=_number, parse_constant=_constant
        )
    except (ValueError, RecursionError, _Otherwise):
        return orjson.loads(written)  # which says what is wrong with it


def _object(value: JsonObject) -> JsonObject:
    return value


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) < 19 else orjson.loads(digits)


def _number(digits: str) -> float:
    if math.isinf(number := float(digits)):
        raise _Otherwise
    return number


def _constant(word: str) -> Json:
    raise _Otherwise


PIECE: Final = 256 * 1024  # characters, about, that orjson writes in one go: a few ms
MANY: Final = 10_000  # items that are looked at together

_SCALAR: Final = 8
_CONTAINERS: Final[tuple[Any, ...]] = (dict, list)

Group = TypeVar("Group", JsonObject, list[Json])


def write_json(value: object, option: int = 0) -> bytes:
    """What orjson writes, with its options."""
    return b"".join(_pieces(value, option)) if _weight(value) > PIECE else orjson.dumps(value, option=option)


def _pieces(value: object, option: int) -> Iterator[bytes]:
    """The JSON text of a value that is longer than a piece."""
    if isinstance(value, str):
        yield b'"'
        yield from (orjson.dumps(value[at : at + PIECE])[1:-1] for at in range(0, len(value), PIECE))
        yield b'"'
    elif is_object(value):
        items = sorted(value.items(), key=_key) if option & orjson.OPT_SORT_KEYS else list(value.items())
        yield from _joined(b"{}", _groups(items, dict[str, Json]), option)
    elif is_array(value):
        yield from _joined(b"[]", _groups(value, list[Json]), option)
    else:
        yield orjson.dumps(value, option=option)


def _joined(around: bytes, groups: Iterable[JsonObject | list[Json]], option: int) -> Iterator[bytes]:
    """The text of an array or object: some items in each piece, and an item that is longer in pieces of its own."""
    before = around[:1]
    for group in groups:
        yield before
        before = b","
        if len(group) > 1 or _weight(group) <= PIECE:
            yield orjson.dumps(group, option=option)[1:-1]
        elif is_array(group):
            yield from _pieces(group[0], option)
        elif is_object(group):
            ((name, only),) = group.items()
            yield orjson.dumps(name) + b":"
            yield from _pieces(only, option)
    yield around[1:]


def _groups(items: list[Any], made: Callable[[list[Any]], Group]) -> Iterator[Group]:
    """The items in their order, as many together as make a piece; a longer one is alone."""
    waiting = [items[at : at + MANY] for at in range(0, len(items), MANY)][::-1]
    while waiting:
        some = waiting.pop()
        if len(some) > 1 and _weight(made(some)) > PIECE:
            middle = len(some) // 2
            waiting += [some[middle:], some[:middle]]
        else:
            yield made(some)


def _weight(value: object) -> int:
    """About how many characters the value has as JSON; little more than PIECE for one with more."""
    weight = 0
    level: list[Any] = [value]
    while level:
        inside: list[Any] = []
        for part in level:
            if is_object(part):
                weight += len("".join(part))
            elif not is_array(part):
                weight += len(part) if isinstance(part, str) else 0
                continue
            weight += len(part) * _SCALAR
            if weight > PIECE:
                return weight
            items: Any = part.values() if is_object(part) else part
            kinds: set[Any] = set(map(type, items))
            if str in kinds:
                weight += sum(map(len, items if len(kinds) == 1 else [item for item in items if type(item) is str]))
            if not kinds.isdisjoint(_CONTAINERS):
                inside += [item for item in items if type(item) in _CONTAINERS]
        level = inside if weight <= PIECE else []
    return weight


def _key(item: tuple[str, Json]) -> str:
    return item[0]
