"""Rows without the load of the faults: they bring their own, and measure besides what became of the jobs."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from . import soak, starts, takeover
from .row import Row


class Measure(Protocol):
    async def __call__(self, times: int, folder: Path, *, seed: int, seconds: float) -> Row: ...


@dataclass(frozen=True)
class Measurement:
    """`seconds` are what it needs on a quiet machine; one that needs a machine of its own is measured `alone`."""

    title: str
    measure: Measure
    times: int
    seconds: float
    alone: bool = True


MEASUREMENTS = {
    "takeover": Measurement(takeover.TITLE.format(takeover.JOBS), takeover.take_over, 2, 100),
    "starts": Measurement(starts.TITLE.format(starts.STARTS), starts.start_many, 1, 120),
    "soak": Measurement(soak.TITLE, soak.soak, 1, 600, alone=False),
}
