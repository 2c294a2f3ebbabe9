"""What is left of the work on one value: keywords that are applied, and the time of all searches of patterns."""

from contextvars import ContextVar
from time import monotonic
from typing import Final

from ..json import Json
from ..language.errors import LanguageError
from ..language.patterns import MATCH_SECONDS, Pattern, SlowMatchError
from .cost import QUICK_SEARCH_SECONDS, AtOnce, TooMuchAtOnce

MOST_KEYWORDS: Final = 1_000_000  # applied, each as often as it meets a value
SEARCH_SECONDS: Final = 5.0  # of all patterns together


class Work:
    """What is left of the work on one value."""

    def __init__(self) -> None:
        self._keywords = MOST_KEYWORDS
        self._seconds = SEARCH_SECONDS

    def apply(self, keyword: str, argument: Json, instance: Json) -> None:
        self._keywords -= 1
        if self._keywords < 0:
            raise LanguageError(f"Checking this value applies more than {MOST_KEYWORDS:,} keywords")

    def note_fault(self) -> None:
        """An error was found, and its message written."""

    def search(self, pattern: str, within: str) -> bool:
        started = monotonic()
        found = Pattern(pattern).search(within, seconds=min(MATCH_SECONDS, max(self._seconds, 0.001)))
        self._seconds -= monotonic() - started
        if self._seconds < 0:
            raise LanguageError(f"Checking this value searches for patterns for more than {SEARCH_SECONDS:g} s")
        return found is not None


class QuickWork(Work):
    """What may be done without leaving the event loop, or the thread of a job's step, to others."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._left = AtOnce(size)

    def apply(self, keyword: str, argument: Json, instance: Json) -> None:
        self._left.apply(keyword, argument, instance)

    def note_fault(self) -> None:
        self._left.note_fault()

    def search(self, pattern: str, within: str) -> bool:
        self._left.search(pattern, within)
        started = monotonic()
        try:
            return Pattern(pattern).search(within, seconds=QUICK_SEARCH_SECONDS) is not None
        except SlowMatchError:
            raise TooMuchAtOnce from None
        finally:
            self._left.spend(monotonic() - started)


# The validator makes copies of itself on the way down and has no place for a count that they share.
current_work: ContextVar[Work] = ContextVar("work")
