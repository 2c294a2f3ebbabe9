"""What the engine needs beside a job's state: the graph, the functions of its tasks, the transformations they use."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from ..json import JsonObject
from .graph import Graph
from .outcomes import TaskFunction
from .rules import DEFAULT_RULES, Rules


class TransformAt(Protocol):
    def __call__(self, at: int, transformation_id: str, incoming: JsonObject, options: JsonObject) -> JsonObject:
        """`Transform` at a moment, in epoch milliseconds: transformations may ask for the date."""
        ...


@dataclass(frozen=True)
class Definition:
    graph: Graph
    function: Callable[[str, JsonObject], TaskFunction]  # of a task id and its definition
    transform: TransformAt
    rules: Rules = DEFAULT_RULES
