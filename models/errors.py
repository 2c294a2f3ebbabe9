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


class WorkflowNotFound(Problem):
    code = "WORKFLOW_NOT_FOUND"

    def __init__(self, name: str) -> None:
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


class JobNotFound(Problem):
    code = "JOB_NOT_FOUND"

    def __init__(self, job_id: str) -> None:
        super().__init__(f"Cannot find job '{job_id}'. It never existed here, or it was deleted.", job=job_id)


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
