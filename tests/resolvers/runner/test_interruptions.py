"""What broke off: a database that is away is no fault of a job's."""

import pytest
from jobyard.resolvers.runner.interruptions import Interruptions
from jobyard.resolvers.store.outage import Outage
from pymongo.errors import AutoReconnect, BulkWriteError, OperationFailure, PyMongoError, WTimeoutError

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "fault",
    [
        AutoReconnect("gone"),
        OperationFailure("on its way down", 91),
        WTimeoutError("no majority", 64),
        BulkWriteError({"writeConcernErrors": [{"code": 64}], "writeErrors": []}),
    ],
    ids=lambda fault: type(fault).__name__,
)
async def test_a_job_goes_on_as_soon_as_the_database_is_back(
    fault: PyMongoError, caplog: pytest.LogCaptureFixture
) -> None:
    interruptions = Interruptions(Outage())
    for _ in range(4):
        interruptions.note_interrupted("a", fault, advanced=False)
    assert interruptions.should_check_own()
    assert interruptions.may_try_again("a")
    (said,) = (one.getMessage() for one in caplog.records)
    assert said.startswith("the database does not answer")


async def test_a_part_of_a_sweep_that_fails_holds_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    interruptions = Interruptions(Outage())
    done: list[int] = []

    async def refused() -> None:
        raise LookupError("what no sweep expects")

    async def works() -> None:
        done.append(1)

    for _ in range(3):
        await interruptions.run_part("one", refused)
        await interruptions.run_part("other", works)
    assert len(done) == 3
    assert interruptions.should_check_own()
    (said,) = (one.getMessage() for one in caplog.records if one.levelname == "ERROR")
    assert said.endswith("LookupError: what no sweep expects")


async def test_a_part_of_a_sweep_ends_it_while_the_database_is_away() -> None:
    async def away() -> None:
        raise AutoReconnect("gone")

    with pytest.raises(AutoReconnect):
        await Interruptions(Outage()).run_part("one", away)


async def test_a_job_that_breaks_off_by_itself_again_and_again_has_to_wait() -> None:
    interruptions = Interruptions(Outage())
    for _ in range(4):
        interruptions.note_interrupted("a", OperationFailure("bad value", 2), advanced=False)
    assert not interruptions.may_try_again("a")
