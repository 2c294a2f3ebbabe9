"""Which errors say that the database is away, and what the log says of one."""

import pytest
from jobyard.resolvers.store.errors import brief, trace
from jobyard.resolvers.store.outage import is_away, retry_while_away
from pymongo.errors import AutoReconnect, BulkWriteError, OperationFailure

pytestmark = pytest.mark.anyio

FULL = "28: No space left on device"


def refused(*faults: tuple[int, str]) -> BulkWriteError:
    """With the document, as the driver shows it."""
    document = {"_id": 1, "password": "hunter2"}
    errors = [{"index": 0, "code": code, "errmsg": said, "op": document} for code, said in faults]
    return BulkWriteError({"writeErrors": errors, "writeConcernErrors": []})


@pytest.mark.parametrize(
    ("fault", "away"),
    [
        (refused((8, FULL)), True),
        (refused((11000, "duplicate"), (8, FULL)), True),
        (refused((8, "something else")), False),
        (refused((11000, "duplicate")), False),
        (OperationFailure(FULL, 8), True),
        (OperationFailure("write conflict", 112), True),
        (OperationFailure("bad value", 2), False),
    ],
    ids=lambda one: str(one) if isinstance(one, bool) else brief(one),
)
def test_a_disk_without_room_is_a_database_that_is_away(fault: Exception, away: bool) -> None:
    assert is_away(fault) is away


def test_the_log_has_the_reason_and_never_the_document() -> None:
    try:
        try:
            raise refused((8, FULL), (8, FULL))
        except BulkWriteError as fault:
            raise LookupError("x" * 2000) from fault
    except LookupError as fault:
        said = trace(fault)
    assert f"BulkWriteError: {FULL} (code 8)\n" in said
    assert said.index("BulkWriteError") < said.index("LookupError: xxx")
    assert "hunter2" not in said
    assert len(said) < 2000


async def test_who_insists_asks_until_it_is_back() -> None:
    answers: list[Exception | int] = [AutoReconnect("gone"), refused((8, FULL)), 3]

    async def ask() -> int:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert await retry_while_away(ask) == 3
