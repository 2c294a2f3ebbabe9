"""What is done to a world under load. Each fault heals what it did: a person need not do anything after it.

The pauses are part of a fault: how long something is away decides what goes wrong.
"""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from .bystanders import watching
from .layout import Layout
from .load import LONGEST_DELAY
from .processes import END_SECONDS, LOOK_SECONDS, let_write
from .proxy import Loses
from .world import World

AWAY = 30.0


STOP_SECONDS = 10.0
FULL = (2.0, 4.0)  # seconds that a disk is full
NOTICED_SECONDS = 60  # within which a mongod that cannot write ends


class NotInOrder(Exception):
    """What a server that was asked to stop did otherwise than it should."""


async def kill_the_only_server(world: World) -> None:
    await world.server.kill()
    await world.server.start()


async def kill_one_of_two(world: World) -> None:
    """It is away until the other one has taken over its jobs, or nearly."""
    server = world.one_of_two()
    await server.kill()
    await asyncio.sleep(world.chance.uniform(0.5, 2) * world.lease)
    await server.start()


async def stop_one_of_two(world: World) -> None:
    """SIGTERM, as a rolling update does, while callers wait for their jobs and subscribers listen."""
    server = world.one_of_two()
    before = len(server.said())
    async with watching(world, server) as bystanders:
        began = time.monotonic()
        code = await server.stop(signal.SIGTERM)
        took = time.monotonic() - began
    said = server.said()[before:]
    await server.start()
    faults = bystanders.faults
    if code != 0:
        faults.append(f"killed after {END_SECONDS} s" if code is None else f"exit code {code}")
    elif took > STOP_SECONDS:
        faults.append(f"ended after {took:.1f} s")
    if "Traceback" in said:
        faults.append("a traceback in its log")
    if faults:
        raise NotInOrder("; ".join(faults))


async def freeze_one_of_two(world: World) -> None:
    """Beyond its lease: the other one takes over its jobs, and then it goes on, as if nothing had been."""
    server = world.one_of_two()
    server.freeze()
    await asyncio.sleep(world.chance.uniform(1.5, 2.5) * world.lease)
    server.thaw()


async def kill_mongod(world: World) -> None:
    await world.mongod.kill()
    await asyncio.sleep(world.chance.uniform(0.1, 3))
    await world.mongod.start()


async def kill_mongod_twice(world: World) -> None:
    """Again as it comes back, when everybody tries again what broke off."""
    await kill_mongod(world)
    await asyncio.sleep(world.chance.uniform(0, 1))
    await kill_mongod(world)


async def restart_mongod(world: World) -> None:
    """In order, as an update does."""
    await world.mongod.stop()
    await world.mongod.start()


async def freeze_mongod(world: World) -> None:
    world.mongod.freeze()
    await asyncio.sleep(world.lease)
    world.mongod.thaw()


async def keep_mongod_away(world: World) -> None:
    await world.mongod.kill()
    await asyncio.sleep(AWAY)
    await world.mongod.start()


async def lose_commands(world: World) -> None:
    """Before mongod gets them."""
    await _lose(world, "commands")


async def lose_answers(world: World) -> None:
    """Of what mongod has carried out."""
    await _lose(world, "answers")


async def _lose(world: World, what: Loses) -> None:
    proxy = world.processes.proxy
    assert proxy is not None
    proxy.loses = what
    await asyncio.sleep(world.chance.uniform(1, 4))
    proxy.loses = "nothing"


async def kill_server_and_mongod(world: World) -> None:
    await asyncio.gather(world.server.kill(), world.mongod.kill())
    await world.mongod.start()
    await world.server.start()


async def kill_own_mongod(world: World) -> None:
    """Of `jobyard serve --data`: nobody but the server knows of it."""
    pid, _ = world.server.own_mongod()
    os.kill(pid, signal.SIGKILL)


async def fill_disk(world: World) -> None:
    """Until mongod has ended because of it; once there is room, it is started again."""
    mongod = world.mongod
    let_write(mongod.pid, anything=False)
    await mongod.ended(NOTICED_SECONDS)
    await asyncio.sleep(world.chance.uniform(*FULL))
    await mongod.start()


