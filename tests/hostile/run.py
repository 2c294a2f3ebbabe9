"""Sends inputs one after the other, and then eight at a time, while somebody else asks a cheap query."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from .inputs import Input, Wrong
from .world import MEMORY, Probe, Turn, World

LONGEST_WAIT = 1.0  # s
LONGEST_USUAL = 0.25  # s, of 99 in 100
SHORT = 0.1  # s; see LATE in serve.py
AT_ONCE = 8


@dataclass(frozen=True)
class Row:
    """`waits` are those of the probe meanwhile, `fair` the same without the time in which the machine did not let the
    server run; `late` is how late it woke the probe up at worst.

    `turns` are the long ones of the event loop, by the processor that it took: that is not the machine's.
    """

    name: str
    who: str
    got: str
    wrong: bool
    seconds: float
    processor: float
    waits: list[float]
    fair: list[float]
    late: float
    memory: int
    turns: list[Turn]

    @property
    def longest(self) -> float:
        return max(self.waits, default=0.0)

    @property
    def sound(self) -> bool:
        return not self.wrong and self.longest <= LONGEST_WAIT + self.late and self.memory < MEMORY

    @property
    def longest_fair(self) -> float:
        return max(self.fair, default=0.0)


def one_after_the_other(
    world: World, probe: Probe, inputs: Sequence[Input], tell: Callable[[Row], None] = lambda row: None
) -> list[Row]:
    rows: list[Row] = []
    for one in inputs:
        began, before = time.monotonic(), world.processor_seconds()
        got, wrong = _sent(world, one)
        row = _row(world, probe, one.name, one.who, got, wrong=wrong, began=began, before=before)
        rows.append(row)
        tell(row)
        if not world.alive:
            break
    return rows


def at_once(
    world: World,
    probe: Probe,
    inputs: Sequence[Input],
    tell: Callable[[Row], None] = lambda row: None,
    *,
    each: bool = False,
) -> Row:
    """All of them, AT_ONCE at a time, as one row: whose wait it was cannot be told. `each` prints when each of them
    begins and ends, and the memory of the server then.
    """
    began, before = time.monotonic(), world.processor_seconds()

    def answered(one: Input) -> tuple[str, str, bool]:
        if each:
            print(f"{time.monotonic() - began:6.1f} s {_megabytes(world):5.0f} MB  begins {one.name}", flush=True)
        got, is_wrong = _sent(world, one)
        if each:
            print(f"{time.monotonic() - began:6.1f} s {_megabytes(world):5.0f} MB  {one.name}: {got:.80}", flush=True)
        return one.name, got, is_wrong

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(answered, inputs))
    wrong = [f"{name}: {got}" for name, got, is_wrong in answers if is_wrong]
    got = "; ".join(wrong) or "answered"
    name = f"all {len(inputs)}, {AT_ONCE} at a time"
    row = _row(world, probe, name, "", got, wrong=bool(wrong), began=began, before=before)
    tell(row)
    return row


def _megabytes(world: World) -> float:
    return world.memory() / 2**20 if world.alive else 0


def _sent(world: World, one: Input) -> tuple[str, bool]:
    try:
        return one.send(world, one.who), False
    except Wrong as wrong:
        return f"WRONG {wrong}", True
    except Exception as fault:
        return f"WRONG {type(fault).__name__}: {fault}", True


def _row(world: World, probe: Probe, name: str, who: str, got: str, *, wrong: bool, began: float, before: float) -> Row:
    ended = time.monotonic()
    asked = probe.waits(began, ended)
    waits = [seconds for _, seconds in asked]
    if not world.alive:
        got = f"THE SERVER ENDED ({world.server.process.poll()}): {got}"
        return Row(name, who, got, True, ended - began, 0, waits, waits, 0, 0, [])
    late = probe.lateness(began, time.monotonic())
    used = world.processor_seconds() - before
    turns = world.turns(began, time.monotonic())
    fair = [
        seconds if seconds < SHORT else max(0.0, seconds - world.starved(start, start + seconds))
        for start, seconds in asked
    ]
    return Row(name, who, got, wrong, ended - began, used, waits, fair, late, world.memory(), turns)


def usual(rows: Sequence[Row]) -> float:
    """What 99 of 100 waited for at most."""
    return _usual([wait for row in rows for wait in row.waits])


def usual_fair(rows: Sequence[Row]) -> float:
    return _usual([wait for row in rows for wait in row.fair])


def _usual(waits: list[float]) -> float:
    return sorted(waits)[int(len(waits) * 0.99)] if waits else 0.0


def line(row: Row) -> str:
    mark = " " if row.sound else "!"
    turn = row.turns[0].processor if row.turns else 0
    waits = f"{row.longest:6.2f} {row.longest_fair:5.2f} {row.late:5.2f}"
    cost = f"{row.processor:6.1f} {waits} {turn:5.2f} {row.memory / 2**20:5.0f}"
    return f"{mark} {row.name:<48.48} {row.who:<7} {cost} {row.seconds:5.1f}  {row.got:.100}"


_COSTS = f"{'cpu s':>6} {'wait s':>6} {'fair':>5} {'late':>5} {'turn':>5} {'MB':>5} {'took':>5}"
HEAD = f"  {'input':<48} {'who':<7} {_COSTS}  got"
