"""What events changed in a job, and what therefore must be stored."""

from dataclasses import dataclass
from typing import Literal

from typing_extensions import TypedDict

from ..json import JsonObject, text_at
from .lifecycle import TaskStatus
from .outcomes import FinishState
from .state import TaskState

MOST_TOLD = 2000

Field = Literal["status", "variables", "description", "error"]


class TaskChange(TypedDict, closed=True):
    """What subscribers hear of a task."""

    task: str
    name: str
    status: TaskStatus
    finish_state: FinishState | None
    iteration: int


@dataclass(frozen=True)
class Changes:
    """Nothing for events that came too late.

    `counted` are tasks that only know of more ended children; `past` the iterations that are over and have a successor.
    `told` is what subscribers hear, in order (see `told_of`), about MOST_TOLD at most.
    """

    tasks: frozenset[str] = frozenset()
    counted: frozenset[str] = frozenset()
    fields: frozenset[Field] = frozenset()
    past: tuple[tuple[str, TaskState], ...] = ()
    told: tuple[TaskChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.tasks) or bool(self.counted) or bool(self.fields)


def task_notices(definition: JsonObject, task_id: str, task: TaskState) -> TaskChange:
    """What subscribers hear of a task: what it does now."""
    return {
        "task": task_id,
        "name": text_at(definition, "name"),
        "status": task.status,
        "finish_state": task.finish_state,
        "iteration": task.iteration,
    }
