"""String's methods on text alone. Positions and lengths count UTF-16 code units."""

import math
import sys
from collections.abc import Callable, Mapping
from typing import Final

from ..collation import LONGEST_COMPARED, compare
from ..errors import LanguageError
from ..javascript import coercion as javascript
from ..javascript.coercion import UNDEFINED
from ..javascript.normalization import normalize
from ..javascript.values import in_pieces, join_units, relative, to_integer, to_uint32, well_formed
from .calls import Call, Method
from .properties import own
from .value import Value

LONGEST_WITH_SIGMA: Final = 1_000_000  # characters


def _concat(call: Call) -> str:
    present = (index for index in range(1, len(call.arguments)) if call.has(index))
    return call.world.budget.joined([call.own_text(), *map(call.text, present)])


def _at(call: Call) -> Value:
    units, at = call.own_units(), to_integer(call.number(1)) if call.has(1) else 0
    at = at + len(units) if at < 0 else at
    return units[int(at)] if 0 <= at < len(units) else UNDEFINED


def _char_at(call: Call) -> str:
    units, at = call.own_units(), to_integer(call.number(1)) if call.has(1) else 0
    return units[int(at)] if 0 <= at < len(units) else ""


def _char_code_at(call: Call) -> int | float:
    character = _char_at(call)
    return ord(character) if character else math.nan


def _code_point_at(call: Call) -> Value:
    units, at = call.own_units(), to_integer(call.number(1)) if call.has(1) else 0
    if not 0 <= at < len(units):
        return UNDEFINED
    return ord(join_units(units[int(at) : int(at) + 2])[0])


def _includes(call: Call) -> bool:
    units = call.own_units()
    return call.units(1) in units[call.position(2, len(units)) :]


def _index_of(call: Call) -> int:
    units = call.own_units()
    return units.find(call.units(1), call.position(2, len(units)))


def _last_index_of(call: Call) -> int:
    units, wanted = call.own_units(), call.units(1)
    from_end = math.isnan(call.number(2))
    start = len(units) if from_end else call.position(2, len(units), len(units))
    return units.rfind(wanted, 0, start + len(wanted))


def _starts_with(call: Call) -> bool:
    units = call.own_units()
    return units.startswith(call.units(1), call.position(2, len(units)))


def _ends_with(call: Call) -> bool:
    units = call.own_units()
    return units[: call.position(2, len(units), len(units))].endswith(call.units(1))


def _substring(call: Call) -> str:
    units = call.own_units()
    start, end = sorted((call.position(1, len(units)), call.position(2, len(units), len(units))))
    return call.made(join_units(units[start:end]))


def _slice(call: Call) -> str:
    units = call.own_units()
    return call.made(join_units(units[relative(call[1], len(units), 0) : relative(call[2], len(units), len(units))]))


def _substr(call: Call) -> str:
    units = call.own_units()
    start = relative(call[1], len(units), 0)
    length = call.position(2, len(units), len(units))
    return call.made(join_units(units[start : start + length]))


def _padding(join: Callable[[str, str], str]) -> Method:
    def method(call: Call) -> str:
        units, length = call.own_units(), to_integer(call.number(1))
        filler = " " if call[2] is UNDEFINED else call.units(2)
        missing = length - len(units)
        if missing <= 0 or filler == "":
            return join_units(units)
        call.world.budget.allow_text(length)
        padding = (filler * (int(missing) // len(filler) + 1))[: int(missing)]
        return join_units(join(padding, units))

    return method


def _repeat(call: Call) -> str:
    text, count = call.own_text(), to_integer(call.number(1))
    if count < 0 or math.isinf(count):
        raise LanguageError(f"Invalid count value: {javascript.text(count)}")
    call.world.budget.allow_text(len(text) * count)
    return text * int(count)


def _upper(text: str) -> str:
    return text.upper() if text.isascii() else in_pieces(text, str.upper)


def _lower(text: str) -> str:
    """A sigma at the end of a word has a letter of its own: what is around it counts, and the text stays whole."""
    if text.isascii():
        return text.lower()
    if "Σ" not in text:
        return in_pieces(text, str.lower)
    if len(text) > LONGEST_WITH_SIGMA:
        raise LanguageError(
            f"A text of {len(text):,} characters with a capital sigma is longer than the {LONGEST_WITH_SIGMA:,} that "
            "are written in lower case."
        )
    return text.lower()


def _normalize(call: Call) -> str:
    form = "NFC" if call[1] is UNDEFINED else call.text(1)
    if form not in ("NFC", "NFD", "NFKC", "NFKD"):
        raise LanguageError(f"The normalization form should be one of NFC, NFD, NFKC, NFKD, not {form}.")
    return call.made(normalize(form, call.own_text()))


def _from_char_code(call: Call) -> str:
    return call.made(join_units("".join(chr(to_uint32(call.number(at)) % 2**16) for at in range(len(call.arguments)))))


def _from_code_point(call: Call) -> str:
    points = [call.number(at) for at in range(len(call.arguments))]
    for point in points:
        if not (0 <= point <= sys.maxunicode and point == int(point)):
            raise LanguageError(f"Invalid code point {javascript.text(point)}")
    return call.made("".join(chr(int(point)) for point in points))


def _locale_compare(call: Call) -> int:
    one, other = call.own_text(), call.text(1)
    if (longest := max(len(one), len(other))) > LONGEST_COMPARED:
        raise LanguageError(f"A text of {longest} characters is over the limit of {LONGEST_COMPARED} for a comparison.")
    call.world.budget.spend(len(one) + len(other))
    return compare(one, other)


def _made_by(change: Callable[[str], str]) -> Method:
    return lambda call: call.made(change(call.own_text()))


METHODS: Mapping[str, Method] = {
    "String.at": _at,
    "String.charAt": _char_at,
    "String.charCodeAt": _char_code_at,
    "String.codePointAt": _code_point_at,
    "String.concat": _concat,
    "String.endsWith": _ends_with,
    "String.fromCharCode": _from_char_code,
    "String.fromCodePoint": _from_code_point,
    "String.includes": _includes,
    "String.indexOf": _index_of,
    "String.isWellFormed": lambda call: well_formed(call.own_text()) == call.own_text(),
    "String.lastIndexOf": _last_index_of,
    "String.length": lambda call: own(call.receiver(), "length"),
    "String.localeCompare": _locale_compare,
    "String.normalize": _normalize,
    "String.padEnd": _padding(lambda padding, text: text + padding),
    "String.padStart": _padding(lambda padding, text: padding + text),
    "String.repeat": _repeat,
    "String.slice": _slice,
    "String.startsWith": _starts_with,
    "String.substr": _substr,
    "String.substring": _substring,
    "String.toLocaleLowerCase": _made_by(_lower),
    "String.toLocaleUpperCase": _made_by(_upper),
    "String.toLowerCase": _made_by(_lower),
    "String.toString": _made_by(str),
    "String.toUpperCase": _made_by(_upper),
    "String.toWellFormed": _made_by(well_formed),
    "String.trim": _made_by(lambda text: text.strip(javascript.WHITE_SPACE)),
    "String.trimEnd": _made_by(lambda text: text.rstrip(javascript.WHITE_SPACE)),
    "String.trimStart": _made_by(lambda text: text.lstrip(javascript.WHITE_SPACE)),
    "String.valueOf": _made_by(str),
}
