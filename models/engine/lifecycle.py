"""The life of a job and of its tasks: the statuses, their meanings, and the actions that each status allows.

Every other module reads these tables; a test compares `docs/lifecycle.md` with them.
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

JobStatus = Literal["running", "paused", "complete", "error", "canceled"]
JobEnd: TypeAlias = Literal["complete", "error", "canceled"]
TaskStatus = Literal["incomplete", "running", "complete", "error", "canceled"]
ActionName: TypeAlias = Literal[
    "pause", "resume", "cancel", "retry", "continue", "revert", "finish", "delete", "watch", "record"
]

ACTIVE: Final[tuple[JobStatus, ...]] = ("running", "paused")  # a server holds the job and advances it
ENDED: Final[tuple[JobEnd, ...]] = ("complete", "error", "canceled")  # nothing happens in the job by itself
FINAL: Final[tuple[JobEnd, ...]] = ("complete", "canceled")  # the status never changes again
UNFINISHED: Final[tuple[JobStatus, ...]] = (*ACTIVE, "error")  # the job may still run
FOREIGN: Final = ("incomplete",)  # of jobs that other programs stored, and of no job that this one runs

TASK_OPEN: Final[tuple[TaskStatus, ...]] = ("incomplete", "running")  # the task has still to be done
TASK_OVER: Final[tuple[TaskStatus, ...]] = ("complete", "error", "canceled")
TASK_DONE: Final[tuple[TaskStatus, ...]] = ("complete", "error")  # the task ran to an end of its own


@dataclass(frozen=True, slots=True)
class Action:
    """`allowed` are the statuses of a job with which the action may be taken, in the order of a sentence; `becomes` is
    the status that it leads to, where it is always the same. `done` ends the sentence "can be ...".
    """

    allowed: tuple[str, ...]
    done: str
    becomes: JobStatus | None = None


ACTIONS: Final[dict[ActionName, Action]] = {
    "pause": Action(("running",), "paused", becomes="paused"),
    "resume": Action(("paused",), "resumed", becomes="running"),
    "cancel": Action(UNFINISHED, "canceled", becomes="canceled"),
    "delete": Action(FINAL, "deleted"),
    "retry": Action(UNFINISHED, "repaired", becomes="running"),
    "continue": Action(UNFINISHED, "continued", becomes="running"),
    "revert": Action(("paused", "error"), "reverted", becomes="running"),
    "finish": Action(("running",), "finished"),
    "watch": Action((*UNFINISHED, *FINAL, *FOREIGN), "watched"),
    "record": Action(("complete", "error"), "recorded"),
}


def allows(status: str, action: ActionName) -> bool:
    """Whether the status of a job allows the action."""
    return status in ACTIONS[action].allowed
