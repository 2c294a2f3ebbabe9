"""The databases of a run: a replica set of one or of three, without sign-in, on directories and ports that stay."""

import asyncio
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from .processes import LOOK_SECONDS, READY_SECONDS, NotReady, Program, free_port

REPLICA_SET = "chaos"
OPLOG_MEGABYTES = 128
ELECTION = {"electionTimeoutMillis": 2000, "heartbeatIntervalMillis": 500}  # a dead primary is noticed so soon
STEPPED_DOWN_SECONDS = 10  # in which it does not stand for election
_ALREADY_INITIALIZED = 23
_MEGABYTE = b"." * 1_000_000


class Mongod(Program):
    """A member of the replica set; the only one, which sets the set up, unless it is one of `several`."""

    def __init__(self, binary: str, folder: Path, *, oplog: int = OPLOG_MEGABYTES, several: bool = False) -> None:
        self.port = free_port()
        self._several = several
        self._oplog = oplog
        data = folder / f"db-{self.port}"
        data.mkdir(parents=True)
        flags = ["--bind_ip", "127.0.0.1", "--replSet", REPLICA_SET, "--networkMessageCompressors", "disabled"]
        flags += ["--oplogSize", str(oplog), "--wiredTigerCacheSizeGB", "0.5"]
        flags += ["--setParameter", "diagnosticDataCollectionEnabled=false"]
        if oplog < OPLOG_MEGABYTES:
            flags += ["--syncdelay", "1"]  # what is not in a checkpoint is never cut off
        command = [binary, "--dbpath", str(data), "--port", str(self.port), *flags]
        super().__init__(command, folder / f"mongod-{self.port}.log")

    async def serves(self) -> bool:
        """Whether it is primary, or one of several that answer; the only one of a set is set up by this."""
        return await asyncio.to_thread(self._serves)  # the asynchronous client leaves sockets behind that it gave up

    def _serves(self) -> bool:
        with self.client() as client:
            try:
                hello = client.admin.command("hello")
                if not hello.get("isWritablePrimary") and "setName" not in hello and not self._several:
                    initiate(client, [self.port])
                return self._several or bool(hello.get("isWritablePrimary"))
            except PyMongoError:
                return False  # it is on its way

    async def roll_oplog_over(self) -> None:
        """Return once nothing of what is in the oplog now is there any more."""
        await asyncio.to_thread(self._roll_oplog_over)

    def _roll_oplog_over(self) -> None:
        with self.client() as client:
            newest = _end_of_oplog(client, -1)
            filler = client["filler"]["filler"]
            while _end_of_oplog(client, 1) <= newest:
                filler.insert_many([{"filler": _MEGABYTE} for _ in range(self._oplog)])
                filler.drop()

    @contextmanager
    def client(self) -> Generator[MongoClient[dict[str, Any]]]:
        with MongoClient[dict[str, Any]](
            "127.0.0.1", self.port, directConnection=True, serverSelectionTimeoutMS=1000
        ) as client:
            yield client


class ReplicaSet:
    """Several members, of which one is primary; started and killed as one program is."""

    def __init__(self, members: Sequence[Mongod]) -> None:
        self.members = members

    async def start(self) -> None:
        """Return once there is a primary."""
        await asyncio.gather(*(member.start() for member in self.members))
        await asyncio.to_thread(self._set_up)
        await self.primary()

    def _set_up(self) -> None:
        with self.members[0].client() as client:
            initiate(client, [member.port for member in self.members])

    async def kill(self) -> None:
        for member in self.members:
            await member.kill()

    async def primary(self) -> Mongod:
        try:
            async with asyncio.timeout(READY_SECONDS):
                while True:
                    for member in self.members:
                        if member.alive and await asyncio.to_thread(_is_primary, member):
                            return member
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError as fault:
            raise NotReady("the replica set has no primary") from fault

    async def step_down(self) -> Mongod:
        """The primary gives way to another one, which is returned once it is primary."""
        before = await self.primary()
        await asyncio.to_thread(_step_down, before)
        while (after := await self.primary()) is before:  # noqa: ASYNC110
            await asyncio.sleep(LOOK_SECONDS)
        return after


def initiate(client: MongoClient[dict[str, Any]], ports: Sequence[int]) -> None:
    """Set the replica set up, unless it is."""
    members = [{"_id": number, "host": f"127.0.0.1:{port}"} for number, port in enumerate(ports)]
    try:
        client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members, "settings": ELECTION})
    except OperationFailure as fault:
        if fault.code != _ALREADY_INITIALIZED:
            raise


def _is_primary(member: Mongod) -> bool:
    with member.client() as client:
        try:
            return bool(client.admin.command("hello").get("isWritablePrimary"))
        except PyMongoError:
            return False


def _step_down(member: Mongod) -> None:
    with member.client() as client:
        client.admin.command({"replSetStepDown": STEPPED_DOWN_SECONDS, "secondaryCatchUpPeriodSecs": 5})


def _end_of_oplog(client: MongoClient[dict[str, Any]], order: int) -> Any:
    """When its newest (-1) or its oldest (1) entry was written."""
    return client["local"]["oplog.rs"].find({}, {"ts": 1}).sort("$natural", order).limit(1)[0]["ts"]
