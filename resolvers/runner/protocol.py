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
    """The parent of a new child, or a job above it, is canceled or being canceled."""


@dataclass(frozen=True)
class Load:
    """The numbers of jobs by what they do or wait for, and the lateness of the earliest moment, in milliseconds."""

    jobs: dict[str, int]
    overdue: int


class Runner(Protocol):
    async def ensure(self, job: JobHeader) -> None:
        """Run this job, just stored or read, in this process; a second call changes nothing."""
        ...

    def let_take_over(self, *, willing: bool) -> None:
        """Set whether this process takes over orphans from now on; its own jobs run on in any case."""
        ...

    async def begin(self, job: JobHeader, first: FirstAdvance | None) -> None:
        """Store a new job, with its first advance if that is made, and run it; AlreadyStored if its id or key is."""
        ...

    async def resume(self, job: JobHeader) -> None:
        """Run a job, just read, if this process has its lease; a second call changes nothing."""
        ...

    async def look(self, job_id: str) -> None:
        """Let the server that runs the job read what was changed beside it, for example its groups."""
        ...

    async def send(self, job_id: str, event: Event) -> None:
        """Send a job an event of one of its tasks; return once the advance is stored.

        Another process that runs the job finds the stored event, a little later.
        """
        ...

    async def deliver_command(self, job_id: str, entry: InboxEntry) -> None:
        """Take an entry of the job's inbox; return once the advance is stored, if this process can run the job.

        Another process that runs the job finds the entry in the inbox.
        """
        ...

    async def wait_first_save(self, job_id: str) -> None:
        """Return once the job's first advance in this process is stored, or this process does not run the job."""
        ...

    async def wait_stopped(self, job_id: str) -> None:
        """Return once this process does not run the job any more."""
        ...

    def load(self) -> "Load":
        """The jobs of this process now."""
        ...

    async def run(self, closing: asyncio.Event) -> None:
        """Resume interrupted jobs and take over the jobs of processes that are gone, until `closing` is set."""
        ...


# Calls the provider of a task that is not built in, at least once. The key lets the provider recognize a repetition.
Perform: TypeAlias = Callable[[ProviderCall], Awaitable[Finish]]

# Starts a child job, or finds the one that was started before: the id follows from the parent's task and element.
StartChild: TypeAlias = Callable[[JobHeader, ChildStart], Awaitable[JobHeader]]
