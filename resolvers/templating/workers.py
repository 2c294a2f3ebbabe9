"""The server's side: a few processes that work for authors, so that a hostile template or schema costs an error."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ...models.json import Json, JsonObject, is_array, is_object
from ...models.language.errors import LanguageError
from ...models.language.templates.casting import DataType
from ..threads import in_thread_if_long
from .frames import HEADER, SECONDS, framed, length_in

MOST_WORKERS = 4
START_SECONDS = 60

# The very files that this process runs, whether they are installed or a checkout, and nothing of the current folder.
_START = """
import sys, types
jobyard = types.ModuleType("jobyard")
jobyard.__path__ = [sys.argv[1]]
sys.modules["jobyard"] = jobyard
from jobyard.resolvers.templating.worker import main
main(int(sys.argv[2]), int(sys.argv[3]))
"""
_FILES = str(Path(__file__).parents[2])


@dataclass(frozen=True)
class Limits:
    """Of one piece of work: seconds of the processor and of the clock, bytes of memory."""

    cpu_seconds: int = 5
    seconds: float = 30
    memory: int = 512 * 1024 * 1024


@dataclass(frozen=True)
class Words:
    """How errors call the work, and what they advise where it took too long or too much."""

    work: str
    when_slow: str
    when_large: str


TEMPLATES = Words("The template", "simplify its loops and regular expressions", "make less text at once")


class UsedUp(LanguageError):
    """The work takes more of the processor, or of memory, than it may: it would again."""


class NotInTime(Exception):
    """The work took more seconds than this try allows."""


class Workers:
    """At most `most` processes, each started when all others are busy, and reused for the next piece of work."""

    def __init__(self, limits: Limits, words: Words, most: int = MOST_WORKERS) -> None:
        self._limits = limits
        self._words = words
        self._idle: list[Process] = []
        self._places = asyncio.Semaphore(most)

    async def close(self) -> None:
        while self._idle:
            await _stop(self._idle.pop())

    async def ask(self, request: JsonObject) -> Json:
        """What a worker answers; a LanguageError where it refuses, or is not done within the limits."""
        return await self.ask_framed(await self.frame_aside(request))

    async def frame_aside(self, request: JsonObject) -> bytes:
        """The same as `frame`, in a thread where it takes long."""
        return await in_thread_if_long(partial(self.frame, request), request)

    def frame(self, request: JsonObject) -> bytes:
        """The request as it is handed over; a LanguageError where that cannot be."""
        try:
            return framed(request)
        except (TypeError, ValueError, RecursionError) as fault:
            raise LanguageError(f"{self._words.work}'s values cannot be handed over: {fault}.") from None

    async def ask_framed(self, frame: bytes, seconds: float = 0) -> Json:
        """The same for a framed request. NotInTime after so many `seconds` of the processor, if set: the worker
        remains usable.
        """
        async with self._places:
            answer = await self._answer(await self._worker(), SECONDS.pack(seconds) + frame)
        if "out_of_time" in answer:
            raise NotInTime
        if "error" in answer:
            raise LanguageError(answer["error"])
        return answer["value"]

    async def _worker(self) -> Process:
        while self._idle:
            worker = self._idle.pop()
            if worker.returncode is None:
                return worker
        return await _started(self._limits)

    async def _answer(self, worker: Process, frame: bytes) -> JsonObject:
        """Whatever happens but an answer, cancelling included, the worker is not used again."""
        usable = False
        try:
            async with asyncio.timeout(self._limits.seconds):
                answer = await _exchange(worker, frame)
            usable = "exhausted" not in answer
        except TimeoutError:
            raise LanguageError(self._slow(f"{self._limits.seconds:g} s")) from None
        except (asyncio.IncompleteReadError, ConnectionError):
            raise self._ended(await worker.wait()) from None
        finally:
            if usable:
                self._idle.append(worker)
            else:
                await _stop(worker)
        if not usable:
            raise UsedUp(
                f"{self._words.work} needs more than {self._limits.memory // 2**20} MB of memory: "
                f"{self._words.when_large}."
            )
        return answer

    def _ended(self, code: int) -> LanguageError:
        if code == -signal.SIGXCPU:
            return UsedUp(self._slow(f"{self._limits.cpu_seconds} s of the processor"))
        return LanguageError(f"{self._words.work} ended the process that worked on it (exit code {code}): simplify it.")

    def _slow(self, limit: str) -> str:
        return f"{self._words.work} took longer than {limit}: {self._words.when_slow}."


class TemplateWorkers(Workers):
    def __init__(self, limits: Limits) -> None:
        super().__init__(limits, TEMPLATES)

    async def render(self, template: str, context: JsonObject, data_type: DataType, seed: str) -> Json:
        """Render a Jinja2 template. The same seed has the same result; a LanguageError has the reason of a failure."""
        request = {"template": template, "context": context, "data_type": data_type, "seed": seed}
        return await self.ask({"language": "jinja2", **request})

    async def parse(self, template: str, text: str) -> list[JsonObject]:
        """Parse a text with TextFSM. A LanguageError has the reason of a failure."""
        records = await self.ask({"language": "textfsm", "template": template, "text": text})
        return [one for one in records if is_object(one)] if is_array(records) else []


@asynccontextmanager
async def open_workers(limits: Limits | None = None) -> AsyncGenerator[TemplateWorkers]:
    """Workers that start when they are needed, and end with the block."""
    workers = TemplateWorkers(limits or Limits())
    try:
        yield workers
    finally:
        await workers.close()


async def _started(limits: Limits) -> Process:
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-c", _START, _FILES, str(limits.cpu_seconds), str(limits.memory)),
        stdin=PIPE,
        stdout=PIPE,
        # No secrets of the server's environment, should a template ever leave the sandbox.
        env={name: value for name, value in os.environ.items() if name.startswith("PYTHON")},
        start_new_session=True,  # a terminal's Ctrl-C is for the server, which lets a template finish
    )
    try:
        async with asyncio.timeout(START_SECONDS):
            await _received(worker)
    except BaseException:
        await _stop(worker)
        raise
    return worker


async def _exchange(worker: Process, frame: bytes) -> JsonObject:
    assert worker.stdin is not None
    worker.stdin.write(frame)
    await worker.stdin.drain()
    return await _received(worker)


async def _received(worker: Process) -> JsonObject:
    assert worker.stdout is not None
    header = await worker.stdout.readexactly(HEADER.size)
    return json.loads(await worker.stdout.readexactly(length_in(header)))


async def _stop(worker: Process) -> None:
    with suppress(ProcessLookupError):
        worker.kill()
    await worker.communicate()  # waits, and closes the pipes
