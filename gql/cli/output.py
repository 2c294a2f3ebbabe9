"""The output of a command: a table for people, or JSON or YAML for programs."""

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
class Shown:
    """`rows` of a list, with the columns of its table, how many there are in all, and how one gets more; or one record.

    `code` is the exit code.
    """

    rows: Sequence[JsonObject]
    columns: tuple[str, ...] = ()
    total: int | None = None
    single: bool = False
    code: int = 0


def show(shown: Shown, form: str) -> int:
    value: Json = shown.rows[0] if shown.single else list(shown.rows)
    if form == "json":
        print(json.dumps(value, indent=2, ensure_ascii=not _shows_all()))
    elif form == "yaml":
        import yaml

        print(yaml.safe_dump(value, sort_keys=False, allow_unicode=_shows_all()), end="")
    elif shown.single:
        _print_record(shown.rows[0])
    else:
        _print_table(shown)
    sys.stdout.flush()
    if shown.total is not None and shown.total > len(shown.rows):
        more = f"{len(shown.rows)} of {shown.total}; --first N shows more of them."
        print(f"jobyard: {more}", file=sys.stderr)
    return shown.code


def _print_table(shown: Shown) -> None:
    header = [column.upper() for column in shown.columns]
    cells = [[text(row.get(column)) for column in shown.columns] for row in shown.rows]
    widths = [min(max(map(len, column)), WIDEST) for column in zip(header, *cells, strict=True)]
    for number, line in enumerate([header, *cells]):
        padded = [cell.ljust(width) for cell, width in zip(line, widths, strict=True)]
        print("  ".join(map(_coloured, padded) if number else padded).rstrip())


def _print_record(record: JsonObject) -> None:
    width = max(map(len, record), default=0)
    for name, value in record.items():
        print(f"{name.ljust(width)}  {_coloured(text(value))}".rstrip())


def text(value: Json) -> str:
    """On one line, and without anything that a terminal obeys."""
    if value is None:
        return "-"
    if is_object(value) or is_array(value):
        value = json.dumps(value, ensure_ascii=False)
    said = str(value).lower() if isinstance(value, bool) else str(value)
    return " ".join("".join(one if one.isprintable() else " " for one in said).split())


def _coloured(cell: str) -> str:
    colour = _COLOURS.get(cell.strip()) if sys.stdout.isatty() else None
    return cell if colour is None else f"\x1b[{colour}m{cell}\x1b[0m"


def _shows_all() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
