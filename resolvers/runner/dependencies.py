"""The services that a running job uses, and what its runner hands to it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from ...models.documents.shapes.commands import InboxEntry
from ...models.documents.shapes.tasks import IterationDocument
from ...models.engine.events import Event
from ...models.engine.rules import DEFAULT_RULES, Rules
from ..clock import Clock
from ..store.feed import Feed
from ..store.jobs import JobStore
from .child_starts import StartTurns
from .protocol import Perform, StartChild

REST_AFTER_SECONDS = 60  # an idle job becomes dormant then: a running one costs 40 kB
LARGE_STEPS_AT_ONCE = 1  # of jobs with large states: each step may take some hundred megabytes
ADVANCES_AT_ONCE = 64  # of all jobs: more would only wait for the database, and for their turn


class Family(Protocol):
    """The jobs below a job."""

    async def cancel(self, job_id: str, entry: InboxEntry) -> list[str]:
        """Store the command in the inboxes of all jobs below this one; the ids of the jobs that have it now."""
        ...

    async def publish_command(self, job_ids: Sequence[str], entry: InboxEntry) -> None:
        """Deliver the command to those jobs that run in this process; other processes find it in the inbox."""
        ...


# Events and their moment: why the job must not take this step, None where it may.
Trial: TypeAlias = Callable[[Sequence[Event], int], Awaitable[str | None]]


@dataclass(frozen=True)
class JobDependencies:
    """The services that a running job uses."""

    store: JobStore
    feed: Feed
    clock: Clock
    perform: Perform
    start_child: StartChild
    rules: Rules = DEFAULT_RULES
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(ADVANCES_AT_ONCE))
    large_steps: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LARGE_STEPS_AT_ONCE))
    start_turns: StartTurns = field(default_factory=StartTurns)
    rest_after: float = field(default_factory=lambda: REST_AFTER_SECONDS)


@dataclass(frozen=True)
class Unwritten:
    """Iterations that follow from the stored header of a new job; the job calls `written` once they are stored."""

    iterations: list[IterationDocument]
    written: Callable[[], None]
