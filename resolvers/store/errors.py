"""Errors of the store: classes, and descriptions of faults for the log, without the documents."""

import traceback
from collections.abc import Generator, Iterator
from contextlib import contextmanager

from pymongo.errors import BulkWriteError, DocumentTooLarge, OperationFailure

from ...models.documents.stored import NotStorable
from ...models.errors import cut
from ...models.json import JsonObject, array_at, integer_at, is_object

# MongoDB's codes.
DUPLICATE_KEY = 11000
TOO_LARGE = frozenset((10334, 17419))  # of an inserted document, and of an updated one


class StoreProblem(Exception):
    """The store cannot be opened. The message names cause and remedy, and no password."""


class AlreadyStored(Exception):
    """The collection has a document with this id, or with this value of a unique index."""

    def __init__(self, index: str) -> None:
        super().__init__(f"a document with the same {index} is stored already")
        self.index = index


class ValueMissing(Exception):
    """A large value that a job names is not in the database."""

    def __init__(self, id: str) -> None:
        super().__init__(
            f"The value {id} is missing in the database: restore the collections `job_data`, `job_data.files` and "
            "`job_data.chunks` from a backup of the same moment as the jobs."
        )


@contextmanager
def fitting(what: str) -> Generator[None]:
    """Around a write of a document with `what` in it: NotStorable if the document is too large for the database."""
    try:
        yield
    except DocumentTooLarge as fault:
        raise NotStorable(what, str(fault)) from fault
    except OperationFailure as fault:
        if not TOO_LARGE.intersection(_codes(fault)):
            raise
        raise NotStorable(what, "it is too large for the document that it belongs to") from fault


def is_duplicate(fault: Exception | None) -> bool:
    """Whether a write was refused because of a unique index."""
    return isinstance(fault, BulkWriteError) and _codes(fault) == [DUPLICATE_KEY]


def faults_of(error: BulkWriteError, count: int) -> list[Exception | None]:
    """The fault of each of the `count` writes of a bulk; None for a write that was carried out."""
    details: JsonObject = {**(error.details or {})}
    # A write that is not stored by a majority counts as failed: it may be lost.
    faults: list[Exception | None] = [error if details.get("writeConcernErrors") else None] * count
    for fault in array_at(details, "writeErrors"):
        if is_object(fault):
            faults[integer_at(fault, "index")] = BulkWriteError({"writeErrors": [fault]})
    return faults


def _codes(fault: OperationFailure) -> list[int | None]:
    if not isinstance(fault, BulkWriteError):
        return [fault.code]
    details: JsonObject = {**fault.details}
    return [
        code if isinstance(code := one.get("code"), int) else None
        for one in array_at(details, "writeErrors")
        if is_object(one)
    ]


LONGEST_MESSAGE = 500  # characters


def brief(fault: BaseException) -> str:
    """The message of an error, without the driver's description of servers and settings, and without documents."""
    told = str(fault)
    for picture in (" (configured timeouts", ", Timeout: ", ", Topology Description: ", ", full error: "):
        told = told.partition(picture)[0]
    if isinstance(fault, BulkWriteError):
        details: JsonObject = {**(fault.details or {})}
        refused = [*array_at(details, "writeErrors"), *array_at(details, "writeConcernErrors")]
        told = (
            "; ".join(
                dict.fromkeys(f"{one.get('errmsg')} (code {one.get('code')})" for one in refused if is_object(one))
            )
            or told
        )
    return cut(told, LONGEST_MESSAGE) or type(fault).__name__


def trace(fault: BaseException) -> str:
    """The traceback of an error and its causes, with `brief` in place of each message."""
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
