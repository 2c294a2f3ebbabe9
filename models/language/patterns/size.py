"""How large a pattern may be, and how large `regex` makes it.

`regex` writes a repeated part out as often as it must occur, and once more. Counts inside of counts multiply, and so
does a `+` inside of another one. Measured: `(?:a+)+` doubles with each level, `{0,1000}` costs nothing, `{1000}` a
thousand copies, whatever is inside.
"""

from ..errors import LanguageError

LONGEST_PATTERN = 4096  # characters
LONGEST_QUOTED = 200  # characters of a pattern in an error
MOST_PARTS = 20_000  # at most 400 bytes and 1 µs each, measured on random patterns: 8 MB and 20 ms
LONGEST_WRITTEN = 16_384  # characters of what is compiled, four for one of the longest pattern: at most 3 µs each
DEEPEST_GROUPS = 100  # parsers, ours and the library's, call themselves for each
MOST_CASES = 200_000  # characters looked at for those that case makes one with them: 30 ms

# The library makes tables for a run of letters at the first search, in a time that grows with the cube of the run and
# without a look at its time limit: 20 s for 4000 letters. So runs are broken by what is always true.
LONGEST_RUN = 32
BREAK = "(?!(?!))"

# What some terms are written out as, in parts.
PARTS_OF_BOUNDARY = 24
PARTS_OF_REFERENCE = 5
PARTS_OF_GROUP = 4
PARTS_OF_CLASS = 12


class PatternTooLarge(LanguageError):
    """A regular expression that unfolds into more than may be compiled."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"The regular expression /{source[:LONGEST_QUOTED]}/ {reason}.")
