"""Reads and writes JSON, however large, in pieces between which other threads have their turn."""

import json
import math
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

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


# Characters of texts, and eight for each item, that orjson writes in one go. It takes a few ms, and a buffer of some
# hundred KB: where memory is short, orjson ends the process if it cannot enlarge its buffer.
PIECE: Final = 256 * 1024

_SCALAR: Final = 8
_CONTAINERS: Final[tuple[Any, ...]] = (dict, list)


def write_json(value: object, option: int = 0) -> bytes:
    """What orjson writes, with its options."""
    return b"".join(write_pieces(value, option))


def write_pieces(value: object, option: int = 0) -> list[bytes]:
    """The same, of a long value in pieces of some hundred KB at most."""
    return list(_Pieces(value, option).of(value)) if _is_long(value) else [orjson.dumps(value, option=option)]


class _Pieces:
    """The JSON text of a long value in pieces. Every container is weighed once, whatever it is in."""

    def __init__(self, value: object, option: int) -> None:
        self._option = option
        self._weights = _weights_of(value)

    def of(self, value: object) -> Iterator[bytes]:
        if isinstance(value, str):
            yield b'"'
            yield from (orjson.dumps(value[at : at + PIECE])[1:-1] for at in range(0, len(value), PIECE))
            yield b'"'
        elif is_object(value):
            yield from self._of_object(value)
        elif is_array(value):
            yield from self._of_array(value)
        else:
            yield orjson.dumps(value, option=self._option)

    def _of_object(self, value: JsonObject) -> Iterator[bytes]:
        items = sorted(value.items(), key=_key) if self._option & orjson.OPT_SORT_KEYS else list(value.items())
        before = b"{"
        for start, end in self._runs([item for _, item in items], [name for name, _ in items]):
            yield before
            before = b","
            if end - start == 1 and self._weight(items[start][1]) > PIECE:
                yield orjson.dumps(items[start][0]) + b":"
                yield from self.of(items[start][1])
            else:
                yield orjson.dumps(dict(items[start:end]), option=self._option)[1:-1]
        yield b"}"

    def _of_array(self, value: list[Json]) -> Iterator[bytes]:
        before = b"["
        for start, end in self._runs(value, ()):
            yield before
            before = b","
            if end - start == 1 and self._weight(value[start]) > PIECE:
                yield from self.of(value[start])
            else:
                yield orjson.dumps(value[start:end], option=self._option)[1:-1]
        yield b"]"

    def _runs(self, items: list[Json], names: Sequence[str]) -> Iterator[tuple[int, int]]:
        """The items that are written together, as (start, end); one that is longer than a piece is alone."""
        kinds: set[Any] = set(map(type, items))
        if not names and kinds.isdisjoint(_CONTAINERS):
            longest = max((len(item) for item in items if isinstance(item, str)), default=0) if str in kinds else 0
            step = max(PIECE // (longest + _SCALAR), 1)
            yield from ((start, min(start + step, len(items))) for start in range(0, len(items), step))
            return
        start = size = 0
        for at, item in enumerate(items):
            weight = self._weight(item) + (len(names[at]) if names else 0)
            if at > start and size + weight > PIECE:
                yield start, at
                start, size = at, 0
            size += weight
        if items:
            yield start, len(items)

    def _weight(self, item: Json) -> int:
        if type(item) in _CONTAINERS:
            return self._weights[id(item)]
        return _SCALAR + len(item) if isinstance(item, str) else _SCALAR


def _is_long(value: object) -> bool:
    """Whether the value has more characters as JSON than a piece, about; the look ends where it is long."""
    if type(value) not in _CONTAINERS:
        return isinstance(value, str) and len(value) > PIECE
    weight = 0
    level: list[Any] = [value]
    while level:
        inside: list[Any] = []
        for part in level:
            weight += _own_weight(part, inside)
            if weight > PIECE:
                return True
        level = inside
    return False


def _weights_of(value: object) -> dict[int, int]:
    """About how many characters each container of the value has as JSON, by its identity."""
    if type(value) not in _CONTAINERS:
        return {}
    containers: list[Any] = [value]  # each before what it contains
    parents, weights = [0], list[int]()
    for at, part in enumerate(containers):  # which grows meanwhile
        before = len(containers)
        weights.append(_own_weight(part, containers))
        parents += [at] * (len(containers) - before)
    for at in range(len(containers) - 1, 0, -1):
        weights[parents[at]] += weights[at]
    return dict(zip(map(id, containers), weights, strict=True))


def _own_weight(part: Any, inside: list[Any]) -> int:
    """The characters of a container without those of the containers in it, which are added to `inside`."""
    weight = len(part) * _SCALAR
    items: Any = part
    if is_object(part):
        weight += len("".join(part))
        items = part.values()
    kinds: set[Any] = set(map(type, items))
    if str in kinds:
        weight += sum(map(len, items if len(kinds) == 1 else [item for item in items if type(item) is str]))
    if not kinds.isdisjoint(_CONTAINERS):
        inside += [item for item in items if type(item) in _CONTAINERS]
    return weight


def _key(item: tuple[str, Json]) -> str:
    return item[0]
