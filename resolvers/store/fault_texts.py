"""What the log says of a fault: never the documents that a database refused, which may hold anybody's secrets."""

import traceback
from collections.abc import Iterator

from pymongo.errors import BulkWriteError

from ...models.errors import cut
from ...models.json import JsonObject, array_at

LONGEST_MESSAGE = 500  # characters


def brief(fault: BaseException) -> str:
    """What an error says, without the driver's picture of all servers and settings, and without documents."""
    told = str(fault)
    for picture in (" (configured timeouts", ", Timeout: ", ", Topology Description: ", ", full error: "):
        told = told.partition(picture)[0]
    if isinstance(fault, BulkWriteError):
        details: JsonObject = {**(fault.details or {})}
        refused = [*array_at(details, "writeErrors"), *array_at(details, "writeConcernErrors")]
        told = "; ".join(dict.fromkeys(f"{one.get('errmsg')} (code {one.get('code')})" for one in refused)) or told
    return cut(told, LONGEST_MESSAGE) or type(fault).__name__


def trace(fault: BaseException) -> str:
    """Where a fault happened and what led to it, as Python shows it, with `brief` in the place of each message."""
    return "Traceback (most recent call last):\n" + "\n".join(
        "".join(traceback.format_tb(one.__traceback__)) + f"{type(one).__qualname__}: {brief(one)}"
        for one in reversed([*_with_causes(fault)])
    )


def _with_causes(fault: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    one: BaseException | None = fault
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
