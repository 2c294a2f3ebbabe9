"""Regular expressions that workflow authors wrote, with a bound on the time one match may take."""

from functools import lru_cache
from itertools import islice

import regex

from .code_units import split_units
from .errors import LanguageError
from .pattern_syntax import as_python

MATCH_SECONDS = 0.5
LONGEST_PATTERN = 4096

_FLAGS = "dgimsuy"


class SlowMatchError(LanguageError):
    """A match took longer than it may."""


class Pattern:
    """A compiled JavaScript regular expression. `flags` are JavaScript's letters; `g` and `y` are for the caller."""

    def __init__(self, source: str, flags: str = "") -> None:
        self.source = source
        self.flags = flags
        self._compiled = _compiled(source, flags)

    def units(self, text: str) -> str:
        """The text that matches are found in: UTF-16 code units, or characters for an expression with the flag `u`."""
        return text if "u" in self.flags else split_units(text)

    def search(self, text: str, start: int = 0, seconds: float = MATCH_SECONDS) -> "regex.Match[str] | None":
        """The first match from `start` on; one that takes longer than `seconds` is an error."""
        try:
            return self._compiled.search(self.units(text), start, timeout=seconds)
        except TimeoutError:
            raise self._too_slow(text, seconds) from None

    def all_matches(self, text: str, seconds: float = MATCH_SECONDS, most: int = 1_000_000) -> "list[regex.Match[str]]":
        """Every match, one after the other; all of them together may take so many `seconds`."""
        try:
            found = list(islice(self._compiled.finditer(self.units(text), timeout=seconds), most + 1))
        except TimeoutError:
            raise self._too_slow(text, seconds) from None
        if len(found) > most:
            raise LanguageError(f"The regular expression /{self.source}/ matches more than {most} times.")
        return found

    def _too_slow(self, text: str, seconds: float) -> SlowMatchError:
        return SlowMatchError(
            f"The regular expression /{self.source}/ took longer than {seconds:.1f} s on a text of {len(text)} "
            "characters: simplify its nested repetitions."
        )


@lru_cache(maxsize=512)
def _compiled(source: str, flags: str) -> "regex.Pattern[str]":
    if len(source) > LONGEST_PATTERN:
        raise LanguageError(f"A regular expression of {len(source)} characters is over the limit of {LONGEST_PATTERN}.")
    if any(letter not in _FLAGS for letter in flags) or len(set(flags)) < len(flags):
        raise LanguageError(f"Invalid flags '{flags}' of the regular expression /{source}/.")
    written = as_python(source if "u" in flags else split_units(source), flags)
    try:
        return regex.compile(written, regex.VERSION0 | (regex.IGNORECASE if "i" in flags else 0))
    except (regex.error, RecursionError) as fault:
        raise LanguageError(f"Invalid regular expression /{source}/: {fault}.") from None
