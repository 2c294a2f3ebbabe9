"""The clock that servers on one database share: no delay depends on the machine that runs the job."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest
from jobyard.models.documents.new_job import JobRequest
from jobyard.models.settings import Settings
from jobyard.models.visibility import SYSTEM
from jobyard.resolvers.clock import SystemClock, wall_clock
from jobyard.resolvers.jobs import follow
from jobyard.resolvers.jobs import start as jobs
from jobyard.resolvers.lifespan import open_services
from jobyard.resolvers.workflows import imports as workflows

from ..documents import chain, task

pytestmark = pytest.mark.anyio

FIVE_MINUTES = 300_000
DELAY = 2  # seconds
PATIENCE = 30  # seconds


@dataclass
class Machine:
    """`wall` is what its clock shows, `running` how long it has been on, both in milliseconds."""

    wall: int = 1_000_000
    running: float = 500.0

    @property
    def clock(self) -> SystemClock:
        return SystemClock(lambda: self.wall, lambda: self.running)

    def pass_by(self, milliseconds: float) -> None:
        self.running += milliseconds
        self.wall += int(milliseconds)


def test_without_another_clock_it_is_the_machines() -> None:
    machine = Machine()
    clock = machine.clock
    machine.wall += 7
    assert clock.now() == 1_000_007


def test_the_other_clock_counts_whatever_this_machine_shows() -> None:
    machine = Machine()
    clock = machine.clock
    clock.adjust(before=490, other=9_000, after=500)
    assert clock.now() == 9_005  # the middle of what may be
    machine.wall += FIVE_MINUTES  # somebody sets it
    assert clock.now() == 9_005
    machine.pass_by(1000)
    assert clock.now() == 10_005


def test_an_answer_that_took_long_changes_nothing_that_it_does_not_prove_wrong() -> None:
    machine = Machine()
    clock = machine.clock
    clock.adjust(before=499, other=9_000, after=500)
    machine.pass_by(4000)
    clock.adjust(before=500, other=9_100, after=4500)
    assert clock.now() == 13_001
    clock.adjust(before=4499, other=13_050, after=4500)
    assert clock.now() == 13_050


def test_it_never_goes_back_and_is_right_after_a_while() -> None:
    machine = Machine()
    clock = machine.clock
    clock.adjust(before=499, other=9_000, after=500)
    seen = [clock.now()]
    clock.adjust(before=499, other=8_000, after=500)  # it is a second ahead
    for _ in range(40):
        seen.append(clock.now())
        machine.pass_by(100)
    assert seen == sorted(seen)
    assert seen[-1] - seen[-2] == 100
    assert abs(clock.now() - (8_000 + 4_000)) <= 2
    assert 40 <= seen[3] - seen[2] <= 60  # while it is ahead, it goes at half the speed


@pytest.mark.parametrize(("first", "second"), [(0, FIVE_MINUTES), (FIVE_MINUTES, 0)])
async def test_a_delay_takes_as_long_on_whatever_server_it_ends(kept: Settings, first: int, second: int) -> None:
    """`first` and `second` are how many milliseconds ahead the servers' machines are."""
    delay = task("delay", time=DELAY)

    def clock(ahead: int) -> SystemClock:
        return SystemClock(lambda: wall_clock() + ahead)

    async with asyncio.timeout(PATIENCE):
        async with open_services(kept, clock(first)) as services:
            await workflows.import_documents([chain("waits", a1=delay)])
            job: Any = await jobs.start_or_find(services, SYSTEM, JobRequest("waits", "ada"))
            await services.runner.wait_first_save(job["_id"])
            assert services.clock.now() - wall_clock() < FIVE_MINUTES // 2
        async with open_services(kept, clock(second)) as services:
            ended = await follow.wait_ended(services, SYSTEM, job, PATIENCE)
    assert ended["status"] == "complete"
    metrics = ended["metrics"]
    assert DELAY * 1000 <= metrics["end_time"] - job["metrics"]["start_time"] < FIVE_MINUTES // 10
