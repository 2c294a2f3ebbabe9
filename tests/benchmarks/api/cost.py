"""What requests cost, and how that compares: pairs of the same round, since the machine is not the same in the next."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

TICKS = os.sysconf("SC_CLK_TCK")
FLOOR = "bare"


def cpu(pid: int) -> float:
    """Milliseconds of the processor that a process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / TICKS


@dataclass(frozen=True)
class Cost:
    """Milliseconds of a request; what was acknowledged, and what was stored by that."""

    server: float
    mongod: float
    answered: int
    stored: int

    @property
    def both(self) -> float:
        return self.server + self.mongod


@dataclass
class Rounds:
    """Of one work: the costs of each server, round by round."""

    work: str
    base: str = FLOOR
    costs: dict[str, list[Cost]] = field(default_factory=dict[str, list[Cost]])

    def add(self, server: str, cost: Cost) -> None:
        self.costs.setdefault(server, []).append(cost)
        if self.base not in self.costs:
            self.base = server

    def ratios(self, server: str, other: str) -> tuple[float, float]:
        """Of the servers alone, and with mongod."""
        pairs = list(zip(self.costs[server], self.costs[other], strict=True))
        alone = median(_ratio(one.server, base.server) for one, base in pairs)
        return alone, median(_ratio(one.both, base.both) for one, base in pairs)

    def lines(self) -> list[str]:
        told = [f"{self.work}: processor of each in ms, and its ratio to that of {self.base}"]
        for server, costs in self.costs.items():
            spent = (
                f"server {median(one.server for one in costs):6.2f}  mongod {median(one.mongod for one in costs):5.2f}"
            )
            alone, both = self.ratios(server, self.base)
            stored = sum(one.stored for one in costs)
            counted = f"  acknowledged {sum(one.answered for one in costs)}, stored {stored}" if stored else ""
            told.append(f"  {server:15} {spent}  x {alone:5.2f}, with mongod x {both:5.2f}{counted}")
        for server in self.costs:
            if (before := server.replace("now", "before")) != server and before in self.costs:
                alone, both = self.ratios(server, before)
                told.append(f"  {server} / {before}: {alone:.2f}, with mongod {both:.2f}")
        return told


def _ratio(one: float, other: float) -> float:
    return one / other if other else float("nan")
