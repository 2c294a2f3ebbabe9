"""The changes that events made in a job, which must be stored."""

from dataclasses import dataclass
from typing import Literal

from typing_extensions import TypedDict

from ..json import JsonObject, text_at
from .lifecycle import TaskStatus
from .outcomes import FinishState
from .state import TaskState

MOST_TASK_CHANGES = 2000

Field = Literal["status", "variables", "description", "error"]


class TaskChange(TypedDict, closed=True):
    """The change of a task that subscribers receive."""

    task: str
    name: str
    status: TaskStatus
    finish_state: FinishState | None
    iteration: int


@dataclass(frozen=True)
class Changes:
    """Empty for events that came too late.

    `counted` are tasks that only counted more ended children; `past` are iterations that are over and have a successor.
    `task_changes` is for subscribers, in order, at most about MOST_TASK_CHANGES.
    """

    tasks: frozenset[str] = frozenset()
    counted: frozenset[str] = frozenset()
    fields: frozenset[Field] = frozenset()
    past: tuple[tuple[str, TaskState], ...] = ()
    task_changes: tuple[TaskChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.tasks) or bool(self.counted) or bool(self.fields)


def task_change(definition: JsonObject, task_id: str, task: TaskState) -> TaskChange:
    """The current status of a task, for subscribers."""
    return {
        "task": task_id,
        "name": text_at(definition, "name"),
        "status": task.status,
        "finish_state": task.finish_state,
        "iteration": task.iteration,
    }
