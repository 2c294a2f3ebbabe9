"""`JSON.parse`: the value that a JSON text spells, with JavaScript's numbers."""

import json

from ...json import Json
from ..errors import LanguageError
from .coercion import number

MOST_CONTAINERS = 500_000  # all are made in one go, while no other thread has its turn


def from_json(written: str) -> Json:
    """Read JSON strictly: NaN, infinities and halves of surrogate pairs (no store takes those) are refused."""
    if written.count("{") + written.count("[") > MOST_CONTAINERS:
        raise LanguageError(f"This JSON text has more than the {MOST_CONTAINERS:,} objects and arrays that may be.")
    try:
        value = json.loads(written, parse_constant=_refuse, parse_int=_number, parse_float=_number)
        if "\\u" in written:
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as fault:
        raise LanguageError(f"This text is not JSON: {fault}.") from None
    return value


def _number(digits: str) -> int | float:
    return number(int(digits) if len(digits) < 16 and digits.lstrip("-").isdigit() else float(digits))


def _refuse(constant: str) -> Json:
    raise ValueError(f"{constant} is no JSON")
