"""Between the servers and mongod: it loses commands before mongod gets them, or the answers to what was carried out."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from random import Random
from typing import Literal

SHARE = 0.7  # of what is lost; the driver tries most things twice, so that half of them fail
CHUNK = 64 * 1024
_WATCHING = (b"hello\0", b"ismaster\0", b"isMaster\0")  # how the driver looks at the database: that is let through

Loses = Literal["nothing", "commands", "answers"]


class Proxy:
    """What is lost takes its connection with it."""

    def __init__(self, target: int, chance: Random) -> None:
        self.loses: Loses = "nothing"
        self.port = 0
        self._target = target
        self._chance = chance
        self._work: set[asyncio.Task[None]] = set()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side ends it or something of it is lost."""
        with closing(writer):
            try:
                there, back = await asyncio.open_connection("127.0.0.1", self._target)
            except OSError:
                return  # mongod is away
            link = _Link(self, self._chance)
            with closing(back):
                ways = [asyncio.create_task(link.ask(reader, back)), asyncio.create_task(link.answer(there, writer))]
                self._work.update(ways)
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
                for way in ways:
                    way.cancel()
                await asyncio.wait(ways)
                self._work.difference_update(ways)

    def close(self) -> None:
        for way in self._work:
            way.cancel()


class _Link:
    def __init__(self, proxy: Proxy, chance: Random) -> None:
        self._proxy = proxy
        self._chance = chance
        self._watching = True

    async def ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await _read(reader):
            self._watching = any(word in chunk for word in _WATCHING)
            if self._lost("commands") or not await _written(writer, chunk):
                return

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await _read(reader):
            if self._lost("answers") or not await _written(writer, chunk):
                return

    def _lost(self, what: Loses) -> bool:
        return not self._watching and self._proxy.loses == what and self._chance.random() < SHARE


async def _read(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read(CHUNK)
    except OSError:
        return b""  # it was broken off: as an end


async def _written(writer: asyncio.StreamWriter, chunk: bytes) -> bool:
    try:
        writer.write(chunk)
        await writer.drain()
    except OSError:
        return False
    return True


@asynccontextmanager
async def proxied(target: int, chance: Random) -> AsyncGenerator[Proxy]:
    proxy = Proxy(target, chance)
    listening = await asyncio.start_server(proxy.carry, "127.0.0.1", 0)
    proxy.port = listening.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        listening.close()
        proxy.close()
