"""Dormant jobs: jobs of this process that only wait. Each takes the memory of its id and its next moment.

This module does not read the database. Other modules wake a job when something was stored for it; this one calls
`wake` at a job's moment, with one alarm for all jobs.
"""

import asyncio
import heapq
from collections.abc import Callable, Iterator
from contextvars import Context

from ...models.engine.effects import Rest
from ..clock import Clock

SPARE = 64  # outdated moments that may be left, beside as many as there are jobs


class Dormant:
    def __init__(self, clock: Clock, wake: Callable[[str], object]) -> None:
        self._clock = clock
        self._wake = wake
        self._jobs: dict[str, int | None] = {}
        self._parents: dict[str, None] = {}
        self._moments: list[tuple[int, str]] = []
        self._left: dict[str, asyncio.Event] = {}
        self._alarm: asyncio.Task[None] | None = None
        self._alarm_at = 0

    def __contains__(self, job_id: object) -> bool:
        return job_id in self._jobs

    def __iter__(self) -> Iterator[str]:
        return iter(self._jobs)

    def __len__(self) -> int:
        return len(self._jobs)

    @property
    def parents(self) -> list[str]:
        """The jobs that wait for child jobs."""
        return list(self._parents)

    def kinds(self) -> dict[str, int]:
        """The numbers of jobs that wait for child jobs, for a moment, and for a person or an event."""
        timed = sum(until is not None for id, until in self._jobs.items() if id not in self._parents)
        parents = len(self._parents)
        return {
            "waits for children": parents,
            "waits for a moment": timed,
            "waits for somebody": len(self._jobs) - parents - timed,
        }

    def overdue(self) -> int:
        """The milliseconds since the earliest moment of these jobs; 0 if that moment is in the future."""
        late = [until for until, id in self._moments[:1] if self._jobs.get(id) == until]
        return max(0, self._clock.now() - late[0]) if late else 0

    def put(self, job_id: str, rest: Rest) -> None:
        if rest.parents:
            self._parents[job_id] = None
        self.put_until(job_id, rest.until)

    def put_until(self, job_id: str, until: int | None) -> None:
        """Wake the job at that moment at the latest. The job may be dormant already."""
        self._jobs[job_id] = until
        if until is not None:
            heapq.heappush(self._moments, (until, job_id))
            self._tidy()
            self._set_alarm()

    def remove(self, job_id: str) -> None:
        """Forget the job, if it is dormant."""
        self._jobs.pop(job_id, None)
        self._parents.pop(job_id, None)
        if (left := self._left.pop(job_id, None)) is not None:
            left.set()

    async def wait_left(self, job_id: str) -> None:
        """Return once the job is not dormant."""
        if job_id in self._jobs:
            await self._left.setdefault(job_id, asyncio.Event()).wait()

    async def close(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            await asyncio.gather(self._alarm, return_exceptions=True)

    def _tidy(self) -> None:
        if len(self._moments) > 2 * len(self._jobs) + SPARE:
            self._moments = [(until, id) for id, until in self._jobs.items() if until is not None]
            heapq.heapify(self._moments)

    def _set_alarm(self) -> None:
        if self._alarm is not None and not self._alarm.done():
            if self._alarm_at <= self._moments[0][0]:
                return
            self._alarm.cancel()
        self._alarm_at = self._moments[0][0]
        self._alarm = asyncio.create_task(self._ring(), name="alarm of the jobs that wait", context=Context())

    async def _ring(self) -> None:
        while self._moments:
            self._alarm_at = self._moments[0][0]
            await self._clock.sleep_until(self._alarm_at)
            now = self._clock.now()
            while self._moments and self._moments[0][0] <= now:
                until, job_id = heapq.heappop(self._moments)
                if self._jobs.get(job_id) == until:
                    self._wake(job_id)
