"""One row: a fault again and again under load, then the wait until nothing changes, then the judgement."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from pymongo.errors import PyMongoError

from .ending import end as end_of
from .faults import Fault, NotInOrder
from .judge import Verdict, judge
from .processes import NotReady
from .row import Row
from .world import World, opened

BETWEEN = (1.0, 3.0)  # seconds under load from one fault to the next
RECOVERY_SECONDS = 45  # within which a start must be acknowledged after a fault
CALLERS_SECONDS = 45  # for those that began to start something, once nothing new is started
QUIET_SECONDS = 25  # without a change: nothing will change any more
CATCH_UP_SECONDS = 15  # for the follower, once nothing changes any more
LATE_SECONDS = 5  # that a delay may be over late
TAKEN_TO_AND_FRO = 5  # takeovers of one job beyond one for each fault
AWAY = (PyMongoError, ProcessLookupError)  # what a look at the database meets while mongod is

Found = TypeVar("Found")


async def run(fault: Fault, times: int, folder: Path, *, lease: float, seed: int, seconds: float) -> Row:
    """At most `times`; no new fault begins after half of the `seconds`, which the judge may use up."""
    row = Row(fault.title)
    end = time.monotonic() + seconds
    world_of = opened(
        fault.layout, folder, lease=lease, seed=seed, longest_delay=fault.longest_delay, may_lose=fault.loses_history
    )
    async with world_of as world:
        watching = asyncio.create_task(_watch(world, row))
        try:
            while row.times < times and (not row.times or time.monotonic() < end - seconds / 2):
                await asyncio.sleep(world.chance.uniform(*BETWEEN))
                await _strike(fault, world, row)
            await world.load.rest(CALLERS_SECONDS)
            row.stall = world.record.longest_stall(world.load.began, world.load.wait_first_save)
            if not all(server.alive for server in world.processes.servers):
                row.by_hand += 1
                row.notes.append("a server ended by itself, and was started again")
                await world.restart_servers()
            row.verdict = await _judged(fault, world, end)
            if row.verdict.stuck:
                await _mend_by_hand(fault, world, row, end)
        finally:
            await end_of(watching)
        row.acknowledged = len(world.record.started)
        row.asked_again = world.recorder.asked_again
        allowed = TAKEN_TO_AND_FRO + row.times if fault.takeovers is None else fault.takeovers * row.times
        if row.most_takeovers > allowed:
            row.wrong.append((f"a job taken to and fro {row.most_takeovers} times", "?"))
        if world.follower.wrongly_lost:
            row.wrong.append(("the follower's cursor is refused though its history is there", "-"))
        row.verdict.wrong += row.wrong
        if world.record.unacknowledged:
            row.notes.append(f"{world.record.unacknowledged} starts without a key were not acknowledged")
        if row.verdict.waiting:
            row.notes.append(f"{row.verdict.waiting} jobs wait rightly, for people of starts that nobody was told of")
        common = ", ".join(f"{count} x {reason}" for reason, count in world.record.refusals.most_common(4))
        row.notes.append(f"refused requests: {common or 'none'}; breaks of the follower: {world.follower.breaks}")
        if world.follower.cursors_lost:
            row.notes.append(f"the follower was told {world.follower.cursors_lost} times that its history is gone")
    return row


async def _strike(fault: Fault, world: World, row: Row) -> None:
    row.times += 1
    try:
        await fault.act(world)
    except NotInOrder as word:
        row.wrong.append((f"a stop: {word}", f"time {row.times}"))
    except NotReady as word:
        row.notes.append(str(word))
    if not await world.load.goes_on(RECOVERY_SECONDS):
        row.by_hand += 1
        row.notes.append(f"no start was acknowledged within {RECOVERY_SECONDS} s: the servers were started again")
        await world.restart_servers()
        await world.load.goes_on(RECOVERY_SECONDS)


async def _judged(fault: Fault, world: World, end: float) -> Verdict:
    """Once nothing changes any more, every job is over, or the time is."""
    changed, before = time.monotonic(), ()
    while time.monotonic() < end and time.monotonic() < changed + QUIET_SECONDS:
        found = await _looked(world.database.movement, end)
        if found != before:
            changed, before = time.monotonic(), found
        elif found[1] == 0:
            break  # none is active
        await asyncio.sleep(0.5)
    seen = await _looked(world.database.seen, end)
    until = time.monotonic() + CATCH_UP_SECONDS
    while set(seen.events) - set(world.follower.heard) and time.monotonic() < until:
        await asyncio.sleep(0.2)
        if {id for id, _ in set(seen.events) - set(world.follower.heard)} <= world.record.probes:
            break
    follower, longest = world.follower, fault.longest_delay + LATE_SECONDS
    return judge(seen, world.record, world.recorder.done_twice(), follower.heard, follower.last, longest)


async def _mend_by_hand(fault: Fault, world: World, row: Row, end: float) -> None:
    """How many of the stuck jobs go on after a restart; the verdict stays."""
    await world.restart_servers()
    after = await _judged(fault, world, max(end, time.monotonic() + QUIET_SECONDS))
    still = {id for _, id in after.stuck}
    stuck = {id for _, id in row.verdict.stuck}
    row.notes.append(f"a restart of the servers mends {len(stuck - still)} of {len(stuck)} stuck jobs")


async def _watch(world: World, row: Row) -> None:
    """How often a single job was taken over: the lease that counts it goes when the job is over."""
    while True:
        with suppress(*AWAY):  # as the fault wants
            row.most_takeovers = max(row.most_takeovers, await world.database.most_takeovers())
        await asyncio.sleep(1)


async def _looked(look: Callable[[], Awaitable[Found]], end: float) -> Found:
    """Also while the database is just coming back."""
    while True:
        try:
            return await look()
        except AWAY:
            if time.monotonic() > end:
                raise
        await asyncio.sleep(0.5)
