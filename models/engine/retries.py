"""Retries: whether and when a task that did not succeed is tried again by its `retrySettings`."""

from ..json import JsonObject, array_at, is_number, object_at
from .outcomes import Finish
from .state import TaskState

LONGEST_DELAY = 2**53  # milliseconds; the database can store the moment as a number


def next_attempt_at(definition: JsonObject, task: TaskState, finish: Finish, at: int) -> int | None:
    """The moment of the next attempt, if any: `retrySettings` come before transitions, in the same iteration (7)."""
    settings = object_at(definition, "retrySettings")
    limit, delay = settings.get("limit"), settings.get("delay")
    if settings.get("autoRetry") is not True or finish.state not in array_at(settings, "state"):
        return None
    if not is_number(limit) or task.attempt > limit:
        return None
    return at + round(min(max(0, delay), LONGEST_DELAY)) if is_number(delay) else at