async def fill_own_disk(world: World) -> None:
    """Of a server with its own mongod, which starts that again by itself, at first in vain."""
    pid, _ = world.server.own_mongod()
    server = world.server.pid
    let_write(server, anything=False)  # what it starts has no room, either
    let_write(pid, anything=False)
    try:
        async with asyncio.timeout(NOTICED_SECONDS):
            while await asyncio.to_thread(_is_own_mongod, world, pid):  # noqa: ASYNC110
                await asyncio.sleep(LOOK_SECONDS)
        await asyncio.sleep(world.chance.uniform(*FULL))
    finally:
        let_write(server, anything=True)


def _is_own_mongod(world: World, pid: int) -> bool:
    try:
        return world.server.own_mongod()[0] == pid
    except ProcessLookupError:
        return False


async def change_primary(world: World) -> None:
    """The primary steps down, and the next one is killed."""
    after = await world.replica_set.step_down()
    await asyncio.sleep(world.chance.uniform(1, 3))
    await after.kill()
    await world.replica_set.primary()
    await after.start()


async def kill_each_in_turn(world: World) -> None:
    """Its jobs go on at the other one, and stay there when it is back."""
    server = next(world.turns)
    await server.kill()
    await asyncio.sleep(world.chance.uniform(1.2, 2) * world.lease)
    await server.start()


async def roll_oplog_over(world: World) -> None:
    """While the server is cut off: where it and its follower were, there is no history any more."""
    world.server.freeze()
    try:
        await world.mongod.roll_oplog_over()
    finally:
        world.server.thaw()


ONE_SERVER, TWO_SERVERS = Layout(), Layout(servers=2)
OWN_MONGOD, PROXIED = Layout(own_mongod=True), Layout(proxied=True)
REPLICATED, APART, FORGETFUL = Layout(members=3), Layout(servers=2, apart=300), Layout(oplog=8)


@dataclass(frozen=True)
class Fault:
    """`times` is how often `make chaos` does it.

    `takeovers` is how often it has a job taken over, at most, where that is known; where it `loses_history`, a follower
    may be told so. The load has delays up to the longest one.
    """

    title: str
    act: Callable[[World], Awaitable[None]]
    times: int
    layout: Layout = ONE_SERVER
    takeovers: int | None = None
    loses_history: bool = False
    longest_delay: float = LONGEST_DELAY


FAULTS = {
    "server": Fault("kill -9 of the only server", kill_the_only_server, 12),
    "one-of-two": Fault("kill -9 of one of two servers", kill_one_of_two, 10, TWO_SERVERS),
    "mongod": Fault("kill -9 of mongod, back after 0.1 to 3 s", kill_mongod, 16),
    "mongod-twice": Fault("mongod killed, and again as it comes back", kill_mongod_twice, 8),
    "mongod-restart": Fault("orderly restart of mongod", restart_mongod, 4),
    "commands-lost": Fault("commands lost on their way to the database", lose_commands, 10, PROXIED),
    "answers-lost": Fault("answers of the database lost", lose_answers, 10, PROXIED),
    "both": Fault("kill -9 of server and mongod at once", kill_server_and_mongod, 6),
    "stop": Fault("SIGTERM of one of two servers", stop_one_of_two, 6, TWO_SERVERS),
    "freeze": Fault("one of two servers frozen beyond its lease", freeze_one_of_two, 8, TWO_SERVERS),
    "mongod-freeze": Fault("mongod frozen for a lease, two servers", freeze_mongod, 4, TWO_SERVERS),
    "away": Fault(f"mongod away for {AWAY:.0f} s, two servers", keep_mongod_away, 1, TWO_SERVERS),
    "disk-full": Fault("disk of mongod full, until it is started again", fill_disk, 4),
    "own-disk-full": Fault("disk full, of a server with its own mongod", fill_own_disk, 3, OWN_MONGOD),
    "step-down": Fault("primary of three steps down, the next is killed", change_primary, 4, REPLICATED),
    "clocks": Fault(
        "clocks 5 minutes apart, each server killed in turn", kill_each_in_turn, 4, APART, takeovers=1,
        longest_delay=12,
    ),
    "oplog": Fault("oplog rolled over while the server is cut off", roll_oplog_over, 3, FORGETFUL, loses_history=True),
    "own-mongod": Fault("kill -9 of the mongod of --data", kill_own_mongod, 3, OWN_MONGOD),
    "with-own-mongod": Fault("kill -9 of a server with its own mongod", kill_the_only_server, 4, OWN_MONGOD),
}  # fmt: skip
