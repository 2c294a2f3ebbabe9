"""Logs one line for each mutation, with the outcome, over GraphQL and REST.

A started job has a log line of its own (resolvers/jobs/start.py). The line has the ids among the arguments, and no
other argument.
"""

import logging
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any, Final, cast

from graphql import OperationType

from ...models.errors import NotAllowed, Problem, cut
from ...models.visibility import ANONYMOUS
from ...resolvers.log_facts import about
from ..context import RequestInfo

MOST_IDS: Final = 20
LONGEST_ID: Final = 64
_STARTS: Final = ("startJob",)
_NAMES_TASKS: Final = ("from_task", "to_task", "errored_task", "revert_task")

log = logging.getLogger("jobyard")


@contextmanager
def log_mutation(info: RequestInfo, arguments: Mapping[str, Any]) -> Generator[Callable[[Any], Any]]:
    """Wraps the execution of a field. The yielded function records the result and returns the same result."""
    results: list[object] = []

    def record(result: Any) -> Any:
        results.append(result)
        return result

    if info.operation.operation is not OperationType.MUTATION:
        yield record
        return
    try:
        yield record
    except Problem as refusal:
        if info.field_name not in _STARTS or isinstance(refusal, NotAllowed):
            _log(info, arguments, refusal.code)
        raise
    if results and info.field_name not in _STARTS:
        _log(info, arguments, outcome_of(results[0]))


def _log(info: RequestInfo, arguments: Mapping[str, Any], outcome: str) -> None:
    caller = info.context["caller"]
    ids = _ids(arguments)
    targets = f" on {', '.join(ids)}" if ids else ""
    log.info(
        "%s%s by %s: %s", info.field_name, targets, "nobody" if caller is ANONYMOUS else caller.username, outcome,
        extra=about("command", command=info.field_name, ids=ids or None, outcome=outcome,
                    account=None if caller is ANONYMOUS else caller.account_id),
    )  # fmt: skip


def outcome_of(result: object) -> str:
    """`done`, or the number of refused items of a bulk mutation."""
    items = cast(list[object], result) if isinstance(result, list) else []
    refused = [item for item in items if getattr(item, "done", True) is False]
    return f"{len(refused)} of {len(items)} refused" if refused else "done"


def _ids(arguments: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for name, value in arguments.items():
        if name in ("id", "ids", *_NAMES_TASKS) or name.endswith(("_id", "_ids")):
            several = cast(list[object], value) if isinstance(value, list) else [value]
            found += [each for each in several if isinstance(each, str)]
    return [cut(id, LONGEST_ID) for id in found[:MOST_IDS]]
