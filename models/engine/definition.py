"""The definition of a job for the engine: the graph, the functions of its tasks, and their transformations."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
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


def is_manual(task: JsonObject) -> bool:
    """Whether a person does it, by the task of the workflow."""
    return task.get("type") == "manual"


def mask_nothing(state: JobState, error: Json) -> Json:
    return error


@dataclass(frozen=True)
class Definition:
    graph: Graph
    function: Callable[[str, JsonObject], TaskFunction]  # of a task id and its definition
    transform: TransformAt
    rules: Rules = DEFAULT_RULES
    budget: Budget = DEFAULT_BUDGET
    brief: bool = False  # few tasks, each of which takes no longer than a copy of its incoming values
    mask: Callable[[JobState, Json], Json] = mask_nothing  # masks the job's secrets in a task's error


def iteration_id(job_id: str, task_id: str, iteration: int) -> str:
    """The id of a task's iteration: a uuid (version 4 in form) that every engine derives alike."""
    digits = _version_4(f"iteration/{job_id}/{task_id}/{iteration}")
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def child_job_id(job_id: str, task_id: str, iteration: int, attempt: int, element: int) -> str:
    """The id of the child job that a childJob task starts for one element: 24 hex digits, cut from a uuid."""
    return _version_4(f"child/{job_id}/{task_id}/{iteration}/{attempt}/{element}")[:24]


def effect_key(task_id: str, iteration: int, attempt: int) -> str:
    """The key of one attempt; providers get it as their idempotency key."""
    return f"{task_id}/{iteration}/{attempt}"


def _version_4(name: str) -> str:
    digits = sha256(name.encode()).hexdigest()[:32]
    return digits[:12] + "4" + digits[13:16] + "89ab"[int(digits[16], 16) % 4] + digits[17:]
