"""The cells of an .xlsx file, read within bounds: a small file may claim to hold any number of cells and characters."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from ...models.json import Json
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
    from openpyxl import load_workbook  # takes 150 ms, and few servers ever read a workbook

    book: Any = load_workbook(BytesIO(packed), read_only=True, data_only=True)
    try:
        return {sheet.title: list(_rows(sheet, left)) for sheet in book.worksheets}
    finally:
        book.close()


class _Bounds:
    """What may still be read of one file."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._cells = MOST_CELLS
        self._characters = LONGEST_TEXT

    def pay(self, row: tuple[Any, ...]) -> None:
        self._cells -= max(len(row), 1)
        self._characters -= sum(len(value) for value in row if isinstance(value, str))
        if self._cells < 0 or self._characters < 0:
            raise TaskFailed(f"'{self._name}' has more than {MOST_CELLS} cells or {LONGEST_TEXT} characters.")


def _rows(sheet: Any, left: _Bounds) -> Iterator[list[Json]]:
    for row in sheet.iter_rows(values_only=True):
        left.pay(row)
        if any(value is not None for value in row):
            yield [_plain(value) for value in row]


def _plain(value: Any) -> Json:
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return number(value.total_seconds())
    return number(value) if isinstance(value, float) else value
