"""What events changed in a job, and what therefore must be stored."""

from dataclasses import dataclass
from typing import Literal

from ..json import JsonObject
from .state import TaskState

MOST_TOLD = 2000

Field = Literal["status", "variables", "description", "error"]


@dataclass(frozen=True)
class Changes:
    """Nothing for events that came too late.

    `counted` are tasks that only know of more ended children; `past` the iterations that are over and have a successor.
    `told` is what subscribers hear, in order: `{task, name, status, finish_state, iteration}`, at most MOST_TOLD.
    """

    tasks: frozenset[str] = frozenset()
    counted: frozenset[str] = frozenset()
    fields: frozenset[Field] = frozenset()
    past: tuple[tuple[str, TaskState], ...] = ()
    told: tuple[JsonObject, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.tasks) or bool(self.counted) or bool(self.fields)
