"""Regular expressions that workflow authors wrote, with a bound on the time one match may take."""

from functools import lru_cache

import regex

from .errors import LanguageError

MATCH_SECONDS = 0.5
LONGEST_PATTERN = 4096

_FLAGS = {"i": regex.IGNORECASE, "m": regex.MULTILINE, "s": regex.DOTALL, "g": 0, "u": 0, "y": 0, "d": 0}


class Pattern:
    """A compiled JavaScript regular expression. `flags` are JavaScript's letters; `g` and `y` are for the caller."""

    def __init__(self, source: str, flags: str = "") -> None:
        self.source = source
        self.flags = flags
        self._compiled = _compiled(source, flags)

    def search(self, text: str, start: int = 0) -> "regex.Match[str] | None":
        """The first match from `start` on; a match that takes longer than MATCH_SECONDS is an error."""
        try:
            return self._compiled.search(text, start, timeout=MATCH_SECONDS)
        except TimeoutError:
            raise LanguageError(
                f"The regular expression /{self.source}/ took longer than {MATCH_SECONDS} s on a text of {len(text)} "
                "characters: simplify its nested repetitions."
            ) from None


@lru_cache(maxsize=512)
def _compiled(source: str, flags: str) -> "regex.Pattern[str]":
    if len(source) > LONGEST_PATTERN:
        raise LanguageError(f"A regular expression of {len(source)} characters is over the limit of {LONGEST_PATTERN}.")
    unknown = [letter for letter in flags if letter not in _FLAGS]
    if unknown:
        raise LanguageError(f"Invalid flags '{flags}' of the regular expression /{source}/.")
    bits = 0
    for letter in flags:
        bits |= _FLAGS[letter]
    try:
        return regex.compile(_as_python(source, multiline="m" in flags), bits | regex.VERSION0 | regex.ASCII)
    except (regex.error, RecursionError) as fault:
        raise LanguageError(f"Invalid regular expression /{source}/: {fault}.") from None


def _as_python(source: str, *, multiline: bool) -> str:
    """Translate the three places where JavaScript differs: `$` (never before a last newline), `[^]` and `[]`."""
    out: list[str] = []
    position = 0
    in_class = False
    while position < len(source):
        character = source[position]
        if character == "\\":
            out.append(source[position : position + 2])
            position += 2
            continue
        if in_class:
            in_class = character != "]"
            out.append("\\[" if character == "[" else character)
        elif source.startswith("[^]", position):
            out.append(r"[\s\S]")
            position += 3
            continue
        elif source.startswith("[]", position):
            out.append("(?!)")
            position += 2
            continue
        elif character == "$":
            out.append("$" if multiline else r"\Z")
        else:
            in_class = character == "["
            out.append(character)
        position += 1
    return "".join(out)
