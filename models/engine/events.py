"""What can happen to a job, and what a job can need from outside.

An event names the iteration and attempt it is about; one that comes late, or twice, changes nothing.
"""

from dataclasses import dataclass
from typing import TypeAlias

from ..json import JsonObject
from .definition import effect_key
from .lifecycle import JobEnd
from .outcomes import Finish


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
    """A child job is over, or in error where the rules say that this counts; `variables` are its final ones."""

    task_id: str
    iteration: int
    attempt: int
    element: int
    status: JobEnd
    variables: JsonObject


@dataclass(frozen=True)
class Resumed:
    """Go on with what is ready: a job that was just begun, or read back."""


@dataclass(frozen=True)
class Paused:
    """An operator lets nothing new start; what runs may finish."""


@dataclass(frozen=True)
class Unpaused:
    """An operator lets a paused job go on."""


@dataclass(frozen=True)
class Canceled:
    """An operator ends the job."""


@dataclass(frozen=True)
class Retried:
    """An operator tries a task again that did not succeed, perhaps with other job variables."""

    task_id: str
    variables: JsonObject


@dataclass(frozen=True)
class Continued:
    """An operator goes on from a task; what is still open before it is skipped."""

    task_id: str
    variables: JsonObject


@dataclass(frozen=True)
class Reverted:
    """An operator goes back to a task that is complete."""

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
    """One attempt at a task that somebody outside does. `key` names it for ever: a repeated call has the same."""

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
class MoreToDo:
    """The engine stopped at its bound for one step, with tasks still ready."""


Effect: TypeAlias = Timer | ProviderCall | ChildStart | MoreToDo
