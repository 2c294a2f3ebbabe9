"""The budget of one job from its start to its end.

It bounds circles without a wait and endless retries, which would use a processor and a disk without an end.
"""

from dataclasses import dataclass

from ..json import JsonObject


@dataclass(frozen=True)
class Budget:
    """`attempts` counts retries, not the first attempts; `stored` is about the bytes of all iterations as JSON."""

    iterations: int = 1_000_000
    attempts: int = 20_000
    stored: int = 16 * 2**30  # bytes


DEFAULT_BUDGET = Budget()


@dataclass
class Spent:
    """The budget that a job has used; `iterations` follows from its tasks and is not stored."""

    iterations: int = 0
    attempts: int = 0
    stored: int = 0

    @property
    def entry(self) -> JsonObject:
        return {"attempts": self.attempts, "stored": self.stored}


def excess(spent: Spent, budget: Budget) -> str | None:
    """The sentence for the job's error, once the budget is used up; None before."""
    if spent.iterations >= budget.iterations:
        return _sentence(f"its tasks have begun {budget.iterations:,} iterations", "JOBYARD_MOST_ITERATIONS")
    if spent.attempts >= budget.attempts:
        return _sentence(f"its tasks were retried {budget.attempts:,} times", "JOBYARD_MOST_ATTEMPTS")
    if spent.stored >= budget.stored:
        return _sentence(f"its iterations hold {budget.stored:,} bytes", "JOBYARD_MOST_BYTES")
    return None


def _sentence(reached: str, setting: str) -> str:
    return (
        f"The job's budget is used up: {reached}, which is the limit ({setting}). See that its circles and retries "
        "come to an end, or wait in between; whoever runs the server may raise the limit."
    )


def spent_of(entry: JsonObject) -> Spent:
    """Read what `Spent.entry` wrote; older releases stored no counts."""
    attempts, stored = entry.get("attempts"), entry.get("stored")
    return Spent(attempts=attempts if isinstance(attempts, int) else 0, stored=stored if isinstance(stored, int) else 0)
