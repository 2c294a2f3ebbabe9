"""Tasks that read tables: lines of CSV, or the sheets of a workbook, within bounds. Each row becomes an object."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import islice
from typing import Any
from zipfile import BadZipFile, ZipFile

from ....models.json import Json, JsonObject
from ....models.language.csv_rows import QuoteOpen, rows_of, separator_of
from ....models.language.javascript.coercion import number, text
from ....models.language.javascript.values import join_units, well_formed
from ..arguments import array, boolean, string, unset
from ..task import TaskFailed, returning

LARGEST_UNPACKED = 16 * 1024 * 1024  # bytes of all parts of the file
MOST_SHEET_CELLS = 100_000  # empty ones between others included
MOST_ELEMENTS = 400_000  # of the texts that cells share: parts in another font and the like
LONGEST_TEXT = 16_000_000  # characters of all cells


def rows_of_sheets(encoded: str, name: str) -> dict[str, list[list[Json]]]:
    """The rows of each sheet, by its name, in order; `name` is that of the incoming value, for its errors."""
    try:
        packed = b64decode(encoded.rpartition("base64,")[2].strip(), validate=True)
        with ZipFile(BytesIO(packed)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
    except (NotBase64, BadZipFile, ValueError) as fault:
        raise TaskFailed(f"'{name}' is no .xlsx file in base64: {fault}.") from None
    if unpacked > LARGEST_UNPACKED:
        raise TaskFailed(f"'{name}' unpacks to more than {LARGEST_UNPACKED} bytes.")
    try:
        return _read(packed, _Bounds(name))
    except TaskFailed:
        raise
    except IndexError:
        raise TaskFailed(
            f"'{name}' is broken: a cell refers to a text or a style that the file does not have."
        ) from None
    except Exception as fault:  # openpyxl raises whatever a broken part leads it to
        raise TaskFailed(f"'{name}' is no .xlsx file in base64: {fault}.") from None


def _read(packed: bytes, left: "_Bounds") -> dict[str, list[list[Json]]]:
    from openpyxl.reader.excel import ExcelReader  # takes 150 ms, and few servers ever read a workbook
    from openpyxl.styles.stylesheet import apply_stylesheet

    # Step by step: openpyxl's own sheets believe the size that a file says they have, and fail on a chart alone.
    reader: Any = ExcelReader(BytesIO(packed), read_only=True, data_only=True, keep_links=False)
    with reader.archive:
        reader.read_manifest()
        reader.shared_strings = list(_shared_texts(reader, left))
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        return {
            sheet.name: _rows(reader, part.target, left)
            for sheet, part in reader.parser.find_sheets()
            if part.target in reader.valid_files and "chartsheet" not in part.Type
        }


class _Bounds:
    """What may still be read of one file."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._cells = MOST_SHEET_CELLS
        self._characters = LONGEST_TEXT
        self._shared = MOST_SHEET_CELLS
        self._elements = MOST_ELEMENTS

    def pay(self, cells: int, values: Iterable[Any]) -> None:
        self._cells -= max(cells, 1)
        self._characters -= sum(len(value) for value in values if isinstance(value, str))
        if self._cells < 0 or self._characters < 0:
            raise TaskFailed(f"'{self._name}' has more than {MOST_SHEET_CELLS} cells or {LONGEST_TEXT} characters.")

    def pay_shared(self, whole: bool) -> None:
        """For an element of the texts that cells share, or for a whole text; before it is read, which takes longer."""
        self._elements -= 1
        self._shared -= whole
        if self._elements < 0 or self._shared < 0:
            raise TaskFailed(
                f"'{self._name}' has more than {MOST_SHEET_CELLS} shared texts, or {MOST_ELEMENTS} elements in them."
            )


def _shared_texts(reader: Any, left: "_Bounds") -> Iterator[str]:
    """The texts that cells name by number. openpyxl's own reader of them drops what escapes an escape."""
    from openpyxl.cell.text import Text
    from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
    from openpyxl.xml.functions import iterparse

    part = reader.package.find(SHARED_STRINGS)
    if part is not None:
        with reader.archive.open(part.PartName[1:]) as source:
            elements: Iterator[tuple[str, Any]] = iterparse(source)
            for _, element in elements:
                left.pay_shared(element.tag == f"{{{SHEET_MAIN_NS}}}si")
                if element.tag == f"{{{SHEET_MAIN_NS}}}si":
                    entry: Any = Text.from_tree(element)
                    yield entry.content
                    element.clear()


def _rows(reader: Any, part: str, left: _Bounds) -> list[list[Json]]:
    """The rows of a sheet that have a value, each from the first column to its last value.

    Where a cell stands is what the cell says. The file's word on the size of the sheet, which some programs write
    wrong, is not asked, and rows and cells may come in any order.
    """
    from openpyxl.worksheet._reader import WorkSheetParser

    book = reader.wb
    rows: dict[int, dict[int, Json]] = {}
    with reader.archive.open(part) as source:
        parser: Any = WorkSheetParser(
            source,
            reader.shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number_of_row, cells in parser.parse():
            values = {cell["column"]: cell["value"] for cell in cells if cell["value"] is not None}
            left.pay(max([len(cells), *values]), values.values())
            if values:
                row = rows.setdefault(number_of_row, {})
                row.update((column, _plain(value)) for column, value in values.items())
    return [
        [row.get(column) for column in range(1, max(row) + 1)]
        for _, row in sorted(rows.items(), key=lambda one: one[0])
    ]


def _plain(value: Any) -> Json:
    if isinstance(value, str):
        return _unescaped(value)
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return number(value.total_seconds())
    return number(value) if isinstance(value, float) else value


def _unescaped(text: str) -> str:
    """Characters that XML cannot hold stand as `_x000D_`, each half of one beyond 65536 by itself."""
    from openpyxl.utils.escape import unescape

    return well_formed(join_units(unescape(text))) if "_x" in text else text


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
        return [*_objects(rows, headers_included, header_row, absent="")]
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
    return {name: [*_objects(iter(rows), headers_included, header_row, absent=None)] for name, rows in sheets.items()}


def _objects(rows: Iterator[list[Json]], headers_included: Json, header_row: Json, absent: Json) -> list[JsonObject]:
    included = boolean(headers_included, "headersIncluded", default=True)
    first: list[Json] = next(rows, list[Json]()) if included else []
    header = first if unset(header_row) or header_row == [] else array(header_row, "headerRow")
    _check_columns(len(header))
    names = _Names(header)
    return [names.object_of(row, absent) for row in _bounded(rows, len(header))]


class _Names:
    """The names of the columns, none of them twice."""

    def __init__(self, header: list[Json]) -> None:
        self._columns = len(header)
        named = [_letters(at) if unset(name) else text(name) for at, name in enumerate(header)]
        self._taken = set(named)
        self._counts: dict[str, int] = {}
        self._names = [self._unique(name) for name in named]

    def object_of(self, row: list[Json], absent: Json) -> JsonObject:
        while len(self._names) < len(row):
            name = _letters(len(self._names))
            self._names.append(self._unique(name))
            self._taken.add(name)
        cells = [*row, *[absent] * (self._columns - len(row))]
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
