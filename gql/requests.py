"""From what callers hand in to what the resolvers take."""

from typing import TypeVar

from ..models.access import Caller
from ..models.documents.started import JobRequest
from ..models.errors import Fault, RequestInvalid
from ..models.json import JsonObject, is_object
from ..resolvers.following import Wanted
from .inputs import JobEventFilter, StartJobOptions

Entry = TypeVar("Entry")


def job_request(caller: Caller, workflow: str, options: StartJobOptions, idempotency_key: str | None) -> JobRequest:
    """The request for a job; `variables` must be an object, which the JSON scalar does not say."""
    variables: object = options.variables
    if variables is not None and not is_object(variables):
        path = "#/properties/options/properties/variables/type"
        raise RequestInvalid([Fault("type", "/options/variables", path, "must be object")])
    return JobRequest(
        workflow=workflow,
        initiator=caller.username,
        account=caller.account_id,
        description=options.description,
        type=str(options.type.value) if options.type else None,
        variables=variables,
        groups=None if options.groups is None else list(options.groups),
        idempotency_key=idempotency_key,
    )


def variables_of(variables: object) -> JsonObject:
    """The outputs of a finished task: an object, which the JSON scalar does not say; none are an empty one."""
    if variables is None:
        return {}
    if not is_object(variables):
        raise RequestInvalid([Fault("type", "/variables", "#/properties/variables/type", "must be object")])
    return variables


def wanted_events(filter: JobEventFilter | None) -> Wanted:
    if filter is None:
        return Wanted()
    return Wanted(
        statuses=frozenset(str(status.value) for status in filter.statuses or ()),
        names=frozenset(filter.names or ()),
        types=frozenset(str(type.value) for type in filter.types or ()),
        roots=frozenset(filter.roots or ()),
        users=frozenset(filter.users or ()),
    )


def within(documents: list[Entry], most: int, argument: str = "documents") -> list[Entry]:
    if len(documents) > most:
        message = f"must NOT have more than {most} items; import the rest in another call"
        raise RequestInvalid([Fault("maxItems", f"/{argument}", f"#/{argument}/maxItems", message)])
    return documents
