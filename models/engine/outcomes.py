"""Calls of tasks and their outcomes.

Every built-in task is a function `(TaskCall) -> Outcome` without side effects: a wait, a person, child jobs or an
adapter is an outcome that the engine turns into an effect.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple, Protocol, TypeAlias

from ..json import Json, JsonObject
from .rules import DEFAULT_RULES, Rules

FinishState = Literal["success", "failure", "error", "loop", "canceled"]


class Transform(Protocol):
    def __call__(self, transformation_id: str, incoming: JsonObject, options: JsonObject) -> JsonObject:
        """The outgoing values by name; a LanguageError if the transformation does not exist or fails."""
        ...


class TaskCall(NamedTuple):  # a frozen dataclass of so many fields takes a microsecond more to make
    """One call of a task. `incoming` has its references resolved; `definition` is the task as the author wrote it."""

    job_id: str
    task_id: str
    app: str
    name: str
    iteration: int  # 1 for the first; a revert or the next element of a loop makes the next
    attempt: int  # 1 for the first; a retry of the same iteration makes the next
    incoming: JsonObject
    definition: JsonObject
    variables: Mapping[str, Json]  # the job's variables at this moment: to be read, never written
    at: int  # epoch milliseconds
    element: int = 0  # forEach: the index of the element that is due
    waited: bool = False  # True when a Sleep that this call answered before is over
    children: tuple[JsonObject, ...] | None = None  # childJob: {status, variables} of each child, in element order
    resolved_variables: Mapping[str, Json] = MappingProxyType({})  # childJob: its `variables`, resolved
    transform: Transform | None = None
    rules: Rules = DEFAULT_RULES


@dataclass(frozen=True)
class Finish:
    """The task is over. UNDEFINED outgoing values are dropped; `writes` are further job variables to set."""

    state: FinishState
    outgoing: JsonObject = field(default_factory=dict[str, Json])
    error: Json = None
    writes: JsonObject = field(default_factory=dict[str, Json])
    job_description: str | None = None
    chosen: str | None = None  # decision: of the success edges only the one to this task is taken
    mapped: bool = True  # False: outgoing is not copied to the job variables the definition names (recorded answers)


@dataclass(frozen=True)
class Sleep:
    """Call the task again, with `waited` True, after so many milliseconds."""

    milliseconds: int


@dataclass(frozen=True)
class AskPerson:
    """Wait until a person finishes the task."""


@dataclass(frozen=True)
class StartChildren:
    """Start one child job per element of `variables`, then (at once if there is none) call it again with `children`."""

    workflow: str
    variables: tuple[JsonObject, ...]
    sequential: bool = False
    looped: bool = False  # False: one child that is not the element of a loop


@dataclass(frozen=True)
class CallProvider:
    """Call the provider of (location, app, name) outside the engine."""


Outcome: TypeAlias = Finish | Sleep | AskPerson | StartChildren | CallProvider
TaskFunction: TypeAlias = Callable[[TaskCall], Outcome]
