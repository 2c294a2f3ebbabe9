"""HTTP with next to nothing of its own, so that the load leaves the processor to those that are measured."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Request:
    """`body` None: GET."""

    path: str
    body: bytes | None = None

    def encoded(self, host: str) -> bytes:
        head = f"{'GET' if self.body is None else 'POST'} {self.path} HTTP/1.1\r\nhost: {host}\r\n"
        if self.body is not None:
            head += f"content-type: application/json\r\ncontent-length: {len(self.body)}\r\n"
        return head.encode() + b"\r\n" + (self.body or b"")


async def ask(address: str, request: Request, times: int, at_once: int) -> int:
    """How many answers there were, over so many connections. Each is 200 and has no errors, or this fails."""
    left = iter(range(times))
    counts = await asyncio.gather(*(_connection(address, request, left) for _ in range(min(times, at_once))))
    return sum(counts)


async def answer_of(address: str, request: Request) -> bytes:
    host = urlsplit(address)
    reader, writer = await asyncio.open_connection(host.hostname, host.port)
    try:
        return await _exchange(reader, writer, request.encoded(host.netloc))
    finally:
        writer.close()


async def _connection(address: str, request: Request, left: Iterator[int]) -> int:
    host = urlsplit(address)
    reader, writer = await asyncio.open_connection(host.hostname, host.port, limit=2**21)
    sent = request.encoded(host.netloc)
    answered = 0
    try:
        for _ in left:
            body = await _exchange(reader, writer, sent)
            assert b'"errors":[' not in body[:300], body[:1000]
            answered += 1
    finally:
        writer.close()
    return answered


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: bytes) -> bytes:
    writer.write(sent)
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    body = await reader.readexactly(int(length.partition(b":")[2]))
    assert head.startswith(b"HTTP/1.1 200"), head + body[:1000]
    return body
