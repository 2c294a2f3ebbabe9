"""Regular expressions that workflow authors wrote, with bounds on what compiling and matching may take."""

from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Protocol
from weakref import ref

import regex

from ... import stopwatch
from ...bounded_cache import BoundedCache
from ..errors import LanguageError
from ..javascript.values import join_units, split_units
from .machine import MOST_STEPS, STEPS, Machine, TooManySteps
from .parsing import parse
from .program import Program, compile_program
from .size import LONGEST_PATTERN, LONGEST_QUOTED
from .tree import may_be_empty
from .writing import means_the_same, write

MATCH_SECONDS = 0.04  # of the processor
SEARCH_SECONDS = 5.0  # of all searches of one piece of work together, compiling included

_QUICK_STEPS_A_CHARACTER = 10
_LONGEST_QUICK = 4_000  # characters

_FLAGS = "dgimsuy"
_LONGEST_PLAIN = 16  # characters
_SPECIAL = frozenset("*+?{|(\\")  # what repeats, chooses, or may mean either
_PARTS_OF_ANY = 20  # what a compiled pattern takes beside its own parts
_cache: "BoundedCache[tuple[str, str, bool], _Compiled]" = BoundedCache(room=100_000)  # parts: at most 40 MB


class SlowMatchError(LanguageError):
    """Matching took longer than it may."""


class SearchTime:
    """What the searches of one piece of work took together."""

    def __init__(self) -> None:
        self.spent = 0.0
        self._began = 0.0

    def begin(self) -> None:
        if self.spent > SEARCH_SECONDS:
            raise SlowMatchError(
                f"The regular expressions took longer than {SEARCH_SECONDS:g} s together: simplify their "
                "repetitions, or search less text."
            )
        self._began = stopwatch.seconds()

    def end(self) -> None:
        self.spent += stopwatch.seconds() - self._began


_time: ContextVar[SearchTime | None] = ContextVar("search_time", default=None)


class searching:  # noqa: N801 -- used as a function; one made of a generator costs each task of a job 2 µs more
    """Bound all searches within the block together; a block inside of another one shares its time."""

    __slots__ = ("_before",)

    def __enter__(self) -> SearchTime:
        outer = _time.get()
        if outer is not None:
            self._before = None
            return outer
        own = SearchTime()
        self._before = _time.set(own)
        return own

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            _time.reset(self._before)


class Match(Protocol):
    """A match of either matcher. Positions are those of the text that was searched; `groups` are without the first."""

    def start(self) -> int: ...
    def end(self) -> int: ...
    def group(self) -> str: ...
    def groups(self) -> tuple[str | None, ...]: ...


@dataclass(frozen=True, slots=True, weakref_slot=True)
class _Compiled:
    """For `regex`, or for our own matcher; `ascii_only`: for texts of ASCII alone.

    One that `is_plain` is so short, and without repeats and choices, that each place of a text costs next to nothing.
    """

    matcher: "regex.Pattern[str] | Program"
    ascii_only: bool
    names: Mapping[str, int]
    may_be_empty: bool
    is_plain: bool

    def search(self, text: str, start: int, seconds: float) -> Match | None:
        if isinstance(self.matcher, Program):
            return self._machine(self.matcher, text, seconds).search(start)
        return self.matcher.search(text, start, timeout=seconds)

    def every(self, text: str, seconds: float) -> Iterator[Match]:
        if not isinstance(self.matcher, Program) and not self.may_be_empty:
            # `regex` looks at the clock for each match, which costs more than a match of a plain expression.
            return self.matcher.finditer(text) if self.is_plain else self.matcher.finditer(text, timeout=seconds)
        return self._one_by_one(text, seconds)

    def _machine(self, program: Program, text: str, seconds: float) -> Machine:
        """Its bound is in steps; fewer where a search shall be quick, or not be made."""
        if seconds >= MATCH_SECONDS:
            return Machine(program, text)
        part = seconds / MATCH_SECONDS
        quick = STEPS + _QUICK_STEPS_A_CHARACTER * min(len(text), _LONGEST_QUICK)
        return Machine(program, text, int(STEPS * part), min(int(quick * part), MOST_STEPS))

    def _one_by_one(self, text: str, seconds: float) -> Iterator[Match]:
        """Behind a match of nothing the next one begins a character further; `regex` begins at the same place."""
        machine = self._machine(self.matcher, text, seconds) if isinstance(self.matcher, Program) else None
        until = stopwatch.seconds() + seconds
        at = 0
        while at <= len(text):
            if machine is not None:
                found = machine.search(at)
            else:
                found = self.search(text, at, max(until - stopwatch.seconds(), 0.001))
            if found is None:
                return
            yield found
            at = found.end() + (found.start() == found.end())


