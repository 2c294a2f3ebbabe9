"""Expected trouble: one class per thing a caller can act on, with its facts, its cause and its remedy.

Two places translate these and no other catches them: gql/errors.py and gql/rest/envelope.py.
"""

from .access import (
    AccountNotFound,
    GroupNotFound,
    HostRefused,
    NotAllowed,
    NotSignedIn,
    NotYoursToGive,
    OriginRefused,
    RoleIsDefault,
    RoleNotFound,
    SignInRefused,
    TooManyAttempts,
)
from .jobs import (
    CursorLost,
    IdempotencyKeyReused,
    JobIsForeign,
    JobNotDeletable,
    JobNotFound,
    JobStatusForbids,
    TooSlow,
    VariablesInvalid,
)
from .kept import (
    AutomationNotFound,
    EventNotFound,
    FormNotFound,
    InputInvalid,
    NameTaken,
    PartNotFound,
    TriggerCannot,
    TriggerNotFound,
    WorkflowIsDraft,
    WorkflowNotFound,
)
from .problem import Fault, Problem
from .requests import AnswerTooLarge, RequestInvalid, SearchTooLong
from .tasks import AnswerInvalid, TaskCannot, TaskClaimed, TaskNotFound, TaskNotWaiting

__all__ = [
    "AccountNotFound",
    "AnswerInvalid",
    "AnswerTooLarge",
    "AutomationNotFound",
    "CursorLost",
    "EventNotFound",
    "Fault",
    "FormNotFound",
    "GroupNotFound",
    "HostRefused",
    "IdempotencyKeyReused",
    "InputInvalid",
    "JobIsForeign",
    "JobNotDeletable",
    "JobNotFound",
    "JobStatusForbids",
    "NameTaken",
    "NotAllowed",
    "NotSignedIn",
    "NotYoursToGive",
    "OriginRefused",
    "PartNotFound",
    "Problem",
    "RequestInvalid",
    "RoleIsDefault",
    "RoleNotFound",
    "SearchTooLong",
    "SignInRefused",
    "TaskCannot",
    "TaskClaimed",
    "TaskNotFound",
    "TaskNotWaiting",
    "TooManyAttempts",
    "TooSlow",
    "TriggerCannot",
    "TriggerNotFound",
    "VariablesInvalid",
    "WorkflowIsDraft",
    "WorkflowNotFound",
]
