"""What a caller may do with a job as it is now, and why not: the same rules as the mutations have, told beforehand."""

from typing import Final

from ..models.access import Caller
from ..models.engine.lifecycle import ACTIONS, ActionName, allows
from ..models.json import JsonObject, object_at, text_at
from ..models.methods import granted_by

# The documented method that each needs.
METHODS: Final[dict[ActionName, str]] = {
    "pause": "pauseJobs",
    "resume": "resumeJobs",
    "cancel": "cancelJobs",
    "delete": "deleteJobs",
    "retry": "retryTask",
    "continue": "continueJobFrom",
    "revert": "revertJob",
    "finish": "finishManualTask",
    "watch": "watchJobs",
}
_OF_OTHERS_TOO = ("watch", "delete")  # also with a job that another program stored


def of_job(caller: Caller, job: JsonObject, *, ours: bool) -> list[JsonObject]:
    """`{action, allowed, reason}` for every action, of a job that the caller sees; `ours`: this program stored it."""
    return [_permission(action, _refusal(caller, job, action, ours=ours)) for action in METHODS]


def _permission(action: str, reason: str | None) -> JsonObject:
    return {"action": action, "allowed": reason is None, "reason": reason}


def _refusal(caller: Caller, job: JsonObject, action: ActionName, *, ours: bool) -> str | None:
    method = METHODS[action]
    if method not in caller.methods:
        roles = ", ".join(granted_by(method))
        return f"Your roles do not allow {method}. Ask an administrator for one that does: {roles}."
    if not ours and action not in _OF_OTHERS_TOO:
        return "Another program stored this job: it cannot be changed here."
    status = text_at(job, "status")
    if not allows(status, action):
        return f"The job is {status}; it must be {' or '.join(ACTIONS[action].allowed)}."
    if action == "delete" and object_at(job, "parent"):
        return "A job above it started it: it is deleted with that one."
    return None
