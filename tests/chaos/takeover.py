"""Thousands of waiting jobs of a server that is killed: how long until another one has them all, living meanwhile."""

import asyncio
import time
from pathlib import Path

from .copies import KEEPER
from .doors import APIS, Doors
from .layout import Layout
from .measured import Services, opened_without_load
from .processes import Server
from .record import Start
from .row import Row

JOBS = 5000
STARTED = 20  # the others are copies of them, which costs a fraction of 5,000 starts
LEASE = 10.0  # seconds, which is the default: how much is done within it is what decides
SECONDS = 15.0  # after the end of the lease
PATIENCE = 90.0  # until it is given up
LOOK = 0.25
DELAY = 900  # seconds: none is over meanwhile
ANSWERED = 20  # jobs whose people answer afterwards: they are run, not only owned

TITLE = "kill -9 of one of two servers that has all {} waiting jobs"


async def take_over(
    times: int, folder: Path, *, seed: int, seconds: float, jobs: int = JOBS, lease: float = LEASE
) -> Row:
    """Each time the other server is killed, once all are its own."""
    row = Row(TITLE.format(jobs))
    end = time.monotonic() + seconds
    async with opened_without_load(Layout(servers=2), folder, lease=lease, seed=seed) as services:
        owner, heir = services.processes.servers
        began = time.monotonic()
        ids = await _start(services, owner, jobs)
        row.acknowledged = len(ids)
        row.notes.append(f"{len(ids)} there after {time.monotonic() - began:.1f} s")
        while row.times < times and (not row.times or time.monotonic() < end - seconds / 3):
            if not heir.alive:
                await heir.start()
            row.times += 1
            await _hand_over(services, owner, row)
            owner, heir = heir, owner
        await _answer_some(services, owner, ids, row)
    return row


async def _start(services: Services, server: Server, count: int) -> list[str]:
    """Some, and copies of them. Half of all wait for a person, half for a time."""
    doors = Doors(services.http, [server.address])
    starts = [Start(workflow, 0) for workflow in ("waiting", "asking") for _ in range(STARTED // 2)]
    ids = [await doors.start(APIS[n % 2], start, {"seconds": DELAY}, None) for n, start in enumerate(starts)]
    while not await services.database.all_stored(ids):  # the database does not say when  # noqa: ASYNC110
        await asyncio.sleep(LOOK)
    return ids + await services.database.multiply(ids, count // STARTED - 1)


async def _hand_over(services: Services, owner: Server, row: Row) -> None:
    (name,) = {lease.owner for lease in (await services.database.leases()).jobs.values()} - {KEEPER}
    assert name is not None
    await owner.kill()
    await services.database.give_copies_to(name)
    before = await services.database.leases()
    lease_ends = time.monotonic() + services.lease - before.silent[name]
    gone = {server for server, silence in before.silent.items() if silence > services.lease} | {name}
    oldest = 0.0
    until = lease_ends + PATIENCE
    while True:
        now = await services.database.leases()
        living = [silence for server, silence in now.silent.items() if server not in gone]
        oldest = max([oldest, *living])
        left = sum(lease.owner == name for lease in now.jobs.values())
        if not left or time.monotonic() > until:
            break
        await asyncio.sleep(LOOK)
    took = time.monotonic() - lease_ends
    again = [id for id, lease in now.jobs.items() if lease.epoch > before.jobs[id].epoch + 1]
    row.verdict.lost += [("lost", id) for id in before.jobs if id not in now.jobs]
    row.verdict.twice += [("taken over twice", id) for id in again]
    row.verdict.stuck += [("not taken over", id) for id, lease in now.jobs.items() if lease.owner == name]
    if took > SECONDS:
        row.verdict.wrong.append((f"taken over {took:.1f} s after the end of the lease", f"time {row.times}"))
    if oldest > services.lease / 2:
        row.verdict.wrong.append(
            (f"heartbeat {oldest:.1f} s old, of a lease of {services.lease:.0f} s", f"time {row.times}")
        )
    row.notes.append(
        f"{len(now.jobs) - left} of {len(now.jobs)} taken over {took:.1f} s after the end of the lease; "
        f"heartbeat at most {oldest:.1f} s old; {len(again)} taken over twice"
    )


async def _answer_some(services: Services, server: Server, ids: list[str], row: Row) -> None:
    asked = await services.database.waiting_for_people(ids, ANSWERED)
    doors = Doors(services.http, [server.address])
    for n, id in enumerate(asked):
        await doors.finish(APIS[n % 2], id, "yes")
    until = time.monotonic() + PATIENCE
    over: set[str] = set()
    while len(over) < len(asked) and time.monotonic() < until:
        over = await services.database.complete(asked)
        await asyncio.sleep(LOOK)
    row.verdict.stuck += [("answered after the takeover, and not gone on", id) for id in asked if id not in over]
