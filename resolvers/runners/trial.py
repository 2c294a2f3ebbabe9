"""The next step of a job that was being run when two servers in a row ended, tried where nothing can be lost.

What an author wrote may bring a whole process down, whatever bounds it: then the job would bring down every server that
takes it over. So a job that was taken over twice without having gone on meanwhile has its steps tried in a process of
its own first. A job that merely waits, or was unlucky, goes on; one that ends that process ends in error.
"""

import pickle
from base64 import b64encode
from collections.abc import Sequence

from ...models.documents.shapes.jobs import JobHeader
from ...models.engine.definition import Definition
from ...models.engine.events import Event, Resumed
from ...models.engine.rules import Rules
from ...models.engine.state import JobState
from ...models.engine.step import Step
from ...models.language.errors import LanguageError
from ..definitions import Definitions
from ..templating.workers import Limits, Words, Workers

MOST_ADOPTIONS = 2  # in a row without progress: so many servers have ended
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
        """Why the job must not take this step, in a sentence; None where it may."""
        begun = _begun_by(definition, state, events, at)
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


def _begun_by(definition: Definition, state: JobState, events: Sequence[Event], at: int) -> list[str]:
    """The tasks that the events, or what is ready without any, are about; none where nothing is to be done."""
    named = [str(task) for event in events if (task := getattr(event, "task_id", None)) is not None]
    step = Step(definition, state, at)
    ready = [id for id in state.tasks if step.may_start(id)] if any(isinstance(one, Resumed) for one in events) else []
    return sorted({*named, *ready, *state.looping})[:10]
