"""What broke off here, and when it is tried again: the runner's memory of faults.

It only says when it is worth asking the database which jobs are this process's own; the answer is the database's. So
what is forgotten here is found again, at the latest by one of the looks that come without a reason.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

from ..log_facts import about
from ..store.errors import brief, trace
from ..store.outage import Outage, is_away

LOOK_EVERY = 12  # sweeps, without a reason
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
        self.suspected = False  # at the last `expected`: there was a reason to ask
        self._sweeps = 0
        self._broken: dict[str, _Interrupted] = {}
        self._failed: set[str] = set()  # parts of a sweep, the last time

    def note(self, fault: Exception | None = None) -> None:
        """Something may have broken off, perhaps since the database failed."""
        self._noted = True
        if fault is not None:
            self._outage.notice(fault)

    @contextmanager
    def note_failures(self) -> Generator[None]:
        """A command to the database whose answer may be lost: it may have been carried out."""
        try:
            yield
        except BaseException:
            self._noted = True
            raise

    async def run_part(self, name: str, part: Callable[[], Awaitable[None]]) -> None:
        """Do a part of a sweep. Unless the database is away, what goes wrong with it holds up no other part."""
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
        """Whether this sweep should ask which jobs are this process's own; to be asked once a sweep."""
        self._sweeps += 1
        self.suspected, self._noted = self._noted, False
        return self.suspected or self._sweeps % LOOK_EVERY == 0

    def may_try_again(self, job_id: str) -> bool:
        """False for a job that broke off a moment ago: a later sweep asks again."""
        broken = self._broken.get(job_id)
        if broken is None or broken.again_at <= asyncio.get_running_loop().time():
            return True
        self._noted = True
        return False

    def note_interrupted(self, job_id: str, fault: Exception, *, advanced: bool) -> None:
        """It is tried again at the next sweep; one that breaks off again and again, without having `advanced`, later
        and later.
        """
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
