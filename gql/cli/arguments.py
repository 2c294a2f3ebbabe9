"""Arguments of commands: ids or unique beginnings of ids, and variables from files, stdin and options."""

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Final

from ...models.hex_ids import is_hex_id
from ...models.json import Json, JsonObject, is_object
from .client import ARGUMENT_INVALID, Client, ServerRefused
from .files import Unreadable, read_json
from .listing import variable

SHORTEST: Final = 4  # characters of the beginning of an id
SEARCHED: Final = 1000  # the latest tasks and triggers to search for an id
MOST_EXAMPLES: Final = 5
JOBS: Final = """
query Ids($begin: String!, $first: Int!) {
  jobs(filter: { idStartsWith: $begin }, first: $first) { nodes { id } }
}
"""


def job_id(client: Client, beginning: str) -> str:
    """The whole id, or the only id of a job with this beginning."""
    if is_hex_id(beginning) or not re.fullmatch(r"[0-9a-f]{1,23}", beginning):
        return beginning  # ids of other programs have other forms
    _check_length(beginning)
    known = [job["id"] for job in client.ask(JOBS, begin=beginning, first=MOST_EXAMPLES + 1)["jobs"]["nodes"]]
    return unique_id(beginning, known, "of the jobs")


def unique_id(beginning: str, known: list[str], among: str) -> str:
    """The only id with this beginning. ServerRefused for no such id, or for several."""
    if beginning in known:
        return beginning
    _check_length(beginning)
    matching = [id for id in known if id.startswith(beginning)]
    if len(matching) == 1:
        return matching[0]
    if not matching:
        raise ServerRefused(f"None {among} has an id that begins with '{beginning}'.", "NOT_FOUND")
    examples = ", ".join(matching[:MOST_EXAMPLES])
    raise ServerRefused(
        f"Several {among} have an id that begins with '{beginning}', as {examples}. Write more characters."
    )


def _check_length(beginning: str) -> None:
    if len(beginning) < SHORTEST:
        raise ServerRefused(
            f"'{beginning}' is too short: write at least {SHORTEST} characters of the id.", ARGUMENT_INVALID
        )


def add_variables(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--var", action="append", default=[], metavar="K=JSON", help="a variable; a value that is not JSON is text"
    )
    command.add_argument("--vars", metavar="FILE", help="a file with an object of variables; -: stdin")


def variables_of(options: argparse.Namespace) -> JsonObject:
    """The variables of the file and of the options, which override the file."""
    return {**_read_variables(options.vars), **dict(variable(text) for text in options.var)}


def _read_variables(name: str | None) -> JsonObject:
    if name is None:
        return {}
    try:
        found: Json = json.load(sys.stdin) if name == "-" else read_json(Path(name))
    except Unreadable as fault:
        raise ServerRefused(f"{name}: {fault}", ARGUMENT_INVALID) from None
    except (ValueError, RecursionError) as fault:
        raise ServerRefused(f"The input is not JSON: {fault}.", ARGUMENT_INVALID) from None
    if not is_object(found):
        source = "The input" if name == "-" else name
        raise ServerRefused(f"{source} is not a JSON object of variables.", ARGUMENT_INVALID)
    return found