class Pattern:
    """A JavaScript regular expression. `flags` are JavaScript's letters; `g` and `y` are for the caller.

    It keeps no compiled form alive: however many patterns an author makes, those that are compiled have one bound.
    """

    __slots__ = ("_folded", "_last", "flags", "names", "source")

    def __init__(self, source: str, flags: str = "") -> None:
        self.source = source
        self.flags = flags
        self._folded, self.names, self._last = _known(source, flags)

    def units(self, text: str) -> str:
        """The text that matches are found in: UTF-16 code units, or characters for an expression with the flag `u`."""
        return join_units(text) if "u" in self.flags else split_units(text)

    def search(self, text: str, start: int = 0, seconds: float = MATCH_SECONDS) -> Match | None:
        """The first match from `start` on; one that takes longer than `seconds` is an error."""
        time = _time.get()
        if time is not None:
            time.begin()
        try:
            # As written out, it takes a fifth less for the many searches of short texts.
            compiled = self._last()
            if compiled is None or compiled.ascii_only is not (self._folded and text.isascii()):
                compiled = self._compiled(text)
            if not isinstance(compiled.matcher, Program):
                return compiled.matcher.search(self.units(text), start, timeout=seconds)
            return compiled.search(self.units(text), start, seconds)
        except (TimeoutError, TooManySteps) as limit:
            raise self._too_slow(text, seconds, limit) from None
        finally:
            if time is not None:
                time.end()

    def all_matches(self, text: str, seconds: float = MATCH_SECONDS, most: int = 1_000_000) -> list[Match]:
        """Every match, one after the other; all of them together may take so many `seconds`."""
        time = _begun()
        try:
            found = list(islice(self._compiled(text).every(self.units(text), seconds), most + 1))
        except (TimeoutError, TooManySteps) as limit:
            raise self._too_slow(text, seconds, limit) from None
        finally:
            if time is not None:
                time.end()
        if len(found) > most:
            raise LanguageError(f"The regular expression /{self.source}/ matches more than {most} times.")
        return found

    def _compiled(self, text: str) -> _Compiled:
        """What is compiled with the flag `i` for texts of ASCII alone is not for others."""
        ascii_only = self._folded and text.isascii()
        last = self._last()
        if last is not None and last.ascii_only is ascii_only:
            return last
        found = _compiled(self.source, self.flags, ascii_only)
        self._last = ref(found)
        return found

    def _too_slow(self, text: str, seconds: float, limit: TimeoutError | TooManySteps) -> SlowMatchError:
        where = f"on a text of {len(text)} characters"
        if isinstance(limit, TooManySteps):
            reached, remedy = f"more than {limit.limit}", "simplify its nested repetitions"
        else:
            more = f" ({MATCH_SECONDS:g} s, and more for a long text)" if seconds > MATCH_SECONDS else ""
            reached = f"longer than {seconds:.2f} s{more}"
            remedy = "search a shorter text, or simplify its repetitions"
        return SlowMatchError(f"The regular expression /{self.source}/ took {reached} {where}: {remedy}.")


def parts_of(source: str) -> int:
    """Of the expression without flags, when it is compiled; LanguageError for one that would not be."""
    tree = parse(source, "")
    return write(tree, ascii_only=False).parts if means_the_same(tree) else len(compile_program(tree).code)


@lru_cache(maxsize=256)
def _known(source: str, flags: str) -> "tuple[bool, Mapping[str, int], Callable[[], _Compiled | None]]":
    """Whether it ignores case, the names of its groups, and its compiled form as long as that is kept elsewhere."""
    time = _begun()
    try:
        folded = "i" in flags
        found = _compiled(source, flags, folded)
        return folded, found.names, ref(found)
    finally:
        if time is not None:
            time.end()


def _compiled(source: str, flags: str, ascii_only: bool) -> _Compiled:
    return _cache.get_or_make((source, flags, ascii_only), lambda: _compile(source, flags, ascii_only))


def _begun() -> SearchTime | None:
    time = _time.get()
    if time is not None:
        time.begin()
    return time


def _compile(source: str, flags: str, ascii_only: bool) -> tuple[_Compiled, int]:
    """The compiled pattern and about how many parts it has; refused before it is compiled where these are too many."""
    if len(source) > LONGEST_PATTERN:
        raise LanguageError(f"A regular expression of {len(source)} characters is over the limit of {LONGEST_PATTERN}.")
    if any(letter not in _FLAGS for letter in flags) or len(set(flags)) < len(flags):
        raise LanguageError(f"Invalid flags '{flags[:LONGEST_QUOTED]}' of the regular expression /{source}/.")
    tree = parse(source, flags)
    if not means_the_same(tree):
        program = compile_program(tree)
        made = _Compiled(program, ascii_only, tree.names, may_be_empty(tree.root), is_plain=False)
        return made, len(program.code) + _PARTS_OF_ANY
    written = write(tree, ascii_only=ascii_only)
    letters = regex.VERSION0 | (regex.IGNORECASE if ascii_only else 0)
    try:
        # Not in the library's own cache, which keeps 500 of them however large they are.
        matcher = regex.compile(written.text, letters, cache_pattern=False)
    except (regex.error, RecursionError) as fault:
        raise LanguageError(f"Invalid regular expression /{source}/: {fault}.") from None
    plain = len(source) <= _LONGEST_PLAIN and not _SPECIAL.intersection(source)
    made = _Compiled(matcher, ascii_only, tree.names, may_be_empty(tree.root), plain)
    return made, written.parts + _PARTS_OF_ANY
