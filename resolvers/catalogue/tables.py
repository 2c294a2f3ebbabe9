"""Tasks that read a table: lines of CSV, or the sheets of a workbook. Each row becomes an object."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import islice

from ...models.json import Json, JsonObject
from ...models.language.javascript import text
from .arguments import array, boolean, string, unset
from .task import TaskFailed, returning
from .workbook import rows_of_sheets

MOST_CELLS = 1_000_000

_TABLE = {
    "headersIncluded": "boolean: the first row holds the names of the columns; true when left out",
    "headerRow": "array of strings: the names of the columns, in place of those of the first row",
}


@returning("response", "csvStringToJson", {"input": "string: lines of semicolons, or of commas", **_TABLE})
def csv_string_to_json(written: Json, headers_included: Json, header_row: Json) -> Json:
    """Read CSV into an array of objects, one a line. All values are texts, "" where a line is too short.

    The separator is the semicolon; a first line without one is read with commas. Columns without a name are called A,
    B, C as in a spreadsheet.
    """
    source = string(written, "input")
    first_line = source.lstrip("\ufeff\r\n").partition("\n")[0]
    rows = csv.reader(StringIO(source.lstrip("\ufeff")), delimiter=";" if ";" in first_line else ",")
    try:
        return _objects((row for row in rows if row), headers_included, header_row, absent="")
    except csv.Error as fault:
        raise TaskFailed(f"'input' is not CSV: {fault}.") from None


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
    names = first if unset(header_row) or header_row == [] else array(header_row, "headerRow")
    return [_object(names, row, absent) for row in _bounded(rows, len(names))]


def _object(names: list[Json], row: list[Json], absent: Json) -> JsonObject:
    cells = [*row, *[absent] * (len(names) - len(row))]
    named = ((_name(names, at), value) for at, value in enumerate(cells))
    return {name: value for name, value in named if value is not None}


def _name(names: list[Json], at: int) -> str:
    name = names[at] if at < len(names) else None
    return _letters(at) if unset(name) else text(name)


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
        if cells > MOST_CELLS:
            raise TaskFailed(f"The table has more than {MOST_CELLS} cells.")
        yield row


TASKS = (csv_string_to_json, excel_to_json)
