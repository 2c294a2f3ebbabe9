"""What is told of a fault: a line of the table, and the notes below it."""

from dataclasses import dataclass, field

from .judge import Finding, Verdict


@dataclass
class Row:
    """`by_hand` counts the restarts without which no start was acknowledged any more."""

    fault: str
    times: int = 0
    acknowledged: int = 0
    asked_again: int = 0
    stall: float = 0
    by_hand: int = 0
    most_takeovers: int = 0
    verdict: Verdict = field(default_factory=Verdict)
    wrong: list[Finding] = field(default_factory=list[Finding])  # not of a job
    notes: list[str] = field(default_factory=list[str])

    @property
    def sound(self) -> bool:
        return self.verdict.sound and not self.by_hand
