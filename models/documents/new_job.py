"""Builds the document of a new job."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

import orjson

from ..engine.state import JobState
from ..errors import Fault
from ..json import Json, JsonObject, array_at, object_at, text_at
from ..json_text import write_json
from ..secrets.error_masking import marked_values
from ..secrets.finding import Finder
from ..secrets.marks import FOUND_SECRETS, marks
from .event import start_event
from .progress import task_entry
from .search_terms import FOUND_BY, found_by
from .shapes.jobs import JobHeader, JobWarning, OfWorkflow
from .state_version import STATE_VERSION, VERSION_KEY
from .stored import to_stored

# Copied from the workflow as they are (reference/rest-api.md#job-document); `created` is the workflow's own date there.
_COPIED: Final = (
    "canvasVersion",
    "encodingVersion",
    "migrationVersion",
    "font_size",
    "created",
    "created_by",
    "createdVersion",
    "lastUpdatedVersion",
)


@dataclass(frozen=True)
class Parent:
    """The task that started this child job. `element` is the index in the task's loop, 0 without a loop."""

    job_id: str
    task_id: str
    iteration: int
    attempt: int
    element: int
    looped: bool
    ancestors: tuple[str, ...]


@dataclass(frozen=True)
class JobRequest:
    """The request of a new job. `groups` None means the groups of the workflow.

    `initiator` is a user name, `account` the id of its account.
    """

    workflow: str
    initiator: str
    account: str | None = None
    description: str | None = None
    type: str | None = None
    variables: JsonObject | None = None
    groups: list[str] | None = None
    watchers: tuple[str, ...] = ()
    parent: Parent | None = None
    idempotency_key: str | None = None
    secrets: tuple[str, ...] = ()  # pointers into the variables, where a parent hands some to its child
    near: str = ""  # the workflow of the parent: a workflow of its project comes first
    trace: str | None = None  # the `traceparent` of the start

    @property
    def stored_key(self) -> str:
        """The idempotency key as it is stored: each account has keys of its own."""
        return f"{self.account} {self.idempotency_key}"

    @property
    def fingerprint(self) -> str:
        """A hash of the request without the idempotency key: equal requests have equal fingerprints."""
        told = [self.workflow, self.description, self.type, self.variables, self.groups]
        return sha256(write_json(told, orjson.OPT_SORT_KEYS)).hexdigest()


def job_document(
    request: JobRequest,
    workflow: JsonObject,
    version: str,
    state: JobState,
    at: datetime,
    *,
    warnings: Sequence[JobWarning] = (),
    faults: Sequence[Fault] = (),
) -> JobHeader:
    """The header of the new job, which names its pinned version.

    `faults` are the faults of its variables that the rules tolerate.
    """
    copied: OfWorkflow = {}
    for key in _COPIED:
        if key in workflow:
            copied[key] = workflow[key]
    document: JobHeader = {
        "_id": state.job_id,
        "name": text_at(workflow, "name") or request.workflow,
        "type": request.type or workflow.get("type") or "automation",
        "groups": _groups(request, workflow),
        "watchers": list(request.watchers),
        "ancestors": [*(request.parent.ancestors if request.parent else ()), state.job_id],
        "decorators": array_at(workflow, "decorators"),
        "tags": array_at(workflow, "tags"),
        "errorHandler": workflow.get("errorHandler"),
        "preAutomationTime": workflow.get("preAutomationTime") or 0,
        "sla": workflow.get("sla") or 0,
        **copied,
        "last_updated": at,
        "last_updated_by": request.account,
        "metrics": {"start_time": state.start_time, "progress": 0, "user": request.account},
        "workflow_version": version,
        VERSION_KEY: STATE_VERSION,
        "seq": 0,
        "status": state.status,
        "description": state.description or "",
        # A copy: the first advance changes the state's, also where its outcome comes too late to be stored.
        "variables": to_stored({**state.variables}, what="the variables"),
        "tasks": {id: entry for id, task in state.tasks.items() if (entry := task_entry(task))},
    }
    if request.secrets:
        document[FOUND_SECRETS] = [{"pointer": pointer} for pointer in request.secrets]
    description = document.get("description")
    told = Finder(marked_values(state.variables, marks(document), "variables"))
    document["description"] = told.hidden(description) if told else description
    document[FOUND_BY] = found_by({**document, "variables": state.variables})
    if warnings:
        document["warnings"] = to_stored(list(warnings), what="the warnings")
    if faults:
        document["validationErrors"] = to_stored([fault.documented for fault in faults], what="the validation errors")
    if request.parent:
        parent = request.parent
        document["parent"] = {
            "job": parent.job_id,
            "task": parent.task_id,
            "iteration": parent.iteration,
            "attempt": parent.attempt,
            "element": parent.element,
        }
    if request.idempotency_key is not None:
        document["idempotency"] = {"key": request.stored_key, "request": request.fingerprint}
    if request.trace is not None:
        document["trace"] = request.trace
    document["event"] = start_event(document)
    return document


def _groups(request: JobRequest, workflow: Mapping[str, object]) -> list[Json]:
    """Without groups, real jobs carry the workflow's or else "default": unrestricted.

    See reference/execution.md#groups.
    """
    return list(request.groups or array_at(workflow, "groups") or ["default"])


def workflow_version(workflow: Mapping[str, object]) -> str:
    """The hash that pins a wording of a workflow; key order does not count.

    Servers that store wordings in another version do so under ids of their own: each finds one that it can read.
    """
    hashed = sha256(write_json(workflow, orjson.OPT_SORT_KEYS)).hexdigest()
    return hashed if STATE_VERSION == 1 else f"{hashed}/{STATE_VERSION}"


def schema_of(workflow: Mapping[str, object]) -> JsonObject:
    """The input schema; without one, any variables fit."""
    return object_at(workflow, "inputSchema")


def offered_variables(workflow: JsonObject, variables: JsonObject, initiator: str) -> JsonObject:
    """What the input schema is held against: the variables, and of what the server gives what the schema asks for.

    The editor of such documents requires `_id` and `initiator` of a start where a task reads them.
    """
    schema = schema_of(workflow)
    asked = {*object_at(schema, "properties"), *(key for key in array_at(schema, "required") if isinstance(key, str))}
    given: JsonObject = {"_id": "0" * 24, "initiator": initiator}
    return {**variables, **{key: value for key, value in given.items() if key in asked}}
