"""Many that follow jobs: over server-sent events, with next to nothing of its own."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit

from tests.benchmarks.api.asking import Request, answer_of
from tests.benchmarks.api.servers import Server, graphql

FOLLOW = "subscription($id: ID!) { jobChanged(id: $id) { cursor status tasks { task status } } }"


class Follower:
    """Counts the events that came to it."""

    def __init__(self) -> None:
        self.events = 0
        self.heard = asyncio.Event()

    async def listen(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            if line.startswith(b"event: next"):
                self.events += 1
                self.heard.set()


@asynccontextmanager
async def following(server: Server, id: str) -> AsyncGenerator[Follower]:
    host = urlsplit(server.address)
    reader, writer = await asyncio.open_connection(host.hostname, host.port)
    body = json.dumps({"query": FOLLOW, "variables": {"id": id}}).encode()
    head = f"POST /graphql HTTP/1.1\r\nhost: {host.netloc}\r\ncontent-type: application/json\r\n"
    head += f"accept: text/event-stream\r\ncontent-length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    follower = Follower()
    listening = asyncio.create_task(follower.listen(reader))
    try:
        yield follower
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        writer.close()


async def start(server: Server) -> str:
    found = json.loads(await answer_of(server.address, server.works["start"]))
    return str(found["data"]["startJob"]["id"])


class Followers:
    """So many of one job, and one that waits for the last of them."""

    def __init__(self, server: Server, id: str) -> None:
        self.server = server
        self.id = id
        self.all: list[Follower] = []
        self._paused = False

    async def event(self) -> None:
        """Let something happen to the job, and return once all have heard of it."""
        for one in self.all:
            one.heard.clear()
        action = "resumeJobs" if self._paused else "pauseJobs"
        self._paused = not self._paused
        request: Request = graphql(f"mutation($ids: [ID!]!) {{ {action}(ids: $ids) {{ code }} }}", ids=[self.id])
        await answer_of(self.server.address, request)
        async with asyncio.timeout(120):
            for one in self.all:
                await one.heard.wait()


@asynccontextmanager
async def followers(server: Server, many: int) -> AsyncGenerator[Followers]:
    """All of them have heard what there is before this begins."""
    found = Followers(server, await start(server))
    async with AsyncExitStack() as stack:
        for _ in range(many):
            found.all.append(await stack.enter_async_context(following(server, found.id)))
        async with asyncio.timeout(120):
            for one in found.all:
                await one.heard.wait()
        yield found
