"""What the engine needs beside a job's state: the graph, the functions of its tasks, the transformations they use."""

from collections.abc import Callable
from dataclasses import dataclass

from ..json import JsonObject
from .graph import Graph
from .outcomes import TaskFunction, Transform


@dataclass(frozen=True)
class Definition:
    graph: Graph
    function: Callable[[str, JsonObject], TaskFunction]  # of a task id and its definition
    transform: Transform
