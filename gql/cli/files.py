"""Reads the JSON files of a command's arguments. The sentence about a fault leaves out the file's name."""

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NoReturn

from ...models.json import Json
from .client import ARGUMENT_INVALID, ServerRefused

STDIN: Final = Path("-")
MOST_FILES: Final = 10_000
FILES_HELP: Final = "a file, a folder with all of its .json files, or - for stdin"


def json_files(paths: Iterable[Path]) -> list[Path]:
    """The files: a folder stands for its .json files, in order, with those of the folders in it."""
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = [Path(folder) / name for folder, _, names in os.walk(path) for name in names if name.endswith(".json")]
        if not inside:
            raise ServerRefused(f"{path}: there is no file of the name *.json in this folder.", ARGUMENT_INVALID)
        found += sorted(inside)
    if len(found) > MOST_FILES:
        raise ServerRefused(f"{len(found)} files are more than {MOST_FILES}: name fewer at a time.", ARGUMENT_INVALID)
    return found


class Unreadable(Exception):
    """The file is unreadable; the message has the fault without the name of the file."""


def read_json(path: Path) -> Json:
    try:
        content = sys.stdin.buffer.read() if path == STDIN else path.read_bytes()
    except FileNotFoundError:
        raise Unreadable("there is no such file.") from None
    except IsADirectoryError:
        raise Unreadable("this is a folder.") from None
    except PermissionError:
        raise Unreadable("this user may not read it.") from None
    except OSError as fault:
        raise Unreadable(f"it cannot be read: {fault.strerror or type(fault).__name__}.") from fault
    except ValueError as fault:  # a NUL in the name
        raise Unreadable(f"this is no name of a file: {fault}.") from fault
    if not content.strip():
        raise Unreadable("the file is empty.")
    try:
        return json.loads(content, parse_constant=_refuse)
    except UnicodeDecodeError:
        raise Unreadable("this is not JSON: it is no text in UTF-8, UTF-16 or UTF-32.") from None
    except json.JSONDecodeError as fault:
        raise Unreadable(f"this is not JSON: {fault}.") from None
    except RecursionError:
        raise Unreadable("this is nested too deep to be read.") from None
    except ValueError as fault:  # a constant that JSON lacks, or a number with too many digits
        raise Unreadable(f"{fault}.") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
