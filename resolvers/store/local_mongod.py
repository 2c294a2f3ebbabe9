"""A local mongod for as long as the server runs. A mongod that dies is started again on its port."""

import asyncio
import logging
import time
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from ..log_facts import about
from .data_directory import DirectoryLock, password_of
from .errors import StoreProblem, brief
from .mongod import LOG_FILE, REPLICA_SET, USER, end_of_log, keep_small, start_mongod, stop_mongod

RETRY_SECONDS = 120  # within which a mongod that dies has to run again, for HEALTHY_SECONDS at least
HEALTHY_SECONDS = 5
FIRST_PAUSE = 0.5  # seconds before the second start, doubled for each further one
LONGEST_PAUSE = 10.0

log = logging.getLogger("jobyard")


@asynccontextmanager
async def local_mongod(
    binary: str,
    directory: Path,
    give_up: Callable[[StoreProblem], None] | None = None,
    retry_seconds: float = RETRY_SECONDS,
) -> AsyncGenerator[str]:
    """Run mongod on `directory` and yield its URI; one server at a time has a directory.

    `give_up` is called with the reason, once restarts of a mongod that died have failed for `retry_seconds`.
    """
    with DirectoryLock(directory):
        password = password_of(directory)
        process, port = await start_mongod(binary, directory, password)
        mongod = _Supervisor(binary, directory, password, process, port)
        watch = asyncio.create_task(mongod.watch(retry_seconds, give_up), name="mongod")
        rotating = asyncio.create_task(keep_small(directory / LOG_FILE), name="log of mongod")
        try:
            yield f"mongodb://{USER}:{password}@127.0.0.1:{port}/?replicaSet={REPLICA_SET}&authSource=admin"
        finally:
            for one in (watch, rotating):
                one.cancel()
            await asyncio.gather(watch, rotating, return_exceptions=True)
            await stop_mongod(mongod.process)


class _Supervisor:
    """`process` is the mongod that runs now, on the port of the first one."""

    def __init__(self, binary: str, directory: Path, password: str, process: Process, port: int) -> None:
        self._binary = binary
        self._directory = directory
        self._password = password
        self.process = process
        self._port = port

    async def watch(self, retry_seconds: float, give_up: Callable[[StoreProblem], None] | None) -> None:
        """Start mongod again whenever it dies. An outage ends when a mongod has run for HEALTHY_SECONDS."""
        away_since, tries = 0.0, 0
        while True:
            began = time.monotonic()
            code = await self.process.wait()
            log.warning(
                "the local mongod ended (exit code %s); it is started again",
                code,
                extra=about("mongod_ended", code=code),
            )
            if not tries or time.monotonic() - began > HEALTHY_SECONDS:
                away_since, tries = time.monotonic(), 0
            while not tries or time.monotonic() - away_since <= retry_seconds:
                await asyncio.sleep(min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE) if tries else 0)
                tries += 1
                if await self._started_again():
                    break
            else:
                if give_up is not None:
                    give_up(self._problem(tries, retry_seconds))
                return

    async def _started_again(self) -> bool:
        try:
            self.process, _ = await start_mongod(self._binary, self._directory, self._password, self._port)
        except (StoreProblem, OSError) as fault:
            log.warning(
                "the local mongod could not be started again: %s", brief(fault), extra=about("mongod_not_started")
            )
            return False
        log.warning("the local mongod runs again", extra=about("mongod_started"))
        return True

    def _problem(self, tries: int, seconds: float) -> StoreProblem:
        starts = "one start" if tries == 1 else f"{tries} starts"
        return StoreProblem(
            f"The local mongod died, and {starts} did not bring it back within {seconds:g} s "
            f"(JOBYARD_MONGOD_RETRY_SECONDS). {end_of_log(self._directory)}"
        )
