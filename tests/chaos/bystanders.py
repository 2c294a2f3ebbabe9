"""Callers that wait for their jobs, and subscribers, at a server that is asked to stop: each hears an orderly end."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

import httpx

from .processes import Server
from .record import Start
from .world import World

WAITING = 2  # callers by each API, and subscribers by each transport
PATIENCE = 60.0
SECONDS = 15  # that the jobs of the callers take
READY_SECONDS = 30

START = """
mutation($options: StartJobOptions!) { startJob(workflow: "delayed", options: $options, waitSeconds: 60) { id status } }
"""
FOLLOW = {"query": "subscription { jobsChanged { cursor } }"}
TRANSPORTS = {
    "text/event-stream": b"event: complete\ndata: \n\n",
    'multipart/mixed;boundary="graphql";subscriptionSpec=1.0,application/json': b"\r\n--graphql--\r\n",
}

_numbers = count(1)


@dataclass
class Bystanders:
    """`faults` are what they heard otherwise than they should."""

    faults: list[str] = field(default_factory=list[str])


@asynccontextmanager
async def watching(world: World, server: Server) -> AsyncGenerator[Bystanders]:
    """The block begins when they all wait, and what it does is to end the server; each has heard its end after it."""
    bystanders = Bystanders()
    asked = time.monotonic()
    starts = [Start("delayed", -1000 - next(_numbers), seconds=SECONDS) for _ in range(2 * WAITING)]
    listening = [asyncio.Event() for _ in range(WAITING * len(TRANSPORTS))]
    ways = list(TRANSPORTS) * WAITING
    tasks = [_subscriber(world, server, way, event) for way, event in zip(ways, listening, strict=True)]
    tasks += [_caller(world.http, server, start, rest=n % 2 == 0) for n, start in enumerate(starts)]
    work = [asyncio.create_task(one) for one in tasks]
    try:
        async with asyncio.timeout(READY_SECONDS):
            for event in listening:
                await event.wait()
            # The database does not say when they are there.
            while await world.database.named(str(start.number) for start in starts) < len(starts):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        yield bystanders
        for start, ended in zip([None] * len(ways) + starts, await asyncio.gather(*work), strict=True):
            if isinstance(ended, _Acknowledged) and start is not None:
                world.record.acknowledge(start, ended.job_id, asked, time.monotonic())
            elif isinstance(ended, str):
                bystanders.faults.append(ended)
    finally:
        for one in work:
            one.cancel()
        await asyncio.gather(*work, return_exceptions=True)


@dataclass(frozen=True)
class _Acknowledged:
    job_id: str


async def _caller(http: httpx.AsyncClient, server: Server, start: Start, *, rest: bool) -> _Acknowledged | str:
    options = {"variables": {"number": str(start.number), "seconds": start.seconds}}
    path = "/operations-manager/jobs/start?waitSeconds=60" if rest else "/graphql"
    by_rest = {"workflow": start.workflow, "options": options}
    by_graphql = {"query": START, "variables": {"options": options}}
    try:
        answer = await http.post(f"{server.address}{path}", json=by_rest if rest else by_graphql, timeout=PATIENCE)
    except httpx.TransportError as fault:
        return f"a caller that waits hears {type(fault).__name__}"
    data = answer.json().get("data") if answer.status_code == 200 else None
    if not data:
        return f"a caller that waits hears {answer.status_code} {answer.text[:60]}"
    return _Acknowledged(data["_id"] if rest else data["startJob"]["id"])


async def _subscriber(world: World, server: Server, accept: str, listens: asyncio.Event) -> str | None:
    heard = b""
    try:
        async with world.http.stream(
            "POST", f"{server.address}/graphql", json=FOLLOW, headers={"accept": accept}, timeout=PATIENCE
        ) as answer:
            async for chunk in answer.aiter_raw():
                heard = heard[-2000:] + chunk
                if b"cursor" in heard:
                    listens.set()
    except httpx.TransportError as fault:
        return f"a subscriber hears {type(fault).__name__}"
    return None if heard.endswith(TRANSPORTS[accept]) else f"a subscriber's last word is {heard[-60:]!r}"
