"""Errors of starting, finding, controlling and following jobs."""

from ..engine.lifecycle import ACTIONS
from .problem import Fault, Problem

MOST_QUOTED = 20  # faults in the message; `validationErrors` has all faults


class VariablesInvalid(Problem):
    code = "VARIABLES_INVALID"
    status = 422

    def __init__(self, workflow: str, faults: list[Fault]) -> None:
        super().__init__(
            f"The variables do not fit the input schema of workflow '{workflow}': "
            f"{'; '.join(str(fault) for fault in faults[:MOST_QUOTED])}"
            f"{f'; and {len(faults) - MOST_QUOTED} more' if len(faults) > MOST_QUOTED else ''}.",
            workflow=workflow,
            validationErrors=[fault.documented for fault in faults],
        )
        self.faults = faults


class IdempotencyKeyReused(Problem):
    code = "IDEMPOTENCY_KEY_REUSED"
    status = 409

    def __init__(self, key: str, job_id: str) -> None:
        super().__init__(
            f"The idempotency key '{key}' belongs to job '{job_id}', which was started with another request. "
            "Use a new key for a new job.",
            job=job_id,
        )


class TooManyChildJobs(Problem):
    code = "TOO_MANY_CHILD_JOBS"
    status = 409
    rest = False

    def __init__(self, reason: str, root: str, setting: str) -> None:
        """`reason` ends the sentence: "there are 10,000 jobs below job '...'"; `setting` names the limit."""
        super().__init__(
            f"No further child job is started: {reason}, which is the limit ({setting}). A workflow that starts itself "
            "needs a condition under which it does not.",
            job=root,
        )


class JobNotFound(Problem):
    code = "JOB_NOT_FOUND"
    status = 404

    def __init__(self, job_id: str) -> None:
        super().__init__(f"Cannot find job '{job_id}'. It never existed here, or it was deleted.", job=job_id)


class JobStatusForbids(Problem):
    code = "JOB_STATUS_FORBIDS"
    status = 409

    def __init__(self, job_id: str, status: str, allowed: tuple[str, ...], done: str) -> None:
        """`done` ends the sentence: "can be canceled"."""
        names = [{"error": "errored"}.get(name, name) for name in allowed]
        statuses = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
        article = "an" if statuses[0] in "aeiou" else "a"
        state = {"error": "in error"}.get(status, status)
        super().__init__(
            f"Job '{job_id}' is {state}: only {article} {statuses} job can be {done}.",
            job=job_id,
            status=status,
            allowed=list(allowed),
        )


class JobTooLong(Problem):
    code = "JOB_TOO_LONG"
    status = 409

    def __init__(self, job_id: str, most: int) -> None:
        super().__init__(
            f"Job '{job_id}' went through more than {most} iterations of tasks: a case holds no more. Record one that "
            "was started with less to do.",
            job=job_id,
            most=most,
        )


class JobNotDeletable(Problem):
    code = "JOB_NOT_DELETABLE"
    status = 409

    def __init__(self, job_id: str, status: str) -> None:
        super().__init__(
            f"Job '{job_id}' is {status}: only a job without a parent that is "
            f"{' or '.join(ACTIONS['delete'].allowed)}, as all its child jobs are, can be deleted.",
            job=job_id,
            status=status,
        )


class JobIsForeign(Problem):
    code = "JOB_IS_FOREIGN"
    status = 409

    def __init__(self, job_id: str) -> None:
        super().__init__(
            f"Job '{job_id}' was written by another program: this server can read the job, but only that "
            "program can control it.",
            job=job_id,
        )


class JobIsNewer(Problem):
    code = "JOB_IS_NEWER"
    status = 409

    def __init__(self, job_id: str, version: int, known: int) -> None:
        super().__init__(
            f"Job '{job_id}' is stored in version {version}, and this server knows versions up to {known}: a "
            "newer server on the same database runs it. Use that server, or install its version on this "
            "server.",
            job=job_id,
            version=version,
            known=known,
        )


class CursorLost(Problem):
    code = "CURSOR_LOST"
    status = 410

    def __init__(self, cursor: str | None) -> None:
        position = "" if cursor is None else f" behind the cursor '{cursor[:80]}'"
        super().__init__(
            f"The events{position} are no longer stored. Read the jobs, and follow without a cursor.",
            **({} if cursor is None else {"cursor": cursor[:80]}),
        )


class TooSlow(Problem):
    code = "TOO_SLOW"
    status = 429

    def __init__(self, waiting: int) -> None:
        super().__init__(f"{waiting} events wait unread. Follow again from the last cursor, and read faster.")
