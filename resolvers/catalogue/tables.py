"""Tasks that read a table: lines of CSV, or the sheets of a workbook. Each row becomes an object."""

from collections.abc import Iterable, Iterator
from itertools import islice

from ...models.json import Json, JsonObject
from ...models.language.csv_rows import QuoteOpen, rows_of, separator_of
from ...models.language.javascript import text
from .arguments import array, boolean, string, unset
from .task import TaskFailed, returning
from .workbook import rows_of_sheets

MOST_CELLS = 1_000_000
MOST_COLUMNS = 20_000  # a spreadsheet has 16,384

_TABLE = {
    "headersIncluded": "boolean: the first row holds the names of the columns; true when left out",
    "headerRow": "array of strings: the names of the columns, in place of those of the first row",
}


@returning("response", "csvStringToJson", {"input": "string: lines of semicolons, or of commas", **_TABLE})
def csv_string_to_json(written: Json, headers_included: Json, header_row: Json) -> Json:
    """Read CSV into an array of objects, one a line. All values are texts, "" where a line is too short.

    The separator is the semicolon; where the first line has none outside of quotes, it is the comma. Columns without a
    name are called A, B, C as in a spreadsheet; the second of one name is called name_1. Quotes that are never closed
    end in error.
    """
    source = string(written, "input")
    rows: Iterator[list[Json]] = ([*row] for row in rows_of(source, separator_of(source)))
    try:
        return _objects(rows, headers_included, header_row, absent="")
    except QuoteOpen as fault:
        raise TaskFailed(f"'input' is not CSV: {fault.message}.") from None


@returning("response", "excelToJson", {"input": "string: an .xlsx file in base64", **_TABLE})
def excel_to_json(encoded: Json, headers_included: Json, header_row: Json) -> Json:
    """Read a workbook into an object of its sheets, each an array of objects, one a row.

    Formulas give the value that was saved with them, dates a text such as 2024-05-01T00:00:00, empty cells nothing.
    Columns without a name are called A, B, C. The vendor's page was not found: the names of the values are those of
    csvStringToJson.
    """
    sheets = rows_of_sheets(string(encoded, "input"), "input")
    return {name: _objects(iter(rows), headers_included, header_row, absent=None) for name, rows in sheets.items()}


def _objects(rows: Iterator[list[Json]], headers_included: Json, header_row: Json, absent: Json) -> list[JsonObject]:
    included = boolean(headers_included, "headersIncluded", default=True)
    first: list[Json] = next(rows, list[Json]()) if included else []
    given = first if unset(header_row) or header_row == [] else array(header_row, "headerRow")
    _check_columns(len(given))
    names = _Names(given)
    return [names.object_of(row, absent) for row in _bounded(rows, len(given))]


class _Names:
    """The names of the columns, none of them twice."""

    def __init__(self, given: list[Json]) -> None:
        self._given = len(given)
        named = [_letters(at) if unset(name) else text(name) for at, name in enumerate(given)]
        self._taken = set(named)
        self._counts: dict[str, int] = {}
        self._names = [self._unique(name) for name in named]

    def object_of(self, row: list[Json], absent: Json) -> JsonObject:
        while len(self._names) < len(row):
            name = _letters(len(self._names))
            self._names.append(self._unique(name))
            self._taken.add(name)
        cells = [*row, *[absent] * (self._given - len(row))]
        return {name: value for name, value in zip(self._names, cells, strict=False) if value is not None}

    def _unique(self, name: str) -> str:
        count = self._counts[name] = self._counts.get(name, 0) + 1
        if count == 1:
            return name
        number = count - 1
        while f"{name}_{number}" in self._taken:
            number += 1
        self._taken.add(f"{name}_{number}")
        return f"{name}_{number}"


def _check_columns(number: int) -> None:
    if number > MOST_COLUMNS:
        raise TaskFailed(f"The table has {number:,} columns, more than the {MOST_COLUMNS:,} that may be.")


def _letters(at: int) -> str:
    """A spreadsheet's name of a column: A to Z, AA, AB ..."""
    letters = ""
    while at >= 0:
        at, letter = divmod(at, 26)
        letters = chr(ord("A") + letter) + letters
        at -= 1
    return letters


def _bounded(rows: Iterable[list[Json]], columns: int) -> Iterator[list[Json]]:
    cells = 0
    for row in islice(rows, MOST_CELLS + 1):
        cells += max(len(row), columns, 1)
        _check_columns(len(row))
        if cells > MOST_CELLS:
            raise TaskFailed(f"The table has more than {MOST_CELLS} cells.")
        yield row


TASKS = (csv_string_to_json, excel_to_json)
