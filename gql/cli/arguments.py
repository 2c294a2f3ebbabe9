"""What commands are given: ids or unique beginnings of them, and variables from files, the input and the line."""

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Final

from ...models.hex_ids import is_hex_id
from ...models.json import Json, JsonObject, is_object
from .client import Client, ServerRefused
from .files import Unreadable, read_json
from .listing import variable

SHORTEST: Final = 4  # characters of a beginning
LOOKED_AT: Final = 1000  # of the latest tasks and triggers
SHOWN: Final = 5
JOBS: Final = """
query Ids($begin: String!, $first: Int!) {
  jobs(filter: { idStartsWith: $begin }, first: $first) { nodes { id } }
}
"""


def job_id(client: Client, given: str) -> str:
    """The id that is given, or the only one of all jobs that begins so."""
    if is_hex_id(given) or not re.fullmatch(r"[0-9a-f]{1,23}", given):
        return given  # other programs have ids of other forms
    _check_length(given)
    known = [one["id"] for one in client.ask(JOBS, begin=given, first=SHOWN + 1)["jobs"]["nodes"]]
    return only(given, known, "of the jobs")


def only(given: str, known: list[str], among: str) -> str:
    """The only one of the ids that begins so; ServerRefused where there is none, or are several."""
    if given in known:
        return given
    _check_length(given)
    fitting = [id for id in known if id.startswith(given)]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise ServerRefused(f"None {among} has an id that begins with '{given}'.", "NOT_FOUND")
    shown = ", ".join(fitting[:SHOWN])
    raise ServerRefused(f"Several {among} have an id that begins with '{given}', as {shown}. Write more of it.")


def _check_length(given: str) -> None:
    if len(given) < SHORTEST:
        raise ServerRefused(f"'{given}' is too short: write at least {SHORTEST} characters of the id.")


def add_variables(command: argparse.ArgumentParser) -> None:
    command.add_argument("--var", action="append", default=[], metavar="K=JSON", help="a variable; plain text is text")
    command.add_argument("--vars", metavar="FILE", help="a file with an object of variables; -: the input")


def variables_of(options: argparse.Namespace) -> JsonObject:
    """Those of the file, and over them those of the line."""
    return {**_of_file(options.vars), **dict(variable(text) for text in options.var)}


def _of_file(name: str | None) -> JsonObject:
    if name is None:
        return {}
    try:
        found: Json = json.load(sys.stdin) if name == "-" else read_json(Path(name))
    except Unreadable as fault:
        raise ServerRefused(f"{name}: {fault}") from None
    except (ValueError, RecursionError) as fault:
        raise ServerRefused(f"The input is not JSON: {fault}.") from None
    if not is_object(found):
        raise ServerRefused(f"{'The input' if name == '-' else name} is no JSON object of variables.")
    return found
