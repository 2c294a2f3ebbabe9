"""`jobyard prune`: removes ended jobs, or says which ones would go."""

import argparse
import sys
from typing import Final

from ...models.engine.lifecycle import FINAL
from ...models.json import JsonObject
from .client import Client, Reply
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


def prune(client: Client, options: argparse.Namespace) -> Result:
    """Repeat the request until nothing is left to remove."""
    statuses = None if options.status is None else [status.upper() for status in options.status]
    arguments: JsonObject = {"statuses": statuses, "age": options.older_than, "keep": options.keep}
    rows: dict[str, Reply] = {}
    deleted: dict[str, int] = {}
    skipped, after = 0, None
    while True:
        answer: Reply = client.ask(PRUNE, **arguments, after=after, dry=options.dry_run)["pruneJobs"]
        for row in answer["byStatus"]:
            _add(rows, row)
        for name, number in answer["deleted"].items():
            deleted[name] = deleted.get(name, 0) + number
        skipped, after = skipped + answer["skipped"], answer["after"]
        if after is None:
            return _result(options, list(rows.values()), deleted, skipped)
        if sys.stderr.isatty():
            print(f"\r{sum(row['families'] for row in rows.values())} families", end="", file=sys.stderr)


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
