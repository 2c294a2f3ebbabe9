"""What the callers of a run know: which starts and answers were acknowledged, and when."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass(frozen=True)
class Start:
    """`size` is that of a family: how many children its loop has. No job is over before its delay of `seconds`."""

    workflow: str
    number: int
    size: int = 0
    seconds: float = 0


@dataclass
class Answer:
    """What a person gives at a manual task; `acknowledged` once a server said that it has it."""

    value: str
    acknowledged: bool = False


@dataclass
class Record:
    """`started`, `asked` (when it was asked for first) and `answers` are by job id; `moments` are those of the
    acknowledgements. Times are monotonic seconds.

    `probes` are jobs from before the follower listened; of the events of those in `missed` it may have missed some.
    """

    probes: set[str] = field(default_factory=set[str])
    missed: set[str] = field(default_factory=set[str])
    started: dict[str, Start] = field(default_factory=dict[str, Start])
    asked: dict[str, float] = field(default_factory=dict[str, float])
    moments: list[float] = field(default_factory=list[float])
    answers: dict[str, Answer] = field(default_factory=dict[str, Answer])
    unacknowledged: int = 0
    two_jobs_of_a_key: list[str] = field(default_factory=list[str])
    refusals: Counter[str] = field(default_factory=Counter[str])

    def acknowledge(self, start: Start, job_id: str, asked: float, at: float) -> None:
        self.started[job_id] = start
        self.asked[job_id] = asked
        self.moments.append(at)

    def longest_stall(self, since: float, until: float) -> float:
        """The longest time in which no start was acknowledged."""
        moments = [since, *(at for at in sorted(self.moments) if since < at < until), until]
        return max(after - before for before, after in pairwise(moments))
