"""Interruptions: the jobs whose runs failed in this process, and when each is tried again.

This module only decides when to ask the database for the jobs of this process; the database has the truth. A job that
is forgotten here is found by one of the regular looks.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

from ..log_facts import about
from ..store.errors import brief, trace
from ..store.outage import Outage, is_away

LOOK_EVERY = 12  # sweeps between two looks without a reason
LONGEST_PAUSE = 60.0  # seconds

log = logging.getLogger("jobyard")


@dataclass
class _Interrupted:
    times: int
    again_at: float  # the event loop's time


class Interruptions:
    def __init__(self, outage: Outage) -> None:
        self._outage = outage
        self._noted = False
        self.suspected = False  # whether the last `should_check_own` had a reason
        self._sweeps = 0
        self._broken: dict[str, _Interrupted] = {}
        self._failed: set[str] = set()  # parts of the last sweep

    def note(self, fault: Exception | None = None) -> None:
        """Note that a job may have been interrupted, perhaps because the database failed."""
        self._noted = True
        if fault is not None:
            self._outage.notice(fault)

    @contextmanager
    def note_failures(self) -> Generator[None]:
        """Around a command to the database: after a failure it may have been carried out all the same."""
        try:
            yield
        except BaseException:
            self._noted = True
            raise

    async def run_part(self, name: str, part: Callable[[], Awaitable[None]]) -> None:
        """Run a part of a sweep. An error stops no other part, unless the database is away."""
        try:
            await part()
        except Exception as fault:
            self._noted = True
            if is_away(fault):
                raise
            if name in self._failed:
                log.info("%s failed again: %s", name, brief(fault), extra=about("sweep_failed", part=name))
            else:
                log.error(
                    "%s failed, and is tried again all the time\n%s",
                    name,
                    trace(fault),
                    extra=about("sweep_failed", part=name),
                )
            self._failed.add(name)
        else:
            self._failed.discard(name)

    def should_check_own(self) -> bool:
        """Whether this sweep should read which jobs are this process's own. Each sweep calls it once."""
        self._sweeps += 1
        self.suspected, self._noted = self._noted, False
        return self.suspected or self._sweeps % LOOK_EVERY == 0

    def may_try_again(self, job_id: str) -> bool:
        """False for a job that was interrupted a moment ago: a later sweep tries it again."""
        broken = self._broken.get(job_id)
        if broken is None or broken.again_at <= asyncio.get_running_loop().time():
            return True
        self._noted = True
        return False

    def note_interrupted(self, job_id: str, fault: Exception, *, advanced: bool) -> None:
        """Try the job again at the next sweep; after repeated failures without an advance, after growing pauses."""
        if is_away(fault):
            self.note(fault)
            return
        self._noted = True
        known = self._broken.get(job_id)
        times = 1 if known is None or advanced else known.times + 1
        pause = 0.0 if times == 1 else min(2.0 ** (times - 2), LONGEST_PAUSE)
        self._broken[job_id] = _Interrupted(times, asyncio.get_running_loop().time() + pause)
        if times == 1:
            log.error(
                "job %s was interrupted; it is tried again\n%s",
                job_id,
                trace(fault),
                extra=about("job_interrupted", job=job_id, times=times),
            )
        else:
            log.error(
                "job %s was interrupted %d times in a row: %s",
                job_id,
                times,
                brief(fault),
                extra=about("job_interrupted", job=job_id, times=times),
            )

    def note_progress(self, job_id: str) -> None:
        self._broken.pop(job_id, None)
