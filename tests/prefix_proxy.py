"""A proxy that puts a path before the server's: it takes it off again, of requests and of WebSockets."""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

_CONNECTION = re.compile(rb"^connection: (?!upgrade)[^\r\n]*\r\n", re.IGNORECASE | re.MULTILINE)


@asynccontextmanager
async def prefixed(host: str, port: int, prefix: str) -> AsyncGenerator[str]:
    """The address of the proxy with the prefix. What is asked outside of it is answered with 404."""

    async def carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                target.write(data)
                await target.drain()
        target.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, OSError):
            writer.close()
            return
        verb, path, rest = head.split(b" ", 2)
        if not path.startswith(prefix.encode() + b"/"):
            writer.write(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            writer.close()
            return
        # One request a connection, as the next one's path would have to be changed as well.
        headers, changed = _CONNECTION.subn(b"connection: close\r\n", rest)
        upgrades = b"upgrade: websocket" in rest.lower()
        assert changed or upgrades
        upstream = await asyncio.open_connection(host, port)
        upstream[1].write(b" ".join((verb, path[len(prefix) :], headers)))
        await asyncio.gather(carry(reader, upstream[1]), carry(upstream[0], writer))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}{prefix}"
