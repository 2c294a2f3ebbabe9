"""The order of text for people, as the root of the Unicode collation has it for letters with and without marks."""

import unicodedata

from ..errors import LanguageError

LONGEST = 100_000  # characters that are compared: their keys are much larger than they are

# The order of ASCII's marks there; digits come after them, and letters after digits.
_MARKS = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"
_CLASSES = {"Z": 0, "C": 0, "P": 1, "S": 2, "N": 3, "L": 4, "M": 5}


def collation_key(text: str) -> tuple[list[tuple[int, ...]], list[int], list[int]]:
    """Letters count first, then their marks, then case, small before capital."""
    if len(text) > LONGEST:
        raise LanguageError(f"A text of {len(text)} characters is over the limit of {LONGEST} for a comparison.")
    letters: list[tuple[int, ...]] = []
    marks: list[int] = []
    cases: list[int] = []
    for character in unicodedata.normalize("NFD", text):
        if unicodedata.category(character) in ("Cc", "Cf") and not character.isspace():
            continue
        if unicodedata.combining(character):
            marks[-1:] = [marks[-1] * 0x1000 + ord(character)] if marks else [ord(character)]
            continue
        letters.append(_place(character))
        marks.append(0)
        cases.append(character != character.lower())
    return letters, marks, cases


def _place(character: str) -> tuple[int, ...]:
    if character in _MARKS:
        return 1, _MARKS.index(character)
    kind = _CLASSES[unicodedata.category(character)[0]]
    lower = character.lower()
    return kind, *map(ord, lower if len(lower) == 1 else character)
