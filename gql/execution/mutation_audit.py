"""Records each mutation that changes something as an audit event, over GraphQL and REST.

The event is stored before the resolver runs, and gets its outcome afterwards. Acts on jobs that the events of jobs have
are copied from there (resolvers/store/audit.py).
"""

from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from enum import Enum
from typing import Any, Final, cast

from graphql import OperationType

from ...models.documents.audit import DONE
from ...models.errors import InternalError, Problem
from ...models.json import Json, JsonObject, is_object
from ...resolvers.audit import record
from ..context import RequestInfo
from ..http.request_ids import request_facts
from .mutation_log import outcome_of

# The kind of the targets of each mutation.
AUDITED: Final[Mapping[str, str]] = {
    name: kind
    for kind, names in {
        "account": (
            "createAccount updateAccount setPassword forceLogout logoutEverywhere endSession createServiceAccount "
            "updateServiceAccount regenerateSecret deleteServiceAccount"
        ),
        "group": "createGroup updateGroup deleteGroup addToGroup removeFromGroup",
        "role": "createRole updateRole deleteRole",
        "job": "deleteJobs pruneJobs addWatchers addJobGroups replaceJobGroups deleteJobGroups",
        "task": "claimTask releaseTask assignTask",
        "workflow": (
            "importWorkflows createWorkflows updateWorkflow saveWorkflow deleteWorkflow renameWorkflow "
            "addWorkflowGroups replaceWorkflowGroups deleteWorkflowGroups"
        ),
        "project": (
            "createProject updateProject deleteProject importProject addComponentsToProject removeComponentFromProject"
        ),
        "template": "createTemplate updateTemplate deleteTemplate importTemplates",
        "transformation": "createTransformation updateTransformation deleteTransformation importTransformations",
        "form": "createForm updateForm deleteForm importForms deleteForms",
        "automation": "createAutomation updateAutomation deleteAutomation importAutomations cloneAutomation",
        "trigger": "createTrigger updateTrigger deleteTrigger deleteTriggersOfAutomation importTriggers",
        "server": ("activateWorkers deactivateWorkers operateApplication operateAdapter createIndexes rotateSecrets"),
    }.items()
    for name in names.split()
}
OF_JOBS: Final = (
    *("startJob", "pauseJobs", "resumeJobs", "cancelJobs", "retryTask", "continueJob", "revertJob", "fixJob"),
    *("finishTask", "runEndpointTrigger", "runManualTrigger"),
)
"""Mutations whose acts are in the events of jobs."""
PERSONAL: Final = ("login", "logout", "watchJobs", "unwatchJobs")
"""Mutations that only concern the caller, and are in the log."""

# Arguments that tell what was changed and are never secret.
_DETAILS: Final = (
    *("name", "new_name", "username", "inactive", "provenance", "methods", "groups", "roles", "statuses"),
    *("older_than", "keep_newest", "collection", "action", "conflict_mode", "mode"),
    *("account_ids", "user_ids", "user_id"),
)
_MOST, _LONGEST = 100, 256
_PARTS: Final = ("imported", "account", "project", "deleted", "automation")


@asynccontextmanager
async def audited(info: RequestInfo, arguments: Mapping[str, Any]) -> AsyncGenerator[Callable[[object], None]]:
    """Around the resolver of a field. The yielded function takes the result."""
    kind = AUDITED.get(info.field_name)
    if info.operation.operation is not OperationType.MUTATION or kind is None or arguments.get("dry_run"):
        yield lambda result: None
        return
    targets = [
        id for name, value in arguments.items() if name in ("id", "ids") or name.endswith("_id") for id in _texts(value)
    ]
    if kind == "workflow":
        targets += [name for argument in ("name", "new_name") for name in _texts(arguments.get(argument))]
    details = {name: _detail(value) for name, value in arguments.items() if name in _DETAILS and value is not None}
    services, caller = info.context["services"], info.context["caller"]
    request = request_facts().get("request")
    id = await record.begin(services, caller, info.field_name, kind, targets, details, request)
    results: list[object] = []
    try:
        yield results.append
    except Exception as fault:
        await record.conclude(id, fault.code if isinstance(fault, Problem) else InternalError.code, [])
        raise
    made = [target for result in results for target in _ids_of(result)]
    await record.conclude(id, outcome_of(results[0]) if results else DONE, made)


def _texts(value: object) -> list[str]:
    several = cast(list[object], value) if isinstance(value, list) else [value]
    return [one for one in several if isinstance(one, str)]


def _detail(value: object) -> Json:
    """The value with bounds on its size."""
    if isinstance(value, list):
        return [_detail(one) for one in cast(list[object], value)[:_MOST]]
    if isinstance(value, Enum):
        return str(value.value)
    return value if isinstance(value, bool | int) else str(value)[:_LONGEST]


def _ids_of(result: object) -> Iterator[str]:
    """The ids of the documents in a result."""
    if isinstance(result, list):
        for one in cast(list[object], result)[:_MOST]:
            yield from _ids_of(one)
        return
    if is_object(result):
        document: JsonObject = result
        yield from (str(document[key]) for key in ("_id", "id") if document.get(key))
        return
    id: object = getattr(result, "id", None)
    if isinstance(id, str):
        yield id
    for name in _PARTS:
        if (part := getattr(result, name, None)) is not None:
            yield from _ids_of(part)
