"""`jobyard audit`: lists audit events, the latest first, or exports them as JSON lines, the oldest first."""

import argparse
import json
from collections.abc import Iterator
from typing import Final

from ...models.json import JsonObject
from .client import Client, Reply
from .listing import count
from .output import FORMATS, Result, show

AUDIT: Final = """
query Audit($filter: AuditFilter, $direction: Direction!, $first: Int!, $after: String) {
  auditEvents(filter: $filter, direction: $direction, first: $first, after: $after) {
    nodes { id at account username action kind targets name task outcome request details }
    pageInfo { hasNextPage endCursor }
  }
}
"""
LINES: Final = "jsonl"
MOST_AT_ONCE: Final = 1000
_FILTERS: Final = {
    "user": ("usernames", "NAME", "only acts of the account of this name (repeatable)"),
    "account": ("accounts", "ID", "only acts of the account of this id (repeatable)"),
    "action": ("actions", "NAME", "only this mutation, such as cancelJobs, or serve (repeatable)"),
    "kind": ("kinds", "KIND", "only targets of this kind, such as job or role (repeatable)"),
    "target": ("targets", "ID", "only acts on the target of this id or name (repeatable)"),
}


def add_audit(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(command=print_audit)
    for name, (_, metavar, help_text) in _FILTERS.items():
        parser.add_argument(f"--{name}", action="append", metavar=metavar, help=help_text)
    parser.add_argument("--since", metavar="MOMENT", help="only acts since this moment, as 2026-01-31T00:00:00Z")
    parser.add_argument("--until", metavar="MOMENT", help="only acts before this moment")
    parser.add_argument("--first", type=count, metavar="N", help=f"the largest number of entries (25; of {LINES}, all)")
    parser.add_argument(
        "--output",
        choices=(*FORMATS, LINES),
        default="table",
        help=f"the format of the output (table); {LINES} has one JSON object a line, the oldest act first",
    )


def print_audit(options: argparse.Namespace) -> int:
    client = Client(options.server, options.token)
    if options.output == LINES:
        for event in _events(client, options, "ASC", options.first):
            print(json.dumps(event), flush=False)
        return 0
    rows = [
        {**event, "user": event["username"] or event["account"], "task": event["task"]}
        for event in _events(client, options, "DESC", options.first or 25)
    ]
    return show(Result(rows, ("at", "user", "action", "outcome", "targets")), options.output)


def _events(client: Client, options: argparse.Namespace, direction: str, most: int | None) -> Iterator[JsonObject]:
    after, left = None, most
    while left is None or left > 0:
        size = MOST_AT_ONCE if left is None else min(left, MOST_AT_ONCE)
        arguments: JsonObject = {"filter": _filter_of(options), "direction": direction, "first": size, "after": after}
        page: Reply = client.ask(AUDIT, **arguments)["auditEvents"]
        yield from page["nodes"]
        left = None if left is None else left - size
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def _filter_of(options: argparse.Namespace) -> JsonObject:
    chosen = {field: getattr(options, name) for name, (field, *_) in _FILTERS.items()}
    moments = {"since": options.since, "before": options.until}
    found: JsonObject = {field: values for field, values in chosen.items() if values}
    return {**found, "at": moments} if any(moments.values()) else found
