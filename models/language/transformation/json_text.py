"""JSON as text, by `JSON.parse` and `JSON.stringify`."""

import json
import re
from collections.abc import Collection, Mapping
from json.encoder import encode_basestring

from ...json import is_number
from ..errors import LanguageError
from ..javascript import coercion as javascript
from ..javascript.coercion import UNDEFINED
from ..javascript.values import clamped
from .calls import Call, Method
from .properties import keys
from .value import Value, is_array, is_object

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def parse(text: str) -> Value:
    """What `JSON.parse` gives, with its errors for what is not JSON."""
    try:
        return json.loads(text, parse_int=_number, parse_float=_number, parse_constant=_refuse)
    except json.JSONDecodeError as fault:
        if fault.pos >= len(text):
            raise LanguageError("Unexpected end of JSON input") from None
        raise LanguageError(f"Unexpected token {text[fault.pos]} in JSON at position {fault.pos}") from None
    except RecursionError:
        raise LanguageError("The JSON text is nested too deeply.") from None


def _number(digits: str) -> int | float:
    return javascript.number(float(digits) if len(digits) > 16 else javascript.to_number(digits))


def _refuse(constant: str) -> Value:
    raise LanguageError(f"Unexpected token {constant[0]} in JSON: {constant} is not JSON.")


def stringify(value: Value, only: Collection[str] | None = None, gap: str = "", indent: str = "") -> str | None:
    """The JSON text of a value that is not nested too deeply; None where JavaScript gives undefined."""
    if value is UNDEFINED:
        return None
    if isinstance(value, javascript.Exotic):
        value = value.plain()
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return _LONE_SURROGATE.sub(lambda found: f"\\u{ord(found.group()):04x}", encode_basestring(value))
    if is_number(value):
        text = javascript.number_text(value)
        return "null" if text in ("NaN", "Infinity", "-Infinity") else text
    inner = indent + gap
    if is_array(value):
        return _bracketed("[]", [stringify(item, only, gap, inner) or "null" for item in value], gap, indent)
    members: list[str] = []
    if is_object(value):
        for key in keys(value) if only is None else [key for key in only if key in value]:
            text = stringify(value[key], only, gap, inner)
            if text is not None:
                members.append(f"{stringify(key)}:{' ' if gap else ''}{text}")
    return _bracketed("{}", members, gap, indent)


def _bracketed(brackets: str, parts: list[str], gap: str, indent: str) -> str:
    if not parts or not gap:
        return brackets[0] + ",".join(parts) + brackets[1]
    line = f"\n{indent}{gap}"
    return f"{brackets[0]}{line}{f',{line}'.join(parts)}\n{indent}{brackets[1]}"


def _stringify(call: Call) -> Value:
    value, replacer, space = call.world.budget.walked(call[0]), call[1], call[2]
    only = None
    if is_array(replacer):
        only = dict.fromkeys(javascript.text(key) for key in replacer if isinstance(key, str) or is_number(key))
    gap = space[:10] if isinstance(space, str) else " " * clamped(space, 0, 10) if is_number(space) else ""
    text = stringify(value, only, gap)
    return UNDEFINED if text is None else call.made(text)


def _parse(call: Call) -> Value:
    text = call.text(0)
    call.world.budget.spend(len(text))
    return parse(text)


METHODS: Mapping[str, Method] = {
    "JSON.parse": _parse,
    "JSON.stringify": _stringify,
    "JSON.type of": lambda call: javascript.type_of(call[0]),
    "JSON.typeof": lambda call: javascript.type_of(call[0]),
}
