"""Why a job that is not over does not go on, in a run where nothing changes any more."""

from collections.abc import Mapping, Sequence

from .seen import ACTIVE, Document

GRACE = 5000  # milliseconds that a timer may be late

NOT_BEGUN = "acknowledged, never run"
NOT_RESUMED = "forgotten: nothing of it runs"
LATE = "forgotten: its time has passed"
UNTOLD = "forgotten: its provider is not heard"
LEFT = "forgotten: a stored answer is not taken"
ANSWER_GONE = "a person's answer is gone, the job waits for it"
MISSING_CHILD = "a child was never started"
ENDED_CHILDREN = "its children are over, it waits for them"


def reason_stuck(
    job: Document, iterations: Mapping[str, Document], children: Sequence[Document], now: float
) -> str | None:
    """None for a job that rightly waits: for a person, a time that comes, or a child that is not over."""
    running = {id: task for id, task in job["tasks"].items() if task.get("status") == "running"}
    if not running:
        return NOT_BEGUN if job["seq"] == 0 else NOT_RESUMED
    reasons = [_reason(task, iterations.get(id, {}), _family(job, children), now) for id, task in running.items()]
    return None if None in reasons else next(reason for reason in reasons if reason is not None)


def _family(job: Document, children: Sequence[Document]) -> str | None:
    """The same of the children: one that is in error is judged by itself, since its parent waits for its repair."""
    if len(children) < len(job["variables"].get("elements", ())):  # the families of the load are loops over all of them
        return MISSING_CHILD
    return None if any(child["status"] in (*ACTIVE, "error") for child in children) else ENDED_CHILDREN


def _reason(task: Document, iteration: Document, family: str | None, now: float) -> str | None:
    if task.get("wake_at") is not None:
        return LATE if task["wake_at"] + GRACE < now else None
    match task.get("waits_for"):
        case "person":
            if iteration.get("answer"):
                return LEFT
            return None if iteration.get("waits_for") == "person" else ANSWER_GONE
        case "children":
            return family
        case _:
            return UNTOLD
