"""CSV as Papa Parse reads it: rows of texts, at line ends of the one kind that the text has."""

import re
from collections.abc import Iterator
from itertools import chain

from .errors import LanguageError

_BLANKS = re.compile(r"[\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]*")
_QUOTED = re.compile('"[^"]*?"', re.DOTALL)
_GUESSED_FROM = 1_048_576  # characters


class QuoteOpen(LanguageError):
    """A quoted cell does not end."""


def rows_of(text: str, separator: str) -> Iterator[list[str]]:
    """The rows that are not empty. QuoteOpen where the text ends within quotes, once the rows before it were given."""
    source = text.removeprefix("\ufeff")
    newline = line_end(source)
    rows = _quoted(source, separator, newline) if '"' in source else _plain(source, separator, newline)
    return (row for row in rows if row != [""])


def separator_of(text: str) -> str:
    """The semicolon where the first line that is not empty has one outside of quotes, else the comma."""
    quoted = False
    for character in chain(text.removeprefix("\ufeff").lstrip("\r\n"), "\n"):
        if character == '"':
            quoted = not quoted
        elif not quoted and character == ";":
            return ";"
        elif not quoted and character in "\r\n":
            break
    return ","


def line_end(source: str) -> str:
    """The line end of a text: that which comes first outside of quotes, and `\\r\\n` where most `\\r` are of one."""
    outside = _QUOTED.sub("", source[:_GUESSED_FROM])
    returns = outside.split("\r")
    feed = outside.find("\n")
    if len(returns) == 1 or 0 <= feed < len(returns[0]):
        return "\n"
    return "\r\n" if sum(part.startswith("\n") for part in returns) >= len(returns) / 2 else "\r"


def _plain(source: str, separator: str, newline: str) -> Iterator[list[str]]:
    return (row.split(separator) for row in source.split(newline))


def _quoted(source: str, separator: str, newline: str) -> Iterator[list[str]]:
    at, count = 0, 1
    row: list[str] = []
    next_separator, next_line = source.find(separator), source.find(newline)
    while True:
        if source.startswith('"', at):
            cell, after, ends_row = _cell(source, at, separator, newline)
            if cell is None:
                raise QuoteOpen(f"The quotes that row {count} opens are never closed")
            row.append(cell)
            at = after
            if ends_row or at < 0:
                yield row
                row, count = [], count + 1
            if at < 0:
                return
            next_separator, next_line = source.find(separator, at), source.find(newline, at)
        elif next_separator >= 0 and (next_separator < next_line or next_line < 0):
            row.append(source[at:next_separator])
            at = next_separator + 1
            next_separator = source.find(separator, at)
        elif next_line >= 0:
            yield [*row, source[at:next_line]]
            row, count = [], count + 1
            at = next_line + len(newline)
            next_line = source.find(newline, at)
        else:
            yield [*row, source[at:]]
            return


def _cell(source: str, opening: int, separator: str, newline: str) -> tuple[str | None, int, bool]:
    """The quoted cell, where the next one begins (-1 for nowhere), and whether its row ends; None for one without end.

    A quote that neither closes the cell nor stands twice belongs to it.
    """
    at = opening
    while True:
        at = source.find('"', at + 1)
        if at < 0:
            return None, -1, True
        if at == len(source) - 1:
            break
        if source[at + 1] == '"':
            at += 1
            continue
        blanks = _BLANKS.match(source, at + 1)
        after = blanks.end() if blanks else at + 1
        for start in dict.fromkeys((at + 1, _before(source, separator, newline, at + 1, after))):
            if source.startswith(separator, start):
                return source[opening + 1 : at].replace('""', '"'), start + 1, False
            if source.startswith(newline, start):
                return source[opening + 1 : at].replace('""', '"'), start + len(newline), True
    return source[opening + 1 : at].replace('""', '"'), -1, True


def _before(source: str, separator: str, newline: str, start: int, after: int) -> int:
    """Where the separator or line end stands that only blanks are before. A line end is a blank itself."""
    line = source.find(newline, start, after)
    if line >= 0:
        return line
    # Of the two characters of a line end only the first may be among the blanks that were found.
    return after
