"""A line of the log for each mutation that somebody asks for, with what came of it: over GraphQL and REST alike.

What is started has a line of its own (see resolvers/jobs). Of the arguments it tells the ids, and nothing else.
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
    """Around a field. What is given is to be handed the result, and answers it."""
    results: list[object] = []

    def told(result: Any) -> Any:
        results.append(result)
        return result

    if info.operation.operation is not OperationType.MUTATION:
        yield told
        return
    try:
        yield told
    except Problem as refusal:
        if info.field_name not in _STARTS or isinstance(refusal, NotAllowed):
            _log(info, arguments, refusal.code)
        raise
    if results and info.field_name not in _STARTS:
        _log(info, arguments, _outcome(results[0]))


def _log(info: RequestInfo, arguments: Mapping[str, Any], outcome: str) -> None:
    caller = info.context["caller"]
    ids = _ids(arguments)
    on = f" on {', '.join(ids)}" if ids else ""
    log.info(
        "%s%s by %s: %s", info.field_name, on, "nobody" if caller is ANONYMOUS else caller.username, outcome,
        extra=about("command", command=info.field_name, ids=ids or None, outcome=outcome,
                    account=None if caller is ANONYMOUS else caller.account_id),
    )  # fmt: skip


def _outcome(result: object) -> str:
    """Of many at once, how many of them were refused."""
    each = cast(list[object], result) if isinstance(result, list) else []
    refused = [one for one in each if getattr(one, "done", True) is False]
    return f"{len(refused)} of {len(each)} refused" if refused else "done"


def _ids(arguments: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for name, value in arguments.items():
        if name in ("id", "ids", *_NAMES_TASKS) or name.endswith(("_id", "_ids")):
            several = cast(list[object], value) if isinstance(value, list) else [value]
            found += [one for one in several if isinstance(one, str)]
    return [cut(one, LONGEST_ID) for one in found[:MOST_IDS]]
