"""Sets of characters as ranges of code points, and which characters are one where case is ignored (ECMA-262)."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cache

Ranges = tuple[tuple[int, int], ...]  # first and last of each, in order, none touching the next

LAST_UNIT = 0xFFFF
LAST_CHARACTER = 0x10FFFF

_LONG_S, _KELVIN = 0x17F, 0x212A
# Simple foldings that neither `casefold` nor `lower` gives.
_FOLDINGS = {0xFB05: 0xFB06, 0x1FD3: 0x390, 0x1FE3: 0x3B0}

# Where Unicode has letters with cases; to look at all of the others takes 50 ms.
_CASED: Ranges = (
    (0, 0x2E7F), (0xA500, 0xABFF), (0xFB00, 0xFFFF), (0x10400, 0x10DFF), (0x11800, 0x118FF), (0x16E00, 0x16EFF),
    (0x1E900, 0x1E9FF),
)  # fmt: skip

DIGITS: Ranges = ((0x30, 0x39),)
WORDS: Ranges = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
LINE_ENDS: Ranges = ((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029))
SPACES: Ranges = (
    (0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F),
    (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
)  # fmt: skip


def merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return tuple(found)


def complement(ranges: Ranges, top: int) -> Ranges:
    found: list[tuple[int, int]] = []
    at = 0
    for first, last in ranges:
        if first > at:
            found.append((at, first - 1))
        at = last + 1
    return (*found, (at, top)) if at <= top else tuple(found)


def contains(ranges: Ranges, code: int) -> bool:
    at = bisect_right(ranges, (code, LAST_CHARACTER)) - 1
    return at >= 0 and code <= ranges[at][1]


def size(ranges: Ranges) -> int:
    return sum(last - first + 1 for first, last in ranges)


def word_characters(*, folded: bool, unicode: bool) -> Ranges:
    return merged([*WORDS, (_LONG_S, _LONG_S), (_KELVIN, _KELVIN)]) if folded and unicode else WORDS


def folding(*, unicode: bool) -> Mapping[int, tuple[int, ...]]:
    """For each character that case makes one with others: all of them, in order."""
    return _by_folding() if unicode else _by_capitals()


def all_cases(ranges: Ranges, *, unicode: bool) -> Ranges:
    """The characters in the ranges, and those that are one with them."""
    table = folding(unicode=unicode)
    if size(ranges) < len(table):
        found = [code for first, last in ranges for code in range(first, last + 1) if code in table]
    else:
        found = [code for code in table if contains(ranges, code)]
    return merged([*ranges, *((other, other) for code in found for other in table[code])])


@cache
def _by_capitals() -> Mapping[int, tuple[int, ...]]:
    """Canonicalize without the flag `u`: the capital, where it is one code unit, and ASCII for none but ASCII."""

    def capital(code: int) -> int:
        upper = chr(code).upper()
        if len(upper) != 1 or upper > "\uffff":
            return code
        return code if code > 127 and upper <= "\x7f" else ord(upper)

    return _together((code, capital(code)) for code in _cased() if code <= LAST_UNIT)


@cache
def _by_folding() -> Mapping[int, tuple[int, ...]]:
    """Canonicalize with the flag `u`: Unicode's simple case folding."""

    def folded(code: int) -> int:
        for text in (chr(code).casefold(), chr(code).lower()):
            if len(text) == 1:
                return ord(text)
        return code

    return _together((code, _FOLDINGS.get(code) or folded(code)) for code in _cased())


def _cased() -> Iterable[int]:
    return (code for first, last in _CASED for code in range(first, last + 1))


def _together(pairs: Iterable[tuple[int, int]]) -> Mapping[int, tuple[int, ...]]:
    groups: dict[int, list[int]] = {}
    for code, one in pairs:
        if code != one:
            groups.setdefault(one, [one]).append(code)
    return {code: tuple(sorted(group)) for group in groups.values() for code in group}
