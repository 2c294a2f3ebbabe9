"""One follower of all jobs, across every break: it comes back with its cursor, to another server each time.

Where the history that a cursor names is gone, and only there, it is told so, and begins anew.
"""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Any

import httpx

from .doors import CURSOR_LOST, Doors, Unacknowledged, code_of
from .ending import end
from .processes import READY_SECONDS
from .record import Record, Start

ALL = "subscription($after: String) { jobsChanged(after: $after) { cursor number jobId } }"
SILENCE = 5.0  # seconds without an event until it comes back to another server
AGAIN = 0.3

Stored = Callable[[], Awaitable[set[str]]]


class Follower:
    """`heard` has the events in their order, as (job, number); `last` when the last one of a job was heard.

    `stored` says which jobs there are: of them it may have missed something when it begins anew.
    """

    def __init__(self, doors: Doors, record: Record, stored: Stored | None) -> None:
        self._doors = doors
        self._record = record
        self._stored = stored
        self.heard: list[tuple[str, int]] = []
        self.last: dict[str, float] = {}
        self.breaks = 0
        self.cursors_lost = 0
        self.listens = asyncio.Event()
        self._cursor: str | None = None

    @property
    def wrongly_lost(self) -> bool:
        """Whether its cursor was refused though its history is there."""
        return self._stored is None and self.cursors_lost > 0

    async def follow(self) -> None:
        """Never returns."""
        while True:
            try:
                async with aclosing(self._events()) as events:
                    async for event in events:
                        if self._cursor is None and self.cursors_lost:
                            self._record.missed |= await self._jobs()
                        self.heard.append((event["jobId"], event["number"]))
                        self.last[event["jobId"]] = time.monotonic()
                        self._cursor = event["cursor"]
                        self.listens.set()
                code = "the end"
            except _Ended as fault:
                code = fault.code
            except (httpx.TransportError, httpx.StreamError) as fault:
                code = type(fault).__name__
            self.breaks += 1
            if code == CURSOR_LOST:
                self.cursors_lost += 1
                self._cursor = None
            await asyncio.sleep(AGAIN)

    async def _jobs(self) -> set[str]:
        return await self._stored() if self._stored is not None else set()

    async def _events(self) -> AsyncGenerator[Any]:
        body = {"query": ALL, "variables": {"after": self._cursor}}
        headers = {"accept": "text/event-stream"}
        address = f"{self._doors.address()}/graphql"
        async with self._doors.http.stream("POST", address, json=body, headers=headers, timeout=SILENCE) as answer:
            async for line in answer.aiter_lines():
                if not line.startswith("data:") or not line[5:].strip():
                    continue
                result = json.loads(line[5:])
                if "errors" in result:
                    raise _Ended(code_of(result["errors"][0].get("extensions")))
                if "data" in result:
                    yield result["data"]["jobsChanged"]


@asynccontextmanager
async def following(doors: Doors, record: Record, stored: Stored | None = None) -> AsyncGenerator[Follower]:
    """A follower that has heard something already: from there on it must hear everything."""
    follower = Follower(doors, record, stored)
    follows = asyncio.create_task(follower.follow())
    try:
        async with asyncio.timeout(READY_SECONDS):
            while not follower.listens.is_set():
                with suppress(Unacknowledged):
                    variables = {"number": "probe", "seconds": 0}
                    record.probes.add(await doors.start("rest", Start("delayed", -1), variables, None))
                await asyncio.sleep(AGAIN)
        yield follower
    finally:
        await end(follows)
        if not follows.cancelled() and (fault := follows.exception()) is not None:
            raise fault


class _Ended(Exception):
    """The server ended the subscription, and said why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
