"""`jobyard list`: prints the jobs that match a filter."""

import argparse
import json
from typing import NoReturn, get_args

from ...models.documents.moments import iso
from ...models.engine.lifecycle import FOREIGN, JobStatus
from ...models.json import Json, JsonObject, is_number, object_at
from .client import ARGUMENT_INVALID, Client, Reply, ServerRefused
from .output import FORMATS, Result, show

LIST = """
query List($filter: JobFilter, $first: Int, $after: String) {
  jobs(filter: $filter, first: $first, after: $after) {
    nodes { id status name description metrics { startTime user } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
COUNT = "query Count($filter: JobFilter) { jobs(filter: $filter, first: 1) { totalCount } }"
MOST_AT_ONCE = 1000
STATUSES = (*get_args(JobStatus), *FOREIGN)


def add_list(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=list_jobs)
    parser.add_argument("--status", action="append", choices=STATUSES, help="only jobs in this status (repeatable)")
    parser.add_argument("--name", metavar="TEXT", help="only jobs with this text in the name of the workflow")
    parser.add_argument("--text", metavar="WORDS", help="only jobs with all of these words in name or description")
    parser.add_argument("--user", metavar="ID", help="only jobs that this account started")
    parser.add_argument(
        "--var", action="append", default=[], metavar="PATH=JSON", help="only jobs with this variable (repeatable)"
    )
    parser.add_argument("--first", type=count, default=25, metavar="N", help="the largest number of jobs (25)")
    parser.add_argument("--output", choices=FORMATS, default="table", help="the format of the output (table)")


def count(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is no whole number of at least 1")
    return number


def list_jobs(options: argparse.Namespace) -> int:
    """Print the jobs, the latest start first; a note on stderr says how many there are in all."""
    client = Client(options.server, options.token)
    left, after, total = options.first, None, None
    rows: list[JsonObject] = []
    while left > 0:
        size = min(left, MOST_AT_ONCE)
        page: Reply = client.ask(LIST, filter=filter_of(options), first=size, after=after)["jobs"]
        rows += map(_row, page["nodes"])
        left -= size
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    else:
        total = client.ask(COUNT, filter=filter_of(options))["jobs"]["totalCount"]
    return show(Result(rows, ("id", "status", "started", "name", "description"), total), options.output)


def filter_of(options: argparse.Namespace) -> JsonObject:
    filter: JsonObject = {
        "status": options.status and [status.upper() for status in options.status],
        "name": options.name and {"contains": options.name},
        "text": options.text,
        "starter": options.user,
        "variables": [{"path": path, "equals": value} for path, value in map(variable, options.var)] or None,
    }
    return {key: value for key, value in filter.items() if value is not None}


def _row(job: Reply) -> JsonObject:
    metrics = object_at(job, "metrics")
    started = metrics.get("startTime")
    return {
        "id": job["id"],
        "status": job["status"].lower(),
        "started": str(iso(int(started)))[:-5] + "Z" if is_number(started) else None,
        "name": job["name"],
        "description": job["description"],
        "user": metrics.get("user"),
    }


def variable(text: str) -> tuple[str, Json]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ServerRefused(f"--var {text}: write NAME=VALUE.", ARGUMENT_INVALID)
    try:
        return name, json.loads(value, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return name, value


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(constant)  # NaN and the infinities, which Python's json reads
