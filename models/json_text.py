"""Reads and writes JSON, however large, in pieces between which other threads have their turn."""

import json
import math
import re
from collections.abc import Iterator
from itertools import chain, islice
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


LONG: Final = 256 * 1024  # characters of a text
MANY: Final = 10_000  # elements of an array, or keys of an object

_CONTAINERS: Final[tuple[Any, ...]] = (dict, list)


def write_json(value: Json, option: int = 0) -> bytes:
    """What orjson writes, with its options."""
    return orjson.dumps(_in_pieces(value, option) if _is_long(value) else value, option=option)


def _is_long(value: Json) -> bool:
    """Whether something in it is; level by level, which takes a fraction of looking at part by part."""
    level: list[Json] = [[value]]
    while level:
        if max(map(len, level)) > MANY:
            return True
        items: list[Json] = list(chain.from_iterable(part.values() if is_object(part) else part for part in level))
        kinds: set[Any] = set(map(type, items))
        if str in kinds and max(len(item) for item in items if type(item) is str) > LONG:
            return True
        level = [] if kinds.isdisjoint(_CONTAINERS) else [item for item in items if type(item) in _CONTAINERS]
    return False


def _in_pieces(value: Json, option: int) -> Json:
    if isinstance(value, str):
        return orjson.Fragment(b'"%b"' % b"".join(_texts(value))) if len(value) > LONG else value
    if is_object(value):
        if len(value) > MANY:
            objects = (write_json(one, option)[1:-1] for one in _objects(value, option))
            return orjson.Fragment(b"{%b}" % b",".join(objects))
        return {key: _in_pieces(item, option) for key, item in value.items()}
    if is_array(value):
        if len(value) > MANY:
            arrays = (write_json(value[at : at + MANY], option)[1:-1] for at in range(0, len(value), MANY))
            return orjson.Fragment(b"[%b]" % b",".join(arrays))
        return [_in_pieces(item, option) for item in value]
    return value


def _texts(text: str) -> Iterator[bytes]:
    return (orjson.dumps(text[at : at + LONG])[1:-1] for at in range(0, len(text), LONG))


def _objects(whole: JsonObject, option: int) -> Iterator[JsonObject]:
    items = iter(sorted(whole.items(), key=_key) if option & orjson.OPT_SORT_KEYS else whole.items())
    while piece := dict(islice(items, MANY)):
        yield piece


def _key(item: tuple[str, Json]) -> str:
    return item[0]
