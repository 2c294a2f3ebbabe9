"""Where in an operation an error is: line and column.

graphql-core reads the text up to each position of each error. For two hundred errors behind 80,000 empty lines that
takes half a minute, so it gets no text to read once an operation is parsed, and the table here has the lines.
"""

import re
from bisect import bisect_left
from itertools import islice

from graphql import DocumentNode, GraphQLError, Source, SourceLocation, parse

MOST_LOCATIONS = 10  # of one error; a field that is selected a thousand times would have as many

_NEWLINE = re.compile(r"\r\n|[\n\r]")  # as the specification has it


class OperationText(Source):
    """The source of a parsed operation. `text` is what graphql-core has as `body` before."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text
        self._ends: tuple[list[int], list[int]] | None = None  # the first and the last position of each line's end

    def forget_body(self) -> None:
        self.body = ""

    def locate(self, position: int) -> SourceLocation:
        if self._ends is None:
            found = list(_NEWLINE.finditer(self.text))
            self._ends = [one.start() for one in found], [one.end() for one in found]
        lines = bisect_left(self._ends[0], position)
        return SourceLocation(lines + 1, position + 1 - (self._ends[1][lines - 1] if lines else 0))


def parse_text(text: str, most_tokens: int) -> DocumentNode:
    """The document of an operation; GraphQLError for a text that is none."""
    source = OperationText(text)
    document = parse(source, max_tokens=most_tokens)
    source.forget_body()
    return document


def text_of(document: DocumentNode) -> str | None:
    source = document.loc.source if document.loc else None
    return source.text if isinstance(source, OperationText) else source and source.body


def locate(error: GraphQLError) -> GraphQLError:
    """The error with its first locations."""
    if isinstance(error.source, OperationText) and error.positions:
        error.locations = [error.source.locate(position) for position in islice(error.positions, MOST_LOCATIONS)]
    return error
