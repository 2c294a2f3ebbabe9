"""Recovery of jobs that ended their servers or that cannot be read: a trial in another process, or an error."""

import pickle
from base64 import b64encode
from collections.abc import Sequence

from ...models.documents.event import job_event
from ...models.documents.moments import moment
from ...models.documents.progress import job_fields, read_state
from ...models.documents.shapes.jobs import JobHeader
from ...models.engine.definition import Definition
from ...models.engine.events import Event, Resumed
from ...models.engine.graph import Graph
from ...models.engine.lifecycle import FINAL
from ...models.engine.rules import Rules
from ...models.engine.state import JobState
from ...models.engine.step import Step
from ...models.language.errors import LanguageError
from ..store.leases import epoch_of
from ..store.outbox import OUTBOX
from ..templating.workers import Limits, Words, Workers
from ..workflows.definitions import Definitions
from .dependencies import JobDependencies

MOST_ADOPTIONS = 2  # in a row without progress: so many servers have ended while they ran the job
LIMITS = Limits(cpu_seconds=60, seconds=300, memory=2 * 1024 * 1024 * 1024)
_WORDS = Words("its next step", "simplify what the task is given", "give the task less")


class Trials:
    def __init__(self, definitions: Definitions, rules: Rules, limits: Limits = LIMITS) -> None:
        self._definitions = definitions
        self._rules = rules
        self._workers = Workers(limits, _WORDS, most=1)

    async def refusal_of(
        self, header: JobHeader, definition: Definition, state: JobState, events: Sequence[Event], at: int
    ) -> str | None:
        """The reason, as a sentence, why the job must not take this step; None if it may."""
        begun = _tasks_to_step(definition, state, events, at)
        if not begun:
            return None
        pinned = await self._definitions.find(header["workflow_version"])
        transformations = await self._definitions.transformations(pinned)
        step = pickle.dumps((pinned.workflow, transformations, state, list(events), at, self._rules))
        try:
            await self._workers.ask({"language": "step", "step": b64encode(step).decode()})
        except LanguageError as refusal:
            return (
                f"The job brought its server down twice at task {', '.join(begun)}, and then a process of its own: "
                f"{refusal.message} What it has is kept: continue it from a task, perhaps with other variables."
            )
        return None

    async def close(self) -> None:
        await self._workers.close()


def _tasks_to_step(definition: Definition, state: JobState, events: Sequence[Event], at: int) -> list[str]:
    """The tasks that the step is about: those of the events, and those that are ready. Empty if there is no work."""
    named = [str(task) for event in events if (task := getattr(event, "task_id", None)) is not None]
    step = Step(definition, state, at)
    ready = [id for id in state.tasks if step.may_start(id)] if any(isinstance(one, Resumed) for one in events) else []
    return sorted({*named, *ready, *state.looping})[:10]


class Unreadable(Exception):
    """The job cannot be read and was set to error; the message is the reason."""


async def end_unreadable(dependencies: JobDependencies, graph: Graph, job: JobHeader, reason: str) -> None:
    """Set a job of this process to error, or cancel it if its inbox has that command; other commands are dropped.

    All values stay as they are stored: once missing ones are restored, the job can be continued.
    """
    store, inbox = dependencies.store, job.get("inbox", [])
    if OUTBOX in job:
        await store.deliver(job["_id"])
    at = dependencies.clock.now()
    state = read_state(graph, {**job, "variables": {}}, {})
    if state.status not in FINAL:
        state.status = "canceled" if any(entry["kind"] == "Canceled" for entry in inbox) else "error"
        state.end_time = at if state.status == "canceled" else None
        state.errors = [*state.errors, {"task": "job", "message": reason, "timestamp": at}]
    event = job_event(job, job["seq"] + 1, job["status"], state.status, [], moment(at))
    fields: dict[str, object] = {**job_fields(state, job, ("status", "error")), "event": event}
    seq, epoch = job["seq"], epoch_of(job)
    await store.commit(job["_id"], seq, epoch, fields, [], [entry["id"] for entry in inbox])
    await dependencies.feed.publish(event)
    await store.release(job["_id"], epoch)
