"""Unicode's normalization forms, within bounds: `String.normalize`, and what compares texts.

Python's own function sorts the marks in a row by insertion, which takes the square of their number: ten seconds for
100,000 of them, in which nothing else goes on. It gets them in order here, and long texts in pieces.
"""

import unicodedata
from collections import defaultdict
from typing import Final, Literal

import regex

from ..errors import LanguageError

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]

LONGEST_NORMALIZED: Final = 1_000_000  # characters
PIECE: Final = 10_000  # characters; one may become eighteen

# Marks, and the two letters that are as good as marks in a compatible form.
_ROW: Final = regex.compile(r"[\p{M}\uff9e\uff9f]{32,}")
_JOINING: Final = range(0x1160, 0x1200)  # the second and the third part of a Korean syllable


def normalize(form: Form, text: str) -> str:
    """The text in the form. LanguageError for one that is too long."""
    if text.isascii():
        return text
    if len(text) > LONGEST_NORMALIZED:
        raise LanguageError(
            f"A text of {len(text):,} characters is longer than the {LONGEST_NORMALIZED:,} that are normalized."
        )
    letters: Form = "NFKD" if form in ("NFKC", "NFKD") else "NFD"
    text = _ROW.sub(lambda row: _in_order(row[0], letters), text)
    pieces: list[str] = []
    begin = 0
    while begin < len(text):
        end = _first_boundary(text, begin + PIECE)
        pieces.append(unicodedata.normalize(form, text[begin:end]))
        begin = end
    return "".join(pieces)


def _in_order(row: str, form: Form) -> str:
    """The marks in the order in which every form has them."""
    ordered: list[str] = []
    by_class: defaultdict[int, list[str]] = defaultdict(list)
    for one in row:
        for mark in unicodedata.normalize(form, one):
            if (number := unicodedata.combining(mark)) == 0:
                ordered += _joined(by_class)
                by_class.clear()
                ordered.append(mark)
            else:
                by_class[number].append(mark)
    return "".join([*ordered, *_joined(by_class)])


def _joined(by_class: dict[int, list[str]]) -> list[str]:
    return [mark for number in sorted(by_class) for mark in by_class[number]]


def _first_boundary(text: str, at: int) -> int:
    """The first position from here on at which nothing joins with what is before it."""
    while at < len(text):
        first = unicodedata.normalize("NFKD", text[at])[0]
        if not unicodedata.category(first).startswith("M") and ord(first) not in _JOINING:
            return at
        at += 1
    return len(text)
