"""The output of a command: a table for people, JSON or YAML for programs."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ...models.json import Json, JsonObject, is_array, is_object

FORMATS: Final = ("table", "json", "yaml")
WIDEST: Final = 60  # characters of a column but the last
_COLOURS: Final = {"complete": 32, "running": 34, "error": 31, "failure": 31, "canceled": 33, "paused": 33}


@dataclass(frozen=True)
class Result:
    """The result of a command: `rows` of a list with the columns of the table and the total number, or a single record.

    `code` is the exit code; `note` goes to the error output after a table.
    """

    rows: Sequence[JsonObject]
    columns: tuple[str, ...] = ()
    total: int | None = None
    single: bool = False
    code: int = 0
    note: str = ""


def show(result: Result, form: str) -> int:
    """Print the result, and return its exit code."""
    if sys.stdout is None:  # it was closed before the start
        return result.code
    value: Json = result.rows[0] if result.single else list(result.rows)
    if form == "json":
        print(json.dumps(value, indent=2, ensure_ascii=not _shows_all()))
    elif form == "yaml":
        import yaml

        print(yaml.safe_dump(value, sort_keys=False, allow_unicode=_shows_all()), end="")
    elif result.single:
        _print_record(result.rows[0])
    else:
        _print_table(result)
    sys.stdout.flush()
    if result.total is not None and result.total > len(result.rows):
        more = f"{len(result.rows)} of {result.total}; --first N shows more entries."
        print(f"jobyard: {more}", file=sys.stderr)
    if result.note and form == "table":
        print(f"jobyard: {result.note}", file=sys.stderr)
    return result.code


def _print_table(result: Result) -> None:
    header = [column.upper() for column in result.columns]
    cells = [[text(row.get(column)) for column in result.columns] for row in result.rows]
    widths = [min(max(map(len, column)), WIDEST) for column in zip(header, *cells, strict=True)]
    for number, line in enumerate([header, *cells]):
        padded = [cell.ljust(width) for cell, width in zip(line, widths, strict=True)]
        print("  ".join(map(_colour, padded) if number else padded).rstrip())


def _print_record(record: JsonObject) -> None:
    width = max(map(len, record), default=0)
    for name, value in record.items():
        print(f"{name.ljust(width)}  {_colour(text(value))}".rstrip())


def text(value: Json) -> str:
    """The value on one line, without control characters."""
    if value is None:
        return "-"
    if is_object(value) or is_array(value):
        value = json.dumps(value, ensure_ascii=False)
    plain = str(value).lower() if isinstance(value, bool) else str(value)
    return " ".join("".join(char if char.isprintable() else " " for char in plain).split())


def _colour(cell: str) -> str:
    colour = _COLOURS.get(cell.strip()) if sys.stdout.isatty() else None
    return cell if colour is None else f"\x1b[{colour}m{cell}\x1b[0m"


def _shows_all() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
