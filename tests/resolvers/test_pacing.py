"""Removals yield to starts: in few families at once, between their commands, and for no longer than their patience."""

import asyncio
import time

import pytest
from jobyard.resolvers.jobs import admission as admissions
from jobyard.resolvers.jobs.admission import Admission, Arrival, Closing
from jobyard.resolvers.retention import pacing as paces
from jobyard.resolvers.retention.pacing import FEW, Pacing

pytestmark = pytest.mark.anyio
ROOTS = list(range(10))


@pytest.fixture
def admission() -> Admission:
    return Admission(2, 10, Closing())


async def test_families_go_together_unless_there_are_starts(
    admission: Admission, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [*Pacing(admission).batches(ROOTS)] == [ROOTS]
    place = await admission.acquire_place(Arrival())
    assert [*map(len, Pacing(admission).batches(ROOTS))] == [FEW, FEW, 10 - 2 * FEW]
    place.release()
    assert admission.is_busy  # others may come
    monkeypatch.setattr(admissions, "BUSY_SECONDS", 0)
    assert not admission.is_busy
    assert [*Pacing(admission).batches(ROOTS)] == [ROOTS]


async def test_a_command_waits_until_no_start_is_in_progress(
    admission: Admission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paces, "PATIENCE", 60)
    pacing = Pacing(admission)
    first, second = [await admission.acquire_place(Arrival()) for _ in range(2)]
    third = asyncio.create_task(admission.acquire_place(Arrival()))
    command = asyncio.create_task(pacing.give_way())
    for place in (first, second):
        await asyncio.sleep(0)
        place.release()
    await asyncio.sleep(0)
    assert not command.done()  # the third start has got the place of the first
    (await third).release()
    await asyncio.wait_for(command, 10)


async def test_a_batch_beside_starts_without_an_end_goes_on(
    admission: Admission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paces, "PATIENCE", 0.05)
    await admission.acquire_place(Arrival())
    pacing, began = Pacing(admission), time.monotonic()
    async with pacing:
        for _ in range(1000):
            await pacing.give_way()
    assert time.monotonic() - began < 10


async def test_a_server_that_stops_waits_for_no_moment_without_starts(
    admission: Admission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paces, "PATIENCE", 3600)
    closing = asyncio.Event()
    closing.set()
    await admission.acquire_place(Arrival())
    async with asyncio.timeout(10), Pacing(admission, closing=closing) as _:
        pass
