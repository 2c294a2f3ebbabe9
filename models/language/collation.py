"""The order of texts for people, as `localeCompare` has it: the root of the Unicode collation, as CLDR tailors it.

Python has no collation of its own. The tables hold the order of Latin, Greek and Russian letters, of the marks on them
and of the symbols up to Latin-1, beside which node is the reference; other letters come after them, by their code.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final, TypeAlias

from .javascript.normalization import normalize

LONGEST_COMPARED: Final = 100_000  # characters: the keys are much larger than the texts

# A kind, a place within it, and the digits of a number that counts as one.
_Weight: TypeAlias = tuple[int, int, str]
Key: TypeAlias = tuple[list[_Weight], list[int], list[int]]

_KINDS: Final = {"Z": 0, "P": 1, "S": 2, "N": 4, "L": 5}  # 3 is for currencies
_CURRENCY, _NUMBER, _LETTER, _OTHER = 3, 4, 5, 6
_SPACES: Final = "\t\n\v\f\r\x85\u2028\u2029 "
_SYMBOLS: Final = {
    one: at for at, one in enumerate(f"{_SPACES}_-,;:!¡?¿.·'\"«»()[]{{}}§¶@*/\\&#%`´¨^¯¸\u02b9°©®+±÷×<=>¬|¦~¤¢$£¥")
}
_LETTERS: Final = {
    one: at
    for at, one in enumerate(
        "abcdefghiıjklmnŋopqĸrstŧuvwxyzþʼ"
        "αβγδεϝͷϛζͱηθιϳκϗλμνξοπϻϟϙρϼσͼͻͽτυφχψωϡͳϸϣϥϧϩϫϭϯ"
        "абвгдђеєжзѕиійјклљмнњопрстћуфхцчџшщъыьэюя"
    )
}
_JOINED: Final = "\ufdd0"  # stands for the mark of letters that are written as one, and is none that texts have
_WRITTEN_AS: Final = {
    "ø": "o\u0338", "ł": "l\u0335", "đ": "d\u0335", "ħ": "h\u0335", "ð": f"d{_JOINED}", "ς": "σ",
    "æ": f"a{_JOINED}e", "œ": f"o{_JOINED}e", "ß": f"s{_JOINED}s", "ẞ": f"S{_JOINED}S",
}  # fmt: skip
_MARKS: Final = {
    one: at + 1
    for at, one in enumerate(
        "\u0332\u0313\u0343\u0314\u0301\u0341\u0300\u0340\u0306\u0302\u030c\u030a\u0342\u0308\u0344\u030b\u0303\u0307"
        f"\u0338\u0327\u0328\u0304\u030d\u030e\u0312\u0315\u031a\u0335\u0305\u0309\u030f\u0311\u031b{_JOINED}"
    )
}


_COMPATIBLE, _CAPITAL, _FINAL = 1, 2, 4  # forms: such as a superscript, a capital, a final sigma


@dataclass(frozen=True, slots=True)
class _Element:
    """A character that is compared, or a mark on the one before: what it weighs as a letter, by its form, as a mark."""

    weight: _Weight | None
    form: int = 0
    mark: int = 0
    digit: str = ""  # the decimal digit that the character is by itself


@dataclass(frozen=True)
class Collation:
    """What two texts are compared by: the options of `localeCompare`, its defaults first."""

    numeric: bool = False  # 2 before 10
    ignore_punctuation: bool = False
    sensitivity: str = "variant"  # base, accent, case or variant: which differences count beside those of letters
    capitals_first: bool = False

    def key(self, text: str) -> Key:
        """Smaller for the text that comes first; equal for texts that count as alike."""
        weights: list[_Weight] = []
        marks: list[int] = []
        cases: list[int] = []
        digits: list[str] | None = None  # of a number that goes on, without the zeros before it
        for one in chain.from_iterable(map(_elements, normalize("NFC", text))):
            if one.weight is not None and self.ignore_punctuation and one.weight[0] < _KINDS["S"]:
                continue
            if self.numeric and one.digit:
                digits = digits or []
                if one.digit == "0" and not digits:
                    continue
                digits.append(one.digit)
            else:
                if digits is not None:
                    weights.append(_number(digits))
                    digits = None
                if one.weight is not None:
                    weights.append(one.weight)
            marks.append(one.mark)
            if self.sensitivity == "variant":
                cases.append(one.form ^ _CAPITAL if self.capitals_first else one.form)
            elif one.weight is not None:
                cases.append((one.form & _CAPITAL > 0) != self.capitals_first)
        if digits is not None:
            weights.append(_number(digits))
        return (
            weights,
            marks if self.sensitivity in ("accent", "variant") else [],
            cases if self.sensitivity in ("case", "variant") else [],
        )


def compare(one: str, other: str, collation: Collation | None = None) -> int:
    """-1 if the first text comes first, 1 if the second does, 0 if they are alike."""
    by = collation or Collation()
    left, right = by.key(one), by.key(other)
    return (left > right) - (left < right)


def _number(digits: list[str]) -> _Weight:
    """Before every digit that is no number's, such as those of a fraction."""
    return _NUMBER, len(digits) - LONGEST_COMPARED - 1, "".join(digits)


@lru_cache(maxsize=4096)
def _elements(character: str) -> tuple[_Element, ...]:
    if character in _SYMBOLS or character.lower() in _LETTERS:
        return (_element(character),)
    return tuple(one for part in unicodedata.normalize("NFD", character) for one in _of_part(part))


def _of_part(part: str) -> Iterator[_Element]:
    if part in _MARKS:
        yield _Element(None, mark=_MARKS[part])
    elif unicodedata.combining(part):
        yield _Element(None, mark=len(_MARKS) + ord(part))
    elif part == "ς":
        yield _element("σ", form=_FINAL)
    elif (written := _WRITTEN_AS.get(part.lower())) is not None:
        for one in written.upper() if part.isupper() else written:
            yield _Element(None, mark=_MARKS[one]) if one in _MARKS else _element(one)
    elif part in _SYMBOLS or part.lower() in _LETTERS or (same := unicodedata.normalize("NFKD", part)) == part:
        if unicodedata.category(part) not in ("Cc", "Cf"):
            yield _element(part)
    else:
        for one in same:
            if unicodedata.combining(one):
                yield _Element(None, mark=_MARKS.get(one, len(_MARKS) + ord(one)))
            else:
                yield _element(one, form=_COMPATIBLE)


def _element(character: str, *, form: int = 0) -> _Element:
    lower = character.lower()
    form += _CAPITAL if lower != character else 0
    if (place := _LETTERS.get(lower)) is not None:
        return _Element((_LETTER, place, ""), form)
    category = unicodedata.category(character)
    kind = 0 if character in _SPACES else _CURRENCY if category == "Sc" else _KINDS.get(category[0], _OTHER)
    if (place := _SYMBOLS.get(character)) is not None:
        return _Element((kind, place, ""), form)
    if character.isdecimal():
        value = unicodedata.decimal(character)
        digit = "" if form else str(value)
        return _Element((_NUMBER, value, ""), form if character.isascii() else _COMPATIBLE, digit=digit)
    base = lower if len(lower) == 1 else character
    return _Element((kind, len(_LETTERS) + ord(base), ""), form)
