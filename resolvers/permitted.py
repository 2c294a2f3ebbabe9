"""What a caller may do with a job as it is now, and why not: the same rules as the mutations have, told beforehand."""

from ..models.access import Caller
from ..models.json import JsonObject, object_at, text_at
from ..models.methods import granted_by
from .steering import CANCEL, PAUSE, REPAIRABLE, RESUME

_OVER = ("complete", "canceled")
_ALWAYS = ("running", "paused", "error", "complete", "canceled", "incomplete")

# The documented method that each needs, and the statuses of a job that it may have then.
ACTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "pause": ("pauseJobs", PAUSE.allowed),
    "resume": ("resumeJobs", RESUME.allowed),
    "cancel": ("cancelJobs", CANCEL.allowed),
    "delete": ("deleteJobs", _OVER),
    "retry": ("retryTask", REPAIRABLE),
    "continue": ("continueJobFrom", REPAIRABLE),
    "revert": ("revertJob", ("paused", "error")),
    "finish": ("finishManualTask", ("running",)),
    "watch": ("watchJobs", _ALWAYS),
}
_OF_OTHERS_TOO = ("watch", "delete")  # also with a job that another program stored


def of_job(caller: Caller, job: JsonObject, *, ours: bool) -> list[JsonObject]:
    """`{action, allowed, reason}` for every action, of a job that the caller sees; `ours`: this program stored it."""
    return [_permission(action, _refusal(caller, job, action, ours=ours)) for action in ACTIONS]


def _permission(action: str, reason: str | None) -> JsonObject:
    return {"action": action, "allowed": reason is None, "reason": reason}


def _refusal(caller: Caller, job: JsonObject, action: str, *, ours: bool) -> str | None:
    method, statuses = ACTIONS[action]
    if method not in caller.methods:
        roles = ", ".join(granted_by(method))
        return f"Your roles do not allow {method}. Ask an administrator for one that does: {roles}."
    if not ours and action not in _OF_OTHERS_TOO:
        return "Another program stored this job: it cannot be changed here."
    status = text_at(job, "status")
    if status not in statuses:
        return f"The job is {status}; it must be {' or '.join(statuses)}."
    if action == "delete" and object_at(job, "parent"):
        return "A job above it started it: it is deleted with that one."
    return None
