"""Where a run takes place: the processes of a layout, a provider, a follower, and the load on them."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from random import Random

import httpx

from .doors import PATIENCE, Doors
from .follower import Follower, following
from .layout import Layout, Processes, running
from .load import LONGEST_DELAY, Load, loading
from .mongods import Mongod, ReplicaSet
from .processes import Server
from .record import Record
from .recorder import Recorder, recording, told_of
from .seen import Database


@dataclass(frozen=True)
class World:
    """`lease` is in seconds. `turns` are the servers, one after the other."""

    processes: Processes
    lease: float
    chance: Random
    record: Record
    recorder: Recorder
    follower: Follower
    load: Load
    database: Database
    http: httpx.AsyncClient
    turns: Iterator[Server]

    @property
    def server(self) -> Server:
        (one,) = self.processes.servers
        return one

    def one_of_two(self) -> Server:
        return self.chance.choice(self.processes.servers)

    @property
    def mongod(self) -> Mongod:
        assert self.processes.mongod is not None
        return self.processes.mongod

    @property
    def replica_set(self) -> ReplicaSet:
        assert self.processes.replica_set is not None
        return self.processes.replica_set

    async def restart_servers(self) -> None:
        """By hand: what an operator does when nothing else helps."""
        for server in self.processes.servers:
            await server.kill()
        await asyncio.gather(*(server.start() for server in self.processes.servers))


@asynccontextmanager
async def opened(
    layout: Layout,
    folder: Path,
    *,
    lease: float,
    seed: int,
    longest_delay: float = LONGEST_DELAY,
    may_lose: bool = False,
) -> AsyncGenerator[World]:
    """Under load, and followed; everything ends with the block. The follower may lose its cursor, or must not."""
    chance = Random(seed)
    with recording(chance, slowest=1.5 * lease) as (recorder, provider):
        settings = {"JOBYARD_LEASE_MS": str(round(lease * 1000)), "JOBYARD_PROVIDERS": told_of(provider, folder)}
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=20)
        record = Record()
        async with (
            running(layout, folder, chance, **settings) as processes,
            httpx.AsyncClient(timeout=PATIENCE, limits=limits) as http,
        ):
            doors = Doors(http, [server.address for server in processes.servers])
            await doors.bring_workflows()
            database = Database(processes.uri, lease)
            stored = database.job_ids if may_lose else None
            async with (
                following(doors, record, stored) as follower,
                loading(doors, record, chance, longest_delay) as load,
            ):
                turns = cycle(processes.servers)
                yield World(processes, lease, chance, record, recorder, follower, load, database, http, turns)
