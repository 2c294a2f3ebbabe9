"""The mailbox of a running job, and the log lines and metrics of its advances."""

import asyncio
import logging
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from ...models.documents.moments import moment
from ...models.documents.shapes.events import Act, JobEventDocument
from ...models.documents.shapes.jobs import JobHeader
from ...models.engine.events import Event
from ...models.errors import cut
from ...models.json import Json, JsonObject, is_object
from ..log_facts import about
from ..metrics import ENDS, JOB_SECONDS, TASK_ERRORS


@dataclass(frozen=True)
class Message:
    """An event for a job; `inbox_id` is the id of its inbox entry, `act` the recorded act of a person, if any."""

    event: Event
    handled: "asyncio.Future[None]"
    inbox_id: str | None = None
    act: Act | None = None


class Mailbox:
    def __init__(self) -> None:
        self._messages: list[Message] = []
        self._filled = asyncio.Event()
        self._known: set[str] = set()

    def put(self, event: Event, inbox_id: str | None = None, act: Act | None = None) -> "asyncio.Future[None]":
        """The future is done once the advance by this event is stored, or once this process stops running the job.

        An inbox entry counts once, also if it is put several times.
        """
        handled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if inbox_id is not None and inbox_id in self._known:
            handled.set_result(None)
            return handled
        if inbox_id is not None:
            self._known.add(inbox_id)
        self._messages.append(Message(event, handled, inbox_id, act))
        self._filled.set()
        return handled

    async def wait(self, seconds: float | None = None) -> bool:
        """Return once there is a message; False if none came within so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._filled.wait()
        except TimeoutError:
            return self._filled.is_set()
        return True

    @contextmanager
    def take_all(self) -> Generator[list[Message]]:
        """All messages; their futures are done at the end of the block, also after an error."""
        taken, self._messages = self._messages, []
        self._filled.clear()
        try:
            yield taken
        finally:
            for message in taken:
                if not message.handled.done():
                    message.handled.set_result(None)

    def close(self) -> list[Message]:
        """The messages that are left. Their futures are done: a caller that waits must read the database."""
        with self.take_all() as left:
            return left


MOST_LINES: Final = 20  # about the tasks of one advance
LONGEST_NAME: Final = 200
LONGEST_MESSAGE: Final = 500
_ENDS: Final = {"jobComplete": "complete", "jobError": "error", "jobCancel": "canceled"}

log = logging.getLogger("jobyard")


def log_advance(header: JobHeader, event: JobEventDocument, errors: Sequence[Json]) -> None:
    """Log an advance. `errors` are the stored errors of the job, in which secrets are masked."""
    job, name = header["_id"], cut(str(header.get("name")), LONGEST_NAME)
    failed = [one for one in event["tasks"] if one.get("finish_state") == "error"]
    if failed:
        TASK_ERRORS.inc(len(failed))
    for one in failed[:MOST_LINES]:
        own = [error for error in errors if is_object(error) and error.get("task") == one["task"]]
        said = [text for error in own if (text := _text(error))]
        log.warning(
            "task %s (%s) of job %s ended in error%s", one["task"], one["name"], job, f": {said[-1]}" if said else "",
            extra=about("task_error", job=job, task=one["task"], name=one["name"], iteration=one["iteration"],
                        workflow=name, error=said[-1] if said else None),
        )  # fmt: skip
    if len(failed) > MOST_LINES:
        more = len(failed) - MOST_LINES
        log.warning("%d more tasks of job %s ended in error", more, job, extra=about("task_errors", job=job, more=more))
    outcome = _ENDS.get(event.get("topic") or "")
    if outcome is not None:
        ENDS.labels(outcome).inc()
        began = moment(header["metrics"]["start_time"])
        took = max(0.0, (event["stored"] - began).total_seconds())
        JOB_SECONDS.observe(took)
        log.log(
            logging.WARNING if outcome == "error" else logging.INFO,
            "job %s of %r ended after %.3f s: %s", job, name, took, outcome,
            extra=about("job_ended", job=job, workflow=name, outcome=outcome, seconds=took, parent=event.get("parent")),
        )  # fmt: skip


def _text(error: JsonObject) -> str:
    message = error.get("message")
    return cut(message if isinstance(message, str) else str(message), LONGEST_MESSAGE)
