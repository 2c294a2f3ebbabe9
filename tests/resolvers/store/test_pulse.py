"""The pulse of the database: what callers wait for ends when it is away, and nothing else does."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from jobyard.models.errors import DatabaseUnavailable
from jobyard.resolvers.store import pulse as store_pulse
from jobyard.resolvers.store.outage import Outage, is_away, unavailable
from jobyard.resolvers.store.pulse import Pulse
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    DuplicateKeyError,
    ExecutionTimeout,
    NetworkTimeout,
    NotPrimaryError,
    OperationFailure,
    ServerSelectionTimeoutError,
    WriteConcernError,
    WTimeoutError,
)

pytestmark = pytest.mark.anyio


class Database:
    """What is asked of it answers, fails or hangs."""

    def __init__(self) -> None:
        self.there = asyncio.Event()
        self.there.set()
        self.fault: Exception | None = None
        self.asked = 0

    async def ask(self) -> None:
        self.asked += 1
        if self.fault is not None:
            raise self.fault
        await self.there.wait()


@asynccontextmanager
async def beating(database: Database) -> AsyncGenerator[Pulse]:
    pulse, closing = Pulse(database.ask, Outage()), asyncio.Event()
    run = asyncio.create_task(pulse.run(closing))
    try:
        async with asyncio.timeout(30):
            yield pulse
    finally:
        closing.set()
        await run
        await pulse.close()


async def for_ever(pulse: Pulse, *, changes: bool = False) -> None:
    await pulse.answer(asyncio.Event().wait(), changes=changes)


async def found(value: str) -> str:
    return value


@pytest.mark.parametrize("fault", [None, AutoReconnect("gone")], ids=["hangs", "fails"])
async def test_what_waits_ends_when_it_is_away_and_goes_on_when_it_is_back(
    fault: Exception | None, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database()
    async with beating(database) as pulse:
        assert await pulse.look()
        database.fault = fault
        database.there.clear()
        begun = [asyncio.create_task(for_ever(pulse, changes=changes)) for changes in (False, True)]
        for changes, one in enumerate(begun):
            with pytest.raises(DatabaseUnavailable) as told:
                await one
            assert told.value.facts["mayBeDone"] is bool(changes)
        assert pulse.away
        with pytest.raises(DatabaseUnavailable) as told:
            await for_ever(pulse, changes=True)
        assert told.value.facts["mayBeDone"] is False
        with pytest.raises(DatabaseUnavailable):
            pulse.check()
        assert await pulse.answer(found("without a database")) == "without a database"
        back = asyncio.create_task(pulse.wait_back())
        database.fault = None
        database.there.set()
        await back
        pulse.check()
    said = [one.getMessage() for one in caplog.records]
    assert [one.partition(",")[0] for one in said] == ["the database does not answer", "the database answers again"]


async def test_a_moment_without_an_answer_is_not_the_end() -> None:
    database = Database()
    async with beating(database) as pulse:
        assert await pulse.look()
        database.fault = AutoReconnect("one connection was lost")
        asked = database.asked
        while database.asked < asked + 2:  # noqa: ASYNC110 -- nobody tells of it
            await asyncio.sleep(0)
        database.fault = None
        assert await pulse.look()
        assert not pulse.away


async def test_what_is_done_for_a_caller_goes_on_when_the_caller_was_told(caplog: pytest.LogCaptureFixture) -> None:
    database, ends, canceled = Database(), asyncio.Event(), list[bool]()

    async def work(fault: Exception) -> None:
        try:
            await ends.wait()
        except asyncio.CancelledError:
            canceled.append(True)
            raise
        canceled.append(False)
        raise fault

    database.there.clear()
    async with beating(database) as pulse:
        faults = AutoReconnect("gone"), DatabaseUnavailable(5), ValueError("ours")
        for told in await asyncio.gather(*(pulse.answer(work(one)) for one in faults), return_exceptions=True):
            assert isinstance(told, DatabaseUnavailable)
        assert canceled == []
        ends.set()
        database.there.set()
        await pulse.wait_back()
        assert canceled == [False, False, False]
    (error,) = [one.getMessage() for one in caplog.records if one.levelname == "ERROR"]
    assert error.endswith("ValueError: ours")


async def test_no_more_goes_on_unheard_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_pulse, "MOST_UNHEARD", 2)
    database, begun = Database(), 0

    async def work() -> None:
        nonlocal begun
        begun += 1
        await asyncio.Event().wait()

    database.there.clear()
    async with beating(database) as pulse:
        for _ in range(4):
            with pytest.raises(DatabaseUnavailable):
                await pulse.answer(work())
    assert begun == 2


async def test_a_change_waits_a_moment_for_a_database_that_is_back_at_once() -> None:
    database = Database()
    async with beating(database) as pulse:
        assert await pulse.look()
        database.there.clear()
        reading = asyncio.create_task(pulse.answer(database.there.wait()))
        while not pulse.away:  # noqa: ASYNC110 -- nobody tells of it
            await asyncio.sleep(0)
        changing = asyncio.create_task(pulse.answer(found("done"), changes=True))
        await asyncio.sleep(0)
        database.there.set()
        assert await changing == "done"
        assert await reading


async def test_who_is_canceled_by_somebody_else_is_canceled() -> None:
    database = Database()
    async with beating(database) as pulse:
        canceled = asyncio.Event()

        async def work() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                canceled.set()

        waiting = asyncio.create_task(pulse.answer(work()))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert canceled.is_set()


async def test_one_inside_of_another_ends_both() -> None:
    database = Database()
    database.there.clear()
    async with beating(database) as pulse:
        with pytest.raises(DatabaseUnavailable):
            await pulse.answer(for_ever(pulse))


@pytest.mark.parametrize(
    "fault",
    [
        AutoReconnect("gone"),
        NetworkTimeout("slow"),
        NotPrimaryError("stepped down"),
        ServerSelectionTimeoutError("none"),
        WTimeoutError("no majority", 64),
        WriteConcernError("no majority", 100),
        OperationFailure("on its way down", 91),
        OperationFailure("no room", 14031),
        BulkWriteError({"writeConcernErrors": [{"code": 64}], "writeErrors": []}),
    ],
    ids=lambda fault: type(fault).__name__,
)
async def test_these_say_that_it_is_away(fault: Exception) -> None:
    told = unavailable(fault, changes=True)
    assert told is not None
    assert (told.code, told.facts["mayBeDone"]) == ("DATABASE_UNAVAILABLE", True)


@pytest.mark.parametrize(
    "fault",
    [
        DuplicateKeyError("there", 11000),
        OperationFailure("bad query", 2),
        ExecutionTimeout("a search that took too long", 50),
        BulkWriteError({"writeErrors": [{"code": 11000}]}),
        ValueError(),
    ],
    ids=lambda fault: type(fault).__name__,
)
async def test_these_do_not(fault: Exception) -> None:
    assert not is_away(fault)
    assert unavailable(fault) is None
