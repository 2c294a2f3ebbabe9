"""Errors of repairs of tasks, and of tasks that wait for a person."""

from .problem import Fault, Problem


class TaskNotFound(Problem):
    code = "TASK_NOT_FOUND"
    status = 404

    def __init__(self, task: str, job_id: str | None = None) -> None:
        where = "" if job_id is None else f" in job '{job_id}'"
        super().__init__(
            f"Cannot find task '{task}'{where}. Claim, assign and release name the iteration (a uuid), everything else "
            "the job and the task's id in it.",
            task=task,
            **({} if job_id is None else {"job": job_id}),
        )


class TaskNotWaiting(Problem):
    code = "TASK_NOT_WAITING"
    status = 409

    def __init__(self, task: str, job_id: str, why: str) -> None:
        super().__init__(
            f"Task '{task}' of job '{job_id}' does not wait for a person: {why}.", task=task, job=job_id, why=why
        )


class TaskClaimed(Problem):
    code = "TASK_CLAIMED"
    status = 409

    def __init__(self, task: str, job_id: str, owner: str, name: str) -> None:
        """`owner` is the id of the account, `name` the display name."""
        super().__init__(
            f"Task '{task}' of job '{job_id}' is claimed by '{name}'. They can release it, or it can be assigned.",
            task=task,
            job=job_id,
            owner=owner,
        )


class TaskNotAssignable(Problem):
    code = "TASK_NOT_ASSIGNABLE"
    status = 409

    def __init__(self, task: str, job_id: str, account: str, name: str, why: str) -> None:
        """`account` is the id of the intended account, `name` the display name."""
        super().__init__(
            f"Task '{task}' of job '{job_id}' cannot be assigned to '{name}': {why}. "
            "Assign it to somebody who may work it.",
            task=task,
            job=job_id,
            account=account,
            why=why,
        )


class AnswerInvalid(Problem):
    code = "ANSWER_INVALID"
    status = 422

    def __init__(self, task: str, job_id: str, faults: list[Fault]) -> None:
        super().__init__(
            f"The answer does not fit the form of task '{task}' of job '{job_id}': "
            f"{'; '.join(str(fault) for fault in faults)}.",
            task=task,
            job=job_id,
            validationErrors=[fault.documented for fault in faults],
        )
        self.faults = faults


class TaskCannot(Problem):
    code = "TASK_CANNOT"
    status = 409

    def __init__(self, task: str, job_id: str, done: str, why: str) -> None:
        """`done` names the refused action: "be retried", "be continued from", "be reverted to"."""
        super().__init__(f"Task '{task}' of job '{job_id}' cannot {done}: {why}.", task=task, job=job_id, why=why)
