"""The reasons to refuse a start, each with what the caller can change: the request, the project's role, the workflow's
errors and the variables. start.py refuses a reused idempotency key, admission.py starts where the server has too many,
children.py child jobs beyond the limits of their family.
"""

from contextlib import nullcontext

from ...models.documents.new_job import JobRequest, offered_variables, schema_of
from ...models.documents.project import project_in, rights_of
from ...models.documents.stored import NotStorable
from ...models.errors import Fault, ProjectRoleForbids, RequestInvalid, VariablesInvalid, WorkflowIsDraft
from ...models.hex_ids import is_hex_id
from ...models.json import JsonObject, array_at, text_at
from ...models.secrets.error_masking import masked_faults
from ...models.visibility import Caller
from ..services import Services
from ..templating.schema_checks import Aside

JOB_TYPES = ("automation", "resource:action", "resource:compliance")
LONGEST_KEY = 256
MOST_GROUPS = 1000


def check_may_start(caller: Caller, workflow: JsonObject) -> None:
    """ProjectRoleForbids for a member of the workflow's project whose role does not allow starts."""
    project = project_in(text_at(workflow, "name"))
    role = caller.role_in(project)
    if project and "execute" not in rights_of(role):
        raise ProjectRoleForbids(project, role, "operator")


def check_request(request: JobRequest) -> None:
    """Check the documented schema of a start, as far as types do not; RequestInvalid has all faults."""
    faults = [
        Fault(
            "pattern",
            f"/options/groups/{index}",
            "#/properties/options/properties/groups/items/pattern",
            f"must be a group id of 24 lower-case hex digits, not '{group}'",
        )
        for index, group in enumerate(request.groups or [])
        if not is_hex_id(group)
    ]
    if len(request.groups or []) > MOST_GROUPS:
        path = "#/properties/options/properties/groups/maxItems"
        faults.append(Fault("maxItems", "/options/groups", path, f"must NOT have more than {MOST_GROUPS} items"))
    if request.type is not None and request.type not in JOB_TYPES:
        path = "#/properties/options/properties/type/enum"
        faults.append(Fault("enum", "/options/type", path, f"must be one of {', '.join(JOB_TYPES)}"))
    if request.idempotency_key is not None and not 0 < len(request.idempotency_key) <= LONGEST_KEY:
        message = f"must have between 1 and {LONGEST_KEY} characters"
        faults.append(Fault("maxLength", "/idempotencyKey", "#/idempotencyKey/maxLength", message))
    if faults:
        raise RequestInvalid(faults)


async def check_startable(
    services: Services, workflow: JsonObject, request: JobRequest, aside: Aside = nullcontext
) -> list[Fault]:
    """WorkflowIsDraft for a workflow with errors, VariablesInvalid for variables that do not fit its input schema.

    Returns the faults that the rules tolerate. Elements of a childJob's loop must always fit
    (reference/execution.md#input-schemas).
    """
    errors = array_at(workflow, "errors")
    if errors:
        raise WorkflowIsDraft(request.workflow, errors)
    variables = offered_variables(workflow, request.variables or {}, request.initiator)
    known = services.definitions.find_prepared(workflow)
    prepared = None if known is None else known.input_schema
    faults = await services.schemas.faults_of(schema_of(workflow), variables, aside=aside, prepared=prepared)
    faults = masked_faults(faults, variables, array_at(workflow, "decorators"))
    looped = request.parent is not None and request.parent.looped
    if faults and (looped or services.settings.rules.input_validation == "reject"):
        raise VariablesInvalid(request.workflow, faults)
    return faults


def unstorable(refusal: NotStorable) -> RequestInvalid:
    fault = Fault("storable", "/options/variables", "#/properties/options/properties/variables", str(refusal))
    return RequestInvalid([fault])
