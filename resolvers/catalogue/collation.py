"""The order of texts in a dictionary: what `localeCompare` goes by, near to Unicode's default order.

Python has no collation of its own. Letters that Unicode takes apart (é, Å, ﬁ) are ordered by their base; those that it
does not (ø, ł) come after z.
"""

import unicodedata
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from .task import TaskFailed

LONGEST_COMPARED = 100_000  # characters

_Weight: TypeAlias = tuple[int, int, str]  # kind, count of digits of a number, the character or the digits
Key: TypeAlias = tuple[list[_Weight], list[str], list[bool]]


@dataclass(frozen=True)
class Collation:
    """What two texts are compared by."""

    numeric: bool  # 2 before 10
    ignore_punctuation: bool
    sensitivity: str  # base, accent, case or variant: which differences count beside those of letters
    capitals_first: bool

    def key(self, text: str, name: str) -> Key:
        """Smaller for the text that comes first; equal for texts that count as alike."""
        if len(text) > LONGEST_COMPARED:
            raise TaskFailed(f"'{name}' is longer than the {LONGEST_COMPARED} characters that are compared.")
        bases: list[str] = []
        accents: list[str] = []
        for character in unicodedata.normalize("NFKD", text):
            if unicodedata.combining(character):
                if accents:
                    accents[-1] += character
            elif not (self.ignore_punctuation and _kind(character) < 2):
                bases.append(character)
                accents.append("")
        if self.numeric:
            accents = [accent for accent, base in zip(accents, bases, strict=True) if not base.isdecimal()]
        capitals = [base.isupper() != self.capitals_first for base in bases if not (self.numeric and base.isdecimal())]
        return (
            self._weights(bases),
            accents if self.sensitivity in ("accent", "variant") else [],
            capitals if self.sensitivity in ("case", "variant") else [],
        )

    def _weights(self, bases: list[str]) -> list[_Weight]:
        weights: list[_Weight] = []
        for decimal, run in groupby(bases, lambda base: self.numeric and base.isdecimal()):
            if decimal:
                digits = "".join(str(unicodedata.decimal(base)) for base in run).lstrip("0")
                weights.append((_kind("0"), len(digits), digits))
            else:
                weights += [(_kind(base), 0, base.casefold()) for base in run]
        return weights


def _kind(character: str) -> int:
    """White space and other separators, then punctuation, symbols, digits, letters."""
    return {"Z": 0, "C": 0, "P": 1, "S": 2, "N": 3}.get(unicodedata.category(character)[0], 4)
