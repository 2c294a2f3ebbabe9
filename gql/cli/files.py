"""Reads the JSON files of a command's arguments. The sentence about a fault leaves out the file's name."""

import json
from pathlib import Path
from typing import NoReturn

from ...models.json import Json


class Unreadable(Exception):
    """The file is unreadable; the message has the fault without the name of the file."""


def read_json(path: Path) -> Json:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise Unreadable("there is no such file.") from None
    except IsADirectoryError:
        raise Unreadable("this is a folder: name the files in it.") from None
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
