"""The interface of a job runner."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from ...models.documents.shapes.commands import InboxEntry
from ...models.documents.shapes.jobs import JobHeader
from ...models.engine.events import ChildStart, Event, ProviderCall
from ...models.engine.outcomes import Finish
from .first_advance import FirstAdvance


class FamilyCanceled(Exception):
    """A job above the one that is to start a child is canceled, or will be, and so will this one."""


@dataclass(frozen=True)
class Load:
    """Jobs by what they do or wait for, and how late the latest moment of those that wait is, in milliseconds."""

    jobs: dict[str, int]
    overdue: int


class Runner(Protocol):
    async def ensure(self, job: JobHeader) -> None:
        """See to it that this job, just stored or read, is being run here; once more changes nothing."""
        ...

    def let_take_over(self, *, willing: bool) -> None:
        """Whether jobs that nobody runs are taken over here from now on; those that run here go on in any case."""
        ...

    async def begin(self, job: JobHeader, first: FirstAdvance | None) -> None:
        """Store a new job, with its first advance if that is made, and run it here; AlreadyStored where it is."""
        ...

    async def resume(self, job: JobHeader) -> None:
        """See to it that a job, just read, is being run here if it is this process's own; once more changes nothing."""
        ...

    async def look(self, job_id: str) -> None:
        """Let who runs the job look at what was changed beside it: its groups, for example."""
        ...

    async def send(self, job_id: str, event: Event) -> None:
        """Tell a job what happened to one of its tasks; return once what follows is stored.

        A job that another process runs is told by what is stored, a little later.
        """
        ...

    async def deliver_command(self, job_id: str, entry: InboxEntry) -> None:
        """Take an entry of the job's inbox; return once what follows is stored, if the job can be run here.

        Another process that runs the job finds the entry in the inbox.
        """
        ...

    async def wait_first_save(self, job_id: str) -> None:
        """Return once the job's first advance here is stored, or it is not being run here."""
        ...

    async def wait_stopped(self, job_id: str) -> None:
        """Return once nothing of the job runs here any more."""
        ...

    def load(self) -> "Load":
        """What runs and waits here now."""
        ...

    async def run(self, closing: asyncio.Event) -> None:
        """Go on with what broke off and take over the jobs of processes that are gone, until `closing` is set."""
        ...


# Asks whoever provides a task that is not built in. Its key makes a repeated call recognizable: at least once.
Perform: TypeAlias = Callable[[ProviderCall], Awaitable[Finish]]

# Starts a child job, or finds the one that was started before: its id follows from the parent's task and element.
StartChild: TypeAlias = Callable[[JobHeader, ChildStart], Awaitable[JobHeader]]
