"""What the engine needs beside a job's state: the graph, the functions of its tasks, the transformations they use."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from ..json import Json, JsonObject
from .budget import DEFAULT_BUDGET, Budget
from .graph import Graph
from .outcomes import TaskFunction
from .rules import DEFAULT_RULES, Rules
from .state import JobState


class TransformAt(Protocol):
    def __call__(self, at: int, transformation_id: str, incoming: JsonObject, options: JsonObject) -> JsonObject:
        """`Transform` at a moment, in epoch milliseconds: transformations may ask for the date."""
        ...


def conceal_nothing(state: JobState, error: Json) -> Json:
    return error


@dataclass(frozen=True)
class Definition:
    graph: Graph
    function: Callable[[str, JsonObject], TaskFunction]  # of a task id and its definition
    transform: TransformAt
    rules: Rules = DEFAULT_RULES
    budget: Budget = DEFAULT_BUDGET
    brief: bool = False  # few tasks, each of which takes no longer than to copy what it is given
    conceal: Callable[[JobState, Json], Json] = conceal_nothing  # what a task's error says, without the job's secrets
