"""Tasks on objects, and between values and their text: setObjectKey, objectToString, parse, numberToString."""

from ...models.json import Json, is_array, is_number, is_object
from ...models.language.javascript import number as javascript_number
from ...models.language.javascript import number_text, text, to_json
from ...models.language.json_text import from_json
from ...models.language.undefined import UNDEFINED
from .arguments import json_object, number, string, unset, whole
from .task import TaskFailed, returning

LONGEST_GAP = 1000  # elements that one setObjectKey may add to an array
FRACTION_DIGITS = 52  # the bits of a double's fraction

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@returning("object", "setObjectKey", ("obj", "path", "value"))
def set_object_key(target: Json, path: Json, value: Json) -> Json:
    """Give a copy of an object with a value set at a path of keys; missing parents are made."""
    keys = path if is_array(path) else [] if unset(path) else [path]
    root: Json = {} if unset(target) else target
    if not is_array(root):
        json_object(root, "obj")
    if not keys:
        return root
    parents: list[Json] = []
    place: Json = root
    for key in keys:
        parent = place if is_object(place) or is_array(place) else {}
        parents.append(parent)
        place = _element(parent, key)
    result: Json = None if value is UNDEFINED else value
    for parent, key in zip(reversed(parents), reversed(keys), strict=True):
        result = _with(parent, key, result)
    return result


@returning("stringified", "objectToString", ("value", "replacer", "space"))
def object_to_string(value: Json, replacer: Json, space: Json) -> Json:
    """Write a value as JSON; an array of names as replacer keeps those keys only."""
    if value is UNDEFINED:
        return UNDEFINED
    kept = _kept(value, [text(name) for name in replacer], 0) if is_array(replacer) else value
    if is_number(space):
        return to_json(kept, max(0, min(10, int(space))))
    return to_json(kept, space[:10] if isinstance(space, str) else None)


@returning("textObject", "parse", ("text",))
def parse(written: Json) -> Json:
    """Read a JSON text."""
    return from_json(string(written, "text"))


@returning("numToString", "numberToString", ("num", "radix"))
def number_to_string(value: Json, radix: Json) -> Json:
    """Write a number in base 10, or in a base between 2 and 36."""
    amount = number(value, "num")
    base = whole(radix, "radix", default=10)
    if not 2 <= base <= 36:
        raise TaskFailed(f"'radix' must be between 2 and 36, not {base}.")
    return number_text(javascript_number(amount)) if base == 10 else _in_base(amount, base)


def _element(parent: Json, key: Json) -> Json:
    if is_object(parent):
        return parent.get(text(key))
    at = whole(key, "path")
    return parent[at] if 0 <= at < len(parent) else None


def _with(parent: Json, key: Json, value: Json) -> Json:
    if is_object(parent):
        return {**parent, text(key): value}
    at = whole(key, "path")
    if not 0 <= at < len(parent) + LONGEST_GAP:
        raise TaskFailed(f"'path' has the index {at}, in an array of {len(parent)} elements.")
    items = [*parent, *[None] * (at + 1 - len(parent))]
    items[at] = value
    return items


def _kept(value: Json, names: list[str], depth: int) -> Json:
    if depth > 200:
        raise TaskFailed("objectToString goes 200 levels deep and no deeper.")
    if is_object(value):
        return {name: _kept(value[name], names, depth + 1) for name in names if name in value}
    return [_kept(item, names, depth + 1) for item in value] if is_array(value) else value


def _in_base(amount: int | float, base: int) -> str:
    rest = abs(int(amount))
    digits = ""
    while rest or not digits:
        rest, digit = divmod(rest, base)
        digits = _DIGITS[digit] + digits
    fraction = abs(amount) % 1
    if fraction:
        digits += "."
        for _ in range(FRACTION_DIGITS):
            digit, fraction = divmod(fraction * base, 1)
            digits += _DIGITS[int(digit)]
            if not fraction:
                break
    return ("-" if amount < 0 else "") + digits


TASKS = (set_object_key, object_to_string, parse, number_to_string)
