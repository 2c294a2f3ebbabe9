"""`jobyard prune`: removes ended jobs, or says which ones would go."""

import argparse
import re
import sys
from typing import Final

from ...models.engine.lifecycle import FINAL
from ...models.errors import RequestInvalid
from ...models.json import JsonObject
from ...models.retention import RetentionRefused, read_age
from .client import ARGUMENT_INVALID, Client, Reply, ServerRefused
from .output import Result

PRUNE: Final = """
mutation Prune($statuses: [JobStatus!], $age: String, $keep: Int, $after: String, $dry: Boolean!) {
  pruneJobs(statuses: $statuses, olderThan: $age, keepNewest: $keep, after: $after, dryRun: $dry) {
    byStatus { status families oldest newest }
    deleted { jobs tasks events values largeValues }
    skipped after
  }
}
"""
_BEFORE_FAULTS: Final = "The request is not as documented: "  # in the message of RequestInvalid
_FLAGS: Final = {"olderThan": "--older-than", "keepNewest": "--keep", "statuses": "--status"}


def prune(client: Client, options: argparse.Namespace) -> Result:
    """Repeat the request until nothing is left to remove."""
    statuses = None if options.status is None else [status.upper() for status in options.status]
    arguments: JsonObject = {"statuses": statuses, "age": options.older_than, "keep": options.keep}
    rows: dict[str, Reply] = {}
    deleted: dict[str, int] = {}
    skipped, after = 0, None
    while True:
        answer = _ask(client, **arguments, after=after, dry=options.dry_run)
        for row in answer["byStatus"]:
            _add(rows, row)
        for name, number in answer["deleted"].items():
            deleted[name] = deleted.get(name, 0) + number
        skipped, after = skipped + answer["skipped"], answer["after"]
        if after is None:
            return _result(options, list(rows.values()), deleted, skipped)
        if sys.stderr.isatty():
            print(f"\r{sum(row['families'] for row in rows.values())} families", end="", file=sys.stderr)


def _ask(client: Client, **variables: object) -> Reply:
    """A fault of the request is named by the flag."""
    try:
        answer: Reply = client.ask(PRUNE, **variables)["pruneJobs"]
    except ServerRefused as refusal:
        if refusal.code != RequestInvalid.code:
            raise
        message = str(refusal).removeprefix(_BEFORE_FAULTS)
        for name, flag in _FLAGS.items():
            message = re.sub(rf"/?\b{name}\b", flag, message)
        raise ServerRefused(message, ARGUMENT_INVALID) from refusal
    return answer


def read_age_of(text: str) -> str:
    """The text of an age, as the server takes it."""
    try:
        read_age(text)
    except RetentionRefused as refusal:
        raise argparse.ArgumentTypeError(str(refusal)) from refusal
    return text


def read_statuses(text: str) -> list[str]:
    """The statuses between commas."""
    statuses = [part.strip() for part in text.split(",")]
    if unknown := [status for status in statuses if status not in FINAL]:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: jobs that are over are {' or '.join(FINAL)}")
    return statuses


def _add(rows: dict[str, Reply], row: Reply) -> None:
    status = str(row["status"]).lower()
    known = rows.setdefault(status, {**row, "status": status, "families": 0})
    known["families"] += row["families"]
    known["oldest"] = min(known["oldest"], row["oldest"])
    known["newest"] = max(known["newest"], row["newest"])


def _result(options: argparse.Namespace, rows: list[Reply], deleted: dict[str, int], skipped: int) -> Result:
    if options.output != "table":
        record: Reply = {"dryRun": options.dry_run, "byStatus": rows, "deleted": deleted, "skipped": skipped}
        return Result([record], single=True)
    families = sum(row["families"] for row in rows)
    if options.dry_run:
        summary = f"{families} families would be removed"
    else:
        summary = f"{families} families removed: " + ", ".join(
            f"{deleted[name]} {noun}"
            for name, noun in (("jobs", "jobs"), ("tasks", "iterations"), ("events", "events"))
        )
    stay = f"; {skipped} stay, because a job in them is not over" if skipped else ""
    return Result(rows, ("status", "families", "oldest", "newest"), note=f"{summary}{stay}.")
