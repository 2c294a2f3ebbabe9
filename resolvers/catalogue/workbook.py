"""The cells of an .xlsx file, read within bounds: a small file may claim to hold any number of cells and characters."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from ...models.json import Json
from ...models.language.code_units import join_units, well_formed
from ...models.language.javascript import number
from .task import TaskFailed

LARGEST_UNPACKED = 16 * 1024 * 1024  # bytes of all parts of the file
MOST_CELLS = 100_000  # empty ones between others included
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
    except Exception as fault:  # openpyxl raises whatever a broken part leads it to
        raise TaskFailed(f"'{name}' is no .xlsx file in base64: {fault}.") from None


def _read(packed: bytes, left: "_Bounds") -> dict[str, list[list[Json]]]:
    from openpyxl.reader.excel import ExcelReader  # takes 150 ms, and few servers ever read a workbook
    from openpyxl.styles.stylesheet import apply_stylesheet

    # Step by step: openpyxl's own sheets believe the size that a file says they have, and fail on a chart alone.
    reader: Any = ExcelReader(BytesIO(packed), read_only=True, data_only=True, keep_links=False)
    with reader.archive:
        reader.read_manifest()
        reader.shared_strings = list(_shared_texts(reader))
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
        self._cells = MOST_CELLS
        self._characters = LONGEST_TEXT

    def pay(self, cells: int, values: Iterable[Any]) -> None:
        self._cells -= max(cells, 1)
        self._characters -= sum(len(value) for value in values if isinstance(value, str))
        if self._cells < 0 or self._characters < 0:
            raise TaskFailed(f"'{self._name}' has more than {MOST_CELLS} cells or {LONGEST_TEXT} characters.")


def _shared_texts(reader: Any) -> Iterator[str]:
    """The texts that cells name by number. openpyxl's own reader of them drops what escapes an escape."""
    from openpyxl.cell.text import Text
    from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
    from openpyxl.xml.functions import iterparse

    part = reader.package.find(SHARED_STRINGS)
    if part is not None:
        with reader.archive.open(part.PartName[1:]) as source:
            elements: Iterator[tuple[str, Any]] = iterparse(source)
            for _, element in elements:
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
