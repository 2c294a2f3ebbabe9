"""Ids that follow from what they name, so that doing something twice names the same thing twice."""

from hashlib import sha256


def iteration_id(job_id: str, task_id: str, iteration: int) -> str:
    """The id of a task's iteration: a uuid (version 4 in form) that every engine derives alike."""
    digits = _version_4(f"iteration/{job_id}/{task_id}/{iteration}")
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def child_job_id(job_id: str, task_id: str, iteration: int, attempt: int, element: int) -> str:
    """The id of the child job that a childJob task starts for one element: 24 hex digits, cut from a uuid."""
    return _version_4(f"child/{job_id}/{task_id}/{iteration}/{attempt}/{element}")[:24]


def effect_key(task_id: str, iteration: int, attempt: int) -> str:
    """Names one attempt; providers get it as their idempotency key."""
    return f"{task_id}/{iteration}/{attempt}"


def _version_4(name: str) -> str:
    digits = sha256(name.encode()).hexdigest()[:32]
    return digits[:12] + "4" + digits[13:16] + "89ab"[int(digits[16], 16) % 4] + digits[17:]
