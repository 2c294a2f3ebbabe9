"""The events of a job, and its effects.

An event names its iteration and attempt; an event that comes late, or twice, changes nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ..json import JsonObject
from .definition import child_job_id, effect_key
from .lifecycle import JobEnd
from .outcomes import Finish, StartChildren


@dataclass(frozen=True)
class Woken:
    """The time of a sleeping task has come."""

    task_id: str
    iteration: int
    attempt: int


@dataclass(frozen=True)
class Answered:
    """A provider or a person has finished a task; `by` is the person's account."""

    task_id: str
    iteration: int
    attempt: int
    finish: Finish
    by: str | None = None


@dataclass(frozen=True)
class ChildEnded:
    """A child job is over, or in error if the rules count that as an end; `variables` are its final ones."""

    task_id: str
    iteration: int
    attempt: int
    element: int
    status: JobEnd
    variables: JsonObject


@dataclass(frozen=True)
class Resumed:
    """Call the tasks that are ready, in a new job or in a job that was just read."""


@dataclass(frozen=True)
class Paused:
    """An operator pauses the job: no task starts, and running tasks may finish."""


@dataclass(frozen=True)
class Unpaused:
    """An operator resumes a paused job."""


@dataclass(frozen=True)
class Canceled:
    """An operator cancels the job."""


@dataclass(frozen=True)
class Retried:
    """An operator retries a task that did not succeed, perhaps with other job variables."""

    task_id: str
    variables: JsonObject


@dataclass(frozen=True)
class Continued:
    """An operator continues the job from a task; open tasks before it are skipped."""

    task_id: str
    variables: JsonObject


@dataclass(frozen=True)
class Reverted:
    """An operator reverts the job to a complete task."""

    task_id: str


Command: TypeAlias = Paused | Unpaused | Canceled | Retried | Continued | Reverted
Event: TypeAlias = Woken | Answered | ChildEnded | Resumed | Command


@dataclass(frozen=True)
class Timer:
    task_id: str
    iteration: int
    attempt: int
    at: int  # epoch milliseconds


@dataclass(frozen=True)
class ProviderCall:
    """One attempt of a task that a provider runs. A repeated call has the same `key`."""

    workflow: str  # the name of the job's workflow
    job_id: str
    task_id: str
    iteration: int
    attempt: int
    definition: JsonObject
    incoming: JsonObject
    started: int = 0  # when the iteration began, in epoch milliseconds

    @property
    def key(self) -> str:
        return f"{self.job_id}/{effect_key(self.task_id, self.iteration, self.attempt)}"


@dataclass(frozen=True)
class ChildStart:
    task_id: str
    iteration: int
    attempt: int
    element: int
    child_id: str
    workflow: str
    variables: JsonObject
    looped: bool


@dataclass(frozen=True)
class PendingChildren:
    """The children that one attempt of a task waits for. They may be many: iteration makes one start after the other.

    `ended` is the task's own: a child that ends while others are being started is left out.
    """

    job_id: str
    task_id: str
    iteration: int
    attempt: int
    spawn: StartChildren
    ended: Mapping[int, JsonObject]

    def __iter__(self) -> Iterator[ChildStart]:
        """The starts in the order of the elements. In a sequence the next child is the one after those that ended."""
        number = len(self.spawn.variables)
        if self.spawn.sequential:
            if len(self.ended) < number:
                yield self._start(len(self.ended))
            return
        for element in range(number):
            if element not in self.ended:
                yield self._start(element)

    def _start(self, element: int) -> ChildStart:
        return ChildStart(
            self.task_id,
            self.iteration,
            self.attempt,
            element,
            child_job_id(self.job_id, self.task_id, self.iteration, self.attempt, element),
            self.spawn.workflow,
            self.spawn.variables[element],
            self.spawn.looped,
        )


@dataclass(frozen=True)
class MoreToDo:
    """The step stopped at its bound, with tasks still ready."""


Effect: TypeAlias = Timer | ProviderCall | PendingChildren | MoreToDo
