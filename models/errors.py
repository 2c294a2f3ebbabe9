"""Expected trouble: one class per thing a caller can act on, with its facts, its cause and its remedy.

Two places translate these and no other catches them: gql/errors.py and gql/rest/envelope.py.
"""

from dataclasses import dataclass
from typing import ClassVar

from .json import Json, JsonObject


class Problem(Exception):
    """`code` is the same at both doors; `facts` are what a program may read of it."""

    code: ClassVar[str]

    def __init__(self, message: str, **facts: Json) -> None:
        super().__init__(message)
        self.message = message
        self.facts: JsonObject = facts


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a value, in the words of the documented `validationErrors`."""

    keyword: str
    instance_path: str  # JSON pointer into the value
    schema_path: str
    message: str

    @property
    def documented(self) -> JsonObject:
        return {
            "keyword": self.keyword,
            "instancePath": self.instance_path,
            "schemaPath": self.schema_path,
            "message": self.message,
        }

    def __str__(self) -> str:
        return f"{self.instance_path or '(the whole value)'} {self.message}"


class NotSignedIn(Problem):
    code = "NOT_SIGNED_IN"

    def __init__(self) -> None:
        super().__init__(
            "You are not signed in, or not any more. POST /login gives a token, and `jobyard login` prints one: send "
            "it as `Authorization: Bearer`, as the cookie `token` or as `?token=`."
        )


class SignInRefused(Problem):
    """The same for an account that there is not, is closed, or has another password."""

    code = "SIGN_IN_REFUSED"

    def __init__(self) -> None:
        super().__init__("Invalid credentials. Ask an administrator for a new password if yours is lost.")


class TooManyAttempts(Problem):
    code = "TOO_MANY_ATTEMPTS"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many attempts to sign in. Try again in {seconds} s.", seconds=seconds)


class NotAllowed(Problem):
    code = "NOT_ALLOWED"

    def __init__(self, method: str, roles: list[str]) -> None:
        super().__init__(
            f"You may not {method}. Ask an administrator for a role that allows it: {', '.join(roles)}.",
            method=method,
            roles=list(roles),
        )


class NotYoursToGive(Problem):
    code = "NOT_YOURS_TO_GIVE"

    def __init__(self, method: str) -> None:
        super().__init__(
            f"This would give, or take over, what you do not have yourself: {method}. Ask an administrator to do it.",
            method=method,
        )


class OriginRefused(Problem):
    code = "ORIGIN_REFUSED"

    def __init__(self, origin: str) -> None:
        super().__init__(
            f"A page of '{origin}' may not ask this in your name. The server names those that may with --origin.",
            origin=origin,
        )


class HostRefused(Problem):
    code = "HOST_REFUSED"

    def __init__(self, host: str) -> None:
        super().__init__(
            f"This server has no name '{host}'. Without sign-in it answers to 127.0.0.1 and localhost alone.", host=host
        )


class AccountNotFound(Problem):
    code = "ACCOUNT_NOT_FOUND"

    def __init__(self, account: str) -> None:
        super().__init__(f"Cannot find account '{account}'. See the query `accounts`.", account=account)


class GroupNotFound(Problem):
    code = "GROUP_NOT_FOUND"

    def __init__(self, group: str) -> None:
        super().__init__(f"Cannot find group '{group}'. See the query `groups`.", group=group)


class RoleNotFound(Problem):
    code = "ROLE_NOT_FOUND"

    def __init__(self, role: str) -> None:
        super().__init__(f"Cannot find role '{role}'. See the query `roles`.", role=role)


class EventNotFound(Problem):
    code = "EVENT_NOT_FOUND"

    def __init__(self, source: str, topic: str) -> None:
        message = f"There are no events '{topic}' of '{source}'. GET /operations-manager/events lists those there are."
        super().__init__(message, source=source, topic=topic)


class PartNotFound(Problem):
    """`kind` is application or adapter."""

    code = "PART_NOT_FOUND"

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(
            f"Cannot find {kind} '{name}'. GET /health/{kind}s lists those there are.", kind=kind, name=name
        )


class NameTaken(Problem):
    code = "NAME_TAKEN"

    def __init__(self, kind: str, name: str) -> None:
        article = "an" if kind[0] in "aeiou" else "a"
        super().__init__(f"There is {article} {kind} '{name}' already. Choose another name.", kind=kind, name=name)


class RoleIsDefault(Problem):
    code = "ROLE_IS_DEFAULT"

    def __init__(self, role: str) -> None:
        super().__init__(
            f"Role '{role}' comes with the server and stays as it is: take it from who has it, or make another.",
            role=role,
        )


class WorkflowNotFound(Problem):
    code = "WORKFLOW_NOT_FOUND"

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"Cannot find workflow '{name}'. Names match exactly, with case and spaces: "
            "see the query `workflows`, or import it with `jobyard import FILE`.",
            workflow=name,
        )


class WorkflowIsDraft(Problem):
    code = "WORKFLOW_IS_DRAFT"

    def __init__(self, name: str, errors: list[Json]) -> None:
        super().__init__(
            f"Workflow '{name}' is a draft: it was saved with {len(errors)} validation error(s). "
            "Mend them in the editor and import it again.",
            workflow=name,
            errors=errors,
        )


class AutomationNotFound(Problem):
    code = "AUTOMATION_NOT_FOUND"

    def __init__(self, automation: str) -> None:
        super().__init__(f"Cannot find automation '{automation}'. It is named by its id.", automation=automation)


class TriggerNotFound(Problem):
    code = "TRIGGER_NOT_FOUND"

    def __init__(self, trigger: str) -> None:
        super().__init__(
            f"Cannot find trigger '{trigger}'. It is named by its id, and an enabled endpoint by its route.",
            trigger=trigger,
        )


class TriggerCannot(Problem):
    code = "TRIGGER_CANNOT"

    def __init__(self, trigger: str, why: str) -> None:
        super().__init__(f"Trigger '{trigger}' cannot start a job: {why}.", trigger=trigger, why=why)


class InputInvalid(Problem):
    code = "INPUT_INVALID"

    def __init__(self, trigger: str, faults: list[Fault]) -> None:
        super().__init__(
            f"The input does not fit trigger '{trigger}': {'; '.join(str(fault) for fault in faults)}.",
            trigger=trigger,
            validationErrors=[fault.documented for fault in faults],
        )
        self.faults = faults


class JobNotFound(Problem):
    code = "JOB_NOT_FOUND"

    def __init__(self, job_id: str) -> None:
        super().__init__(f"Cannot find job '{job_id}'. It never existed here, or it was deleted.", job=job_id)


class TaskNotFound(Problem):
    code = "TASK_NOT_FOUND"

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

    def __init__(self, task: str, job_id: str, why: str) -> None:
        super().__init__(
            f"Task '{task}' of job '{job_id}' does not wait for a person: {why}.", task=task, job=job_id, why=why
        )


class TaskClaimed(Problem):
    code = "TASK_CLAIMED"

    def __init__(self, task: str, job_id: str, owner: str, name: str) -> None:
        """`owner` is the account, `name` what people call it."""
        super().__init__(
            f"Task '{task}' of job '{job_id}' is claimed by '{name}'. They can release it, or it can be assigned.",
            task=task,
            job=job_id,
            owner=owner,
        )


class AnswerInvalid(Problem):
    code = "ANSWER_INVALID"

    def __init__(self, task: str, job_id: str, faults: list[Fault]) -> None:
        super().__init__(
            f"The answer does not fit the form of task '{task}' of job '{job_id}': "
            f"{'; '.join(str(fault) for fault in faults)}.",
            task=task,
            job=job_id,
            validationErrors=[fault.documented for fault in faults],
        )
        self.faults = faults


class JobStatusForbids(Problem):
    code = "JOB_STATUS_FORBIDS"

    def __init__(self, job_id: str, status: str, allowed: tuple[str, ...], done: str) -> None:
        """`done` ends the sentence: "can be canceled"."""
        named = [{"error": "errored"}.get(one, one) for one in allowed]
        spoken = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} or {named[-1]}"
        article = "an" if spoken[0] in "aeiou" else "a"
        state = {"error": "in error"}.get(status, status)
        super().__init__(
            f"Job '{job_id}' is {state}: only {article} {spoken} job can be {done}.",
            job=job_id,
            status=status,
            allowed=list(allowed),
        )


class JobNotDeletable(Problem):
    code = "JOB_NOT_DELETABLE"

    def __init__(self, job_id: str, status: str) -> None:
        super().__init__(
            f"Job '{job_id}' is {status}: only a job without a parent that is complete or canceled, as all its child "
            "jobs are, can be deleted.",
            job=job_id,
            status=status,
        )


class JobIsForeign(Problem):
    code = "JOB_IS_FOREIGN"

    def __init__(self, job_id: str) -> None:
        super().__init__(
            f"Job '{job_id}' was written by another program: it can be read here, and steered only there.", job=job_id
        )


class TaskCannot(Problem):
    code = "TASK_CANNOT"

    def __init__(self, task: str, job_id: str, done: str, why: str) -> None:
        """`done` is what cannot be: "be retried", "be continued from", "be reverted to"."""
        super().__init__(f"Task '{task}' of job '{job_id}' cannot {done}: {why}.", task=task, job=job_id, why=why)


class CursorLost(Problem):
    code = "CURSOR_LOST"

    def __init__(self, cursor: str | None) -> None:
        told = "" if cursor is None else f" behind the cursor '{cursor[:80]}'"
        super().__init__(
            f"What happened{told} is not known here any more. Look at the jobs, and follow without a cursor.",
            **({} if cursor is None else {"cursor": cursor[:80]}),
        )


class TooSlow(Problem):
    code = "TOO_SLOW"

    def __init__(self, waiting: int) -> None:
        super().__init__(f"{waiting} events wait unread. Follow again from the last cursor, and read faster.")


class FormNotFound(Problem):
    code = "FORM_NOT_FOUND"

    def __init__(self, form: str) -> None:
        super().__init__(
            f"Cannot find form '{form}', neither as an id nor as a name. Import it with `jobyard import FILE`.",
            form=form,
        )


class VariablesInvalid(Problem):
    code = "VARIABLES_INVALID"

    def __init__(self, workflow: str, faults: list[Fault]) -> None:
        super().__init__(
            f"The variables do not fit the input schema of workflow '{workflow}': "
            f"{'; '.join(str(fault) for fault in faults)}.",
            workflow=workflow,
            validationErrors=[fault.documented for fault in faults],
        )
        self.faults = faults


class RequestInvalid(Problem):
    code = "REQUEST_INVALID"

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(
            f"The request is not as documented: {'; '.join(str(fault) for fault in faults)}.",
            validationErrors=[fault.documented for fault in faults],
        )
        self.faults = faults


class IdempotencyKeyReused(Problem):
    code = "IDEMPOTENCY_KEY_REUSED"

    def __init__(self, key: str, job_id: str) -> None:
        super().__init__(
            f"The idempotency key '{key}' belongs to job '{job_id}', which was started with another request. "
            "Use a new key for a new job.",
            job=job_id,
        )


class SearchTooLong(Problem):
    code = "SEARCH_TOO_LONG"

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"The search took longer than {seconds} s. Narrow it, by a time range for example, or leave out the order.",
            seconds=seconds,
        )


class AnswerTooLarge(Problem):
    code = "ANSWER_TOO_LARGE"

    def __init__(self, what: str, most: int, remedy: str) -> None:
        super().__init__(f"The answer would hold more than {most} {what}. {remedy}", what=what, most=most)
