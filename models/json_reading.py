"""Reads JSON texts, however large, so that other threads have their turn meanwhile.

orjson makes the whole value in one go, which nobody can interrupt, and asks the system for twelve times the text in
memory beforehand. The standard library's parser takes up to twice as long, but calls functions of ours on its way.
"""

import json
import math
import re
from typing import Final

import orjson

from .json import Json, JsonObject

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
