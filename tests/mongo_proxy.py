"""A proxy between a server and its mongod that loses single commands, or the answers to them, or holds them up."""

import asyncio
import struct
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import bson

OP_MSG = 2013
HEADER = struct.Struct("<iiii")  # length, request id, in response to, operation

Command = dict[str, Any]
Matches = Callable[[str, Command], bool]


@dataclass
class Fault:
    """Loses the first `times` commands that match: before they reach the database, or their answers."""

    matches: Matches
    before: bool
    times: int
    happened: asyncio.Event = field(default_factory=asyncio.Event)

    def strikes(self, name: str, command: Command) -> bool:
        if self.times == 0 or not self.matches(name, command):
            return False
        self.times -= 1
        if self.times == 0:
            self.happened.set()
        return True


@dataclass
class Hold:
    """Keeps the commands that match from the database until `release`; a test may be in another thread."""

    matches: Matches
    reached: threading.Event = field(default_factory=threading.Event)
    _released: threading.Event = field(default_factory=threading.Event)

    def release(self) -> None:
        self._released.set()

    async def pass_by(self, name: str, command: Command) -> None:
        if not self._released.is_set() and self.matches(name, command):
            self.reached.set()
            await asyncio.to_thread(self._released.wait)


class MongoProxy:
    """`uri` leads to the database through the proxy. `seen` lists the commands as (name, collection)."""

    def __init__(self, target: str) -> None:
        self._target = urlsplit(target)
        self.faults: list[Fault] = []
        self.holds: list[Hold] = []
        self.seen: list[tuple[str, str]] = []
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def uri(self) -> str:
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        user, _, _ = self._target.netloc.rpartition("@")
        query = "&".join(one for one in self._target.query.split("&") if not one.startswith("replicaSet="))
        return urlunsplit(
            self._target._replace(
                netloc=f"{user}@127.0.0.1:{port}", path="/", query=f"{query}&directConnection=true".lstrip("&")
            )
        )

    def lose(self, matches: Matches, *, before: bool, times: int = 1) -> Fault:
        """Lose commands from now on. The driver repeats a write by itself once, so that two losses are one failure."""
        fault = Fault(matches, before, times)
        self.faults.append(fault)
        return fault

    def hold(self, matches: Matches) -> Hold:
        """Hold commands up from now on, each with what follows on its connection."""
        hold = Hold(matches)
        self.holds.append(hold)
        return hold

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, _, port = self._target.netloc.rpartition("@")[2].partition(":")
        try:
            there, to_there = await asyncio.open_connection(host, int(port))
        except OSError:
            writer.close()
            return
        self._writers |= {writer, to_there}
        lost: set[int] = set()  # the requests whose answers are lost
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await asyncio.wait(
                {
                    asyncio.create_task(self._forward_requests(reader, to_there, lost)),
                    asyncio.create_task(self._forward_answers(there, writer, lost)),
                },
                return_when=asyncio.FIRST_COMPLETED,
            )
        for one in (writer, to_there):
            self._writers.discard(one)
            one.close()

    async def _forward_requests(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lost: set[int]
    ) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                request_id, operation, message = await _read(reader)
                if operation == OP_MSG:
                    name, command = _command_of(message)
                    self.seen.append((name, str(command.get(name))))
                    for hold in self.holds:
                        await hold.pass_by(name, command)
                    fault = next((one for one in self.faults if one.strikes(name, command)), None)
                    if fault is not None and fault.before:
                        return
                    if fault is not None:
                        lost.add(request_id)
                writer.write(message)
                await writer.drain()

    async def _forward_answers(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lost: set[int]
    ) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                _, _, message = await _read(reader)
                if HEADER.unpack_from(message)[2] in lost:
                    return  # and the connection with it: the database has done it, and nobody hears of it
                writer.write(message)
                await writer.drain()

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()
        for hold in self.holds:
            hold.release()
        for one in list(self._writers):
            one.close()
        await self._server.wait_closed()


@asynccontextmanager
async def mongo_proxy(target: str) -> AsyncGenerator[MongoProxy]:
    proxy = MongoProxy(target)
    proxy._server = await asyncio.start_server(proxy._serve, "127.0.0.1", 0)
    try:
        yield proxy
    finally:
        await proxy.close()


async def _read(reader: asyncio.StreamReader) -> tuple[int, int, bytes]:
    header = await reader.readexactly(HEADER.size)
    length, request_id, _, operation = HEADER.unpack(header)
    return request_id, operation, header + await reader.readexactly(length - HEADER.size)


def _command_of(message: bytes) -> tuple[str, Command]:
    """The command's name and body, with the documents of its sequences under their names."""
    body: Command = {}
    position = HEADER.size + 4  # the flags
    while position < len(message):
        kind, position = message[position], position + 1
        (size,) = struct.unpack_from("<i", message, position)
        part = message[position : position + size]
        if kind == 0:
            body = {**bson.decode(part), **body}
        else:
            name, _, documents = part[4:].partition(b"\0")
            body[name.decode()] = bson.decode_all(documents)
        position += size
    return next((key for key in body if key not in _SEQUENCES), ""), body


_SEQUENCES = ("documents", "updates", "deletes")
