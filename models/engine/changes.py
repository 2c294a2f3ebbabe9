"""What events changed in a job, and what therefore must be stored."""

from dataclasses import dataclass
from typing import Literal

from ..json import JsonObject, text_at
from .state import TaskState

MOST_TOLD = 2000

Field = Literal["status", "variables", "description", "error"]


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
    told: tuple[JsonObject, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.tasks) or bool(self.counted) or bool(self.fields)


def told_of(definition: JsonObject, task_id: str, task: TaskState) -> JsonObject:
    """What subscribers hear of a task: what it does now."""
    return {
        "task": task_id,
        "name": text_at(definition, "name"),
        "status": task.status,
        "finish_state": task.finish_state,
        "iteration": task.iteration,
    }
