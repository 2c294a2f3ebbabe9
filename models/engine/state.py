"""The state of a job between two events: plain values that are stored and read back without loss."""

from dataclasses import dataclass, field
from typing import Literal

from ..json import Json, JsonObject
from .budget import Spent
from .graph import START, Graph
from .lifecycle import TASK_OVER, JobStatus, TaskStatus
from .outcomes import FinishState, StartChildren

WaitsFor = Literal["person", "provider", "children", "time", "retry"]


@dataclass(slots=True)
class TaskState:
    """One task in its latest iteration. Times are epoch milliseconds."""

    status: TaskStatus = "incomplete"
    finish_state: FinishState | None = None
    chosen: str | None = None  # decision: the only task to which a success edge is taken
    never_runs: bool = False  # every way to it is closed
    asked_for: bool = False  # an operator continues or retries here: the task runs next, whatever its predecessors are
    iteration: int = 0
    attempt: int = 0
    element: int = 0  # forEach: the index of the element that is due next
    start_time: int | None = None
    end_time: int | None = None
    wake_at: int | None = None
    waits_for: WaitsFor | None = None
    finished_children: int = 0
    child_complete: bool = False  # at least one of its child jobs is
    answered_size: int = 0  # size of the ended children's variables; not stored either
    incoming: JsonObject = field(default_factory=dict[str, Json])
    outgoing: JsonObject = field(default_factory=dict[str, Json])
    error: Json = None
    spawn: StartChildren | None = None  # the children it waits for
    # Element -> the end of that child. Not stored: after the state is read, the children are read again.
    ended: dict[int, JsonObject] = field(default_factory=dict[int, JsonObject])

    @property
    def resolved(self) -> bool:
        return self.never_runs or self.status in TASK_OVER

    @property
    def looping(self) -> bool:
        return self.status == "running" and self.finish_state == "loop"


@dataclass
class Joins:
    """For each task, the number of standard edges from unresolved tasks, and of taken edges from resolved ones."""

    open: dict[str, int]
    taken: dict[str, int]


@dataclass
class Held:
    """The sizes of the job's variables (`job.` and the name) and of each task's outputs (its id)."""

    parts: dict[str, int] = field(default_factory=dict[str, int])
    total: int = 0

    def total_with(self, parts: dict[str, int]) -> int:
        total = self.total
        for name, size in parts.items():
            total += size - self.parts.get(name, 0)
        return total

    def put(self, parts: dict[str, int], total: int) -> None:
        """Take the new sizes; `total` is `total_with` them."""
        self.total = total
        self.parts.update(parts)


@dataclass
class JobState:
    """`tasks` has an entry for every task of the graph; the fields after `spent` are derived and not stored."""

    job_id: str
    status: JobStatus
    description: str | None
    variables: JsonObject
    start_time: int
    end_time: int | None
    tasks: dict[str, TaskState]
    errors: list[JsonObject] = field(default_factory=list[JsonObject])
    spent: Spent = field(default_factory=Spent)
    stopped_early: bool = False  # the last step reached its bound with tasks still ready
    left_over: list[str] = field(default_factory=list[str])  # what was in its queue then
    running: set[str] = field(default_factory=set[str])
    looping: dict[str, str | None] = field(default_factory=dict[str, str | None])  # -> a task that keeps its body open
    resolved: int = 0
    joins: Joins | None = None  # None: to be counted; see joins_of
    held: Held | None = None  # None: to be measured; see sizes.hold

    def __post_init__(self) -> None:
        self.running = {id for id, task in self.tasks.items() if task.status == "running"}
        self.looping = {id: None for id in self.running if self.tasks[id].looping}
        self.resolved = sum(task.resolved for task in self.tasks.values())
        self.spent.iterations = sum(task.iteration for task in self.tasks.values())

    @property
    def progress(self) -> float:
        """The fraction of the job's tasks that are resolved, 0 to 1."""
        return 1.0 if self.status == "complete" else round((self.resolved - 1) / max(1, len(self.tasks) - 1), 4)


def begin(graph: Graph, *, job_id: str, variables: JsonObject, description: str | None, at: int) -> JobState:
    """The state of a new job: its start task is complete, and no other task has run.

    Unreachable tasks are marked as never running, so that no join waits for them.
    """
    tasks = {id: TaskState(never_runs=id in graph.unreachable) for id in graph.tasks}
    tasks[START] = TaskState(status="complete", finish_state="success", start_time=at, end_time=at)
    return JobState(job_id, "running", description, dict(variables), at, None, tasks)
