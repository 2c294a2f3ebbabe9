"""Child jobs: started by a task of their parent, as whoever started the parent."""

from bson import ObjectId

from ..models.access import SYSTEM, Caller
from ..models.documents.started import JobRequest, Parent
from ..models.engine.events import ChildStart
from ..models.json import JsonObject, array_at, object_at, text_at
from . import jobs
from .yard import Yard


async def start_child(yard: Yard, parent: JsonObject, start: ChildStart) -> JsonObject:
    """Start the child, or find it started; its stored document tells whether it has ended already."""
    found = await yard.jobs.find(start.child_id)
    return found or await jobs.started(yard, await owner_of(yard, parent), child_request(parent, start), start.child_id)


async def owner_of(yard: Yard, parent: JsonObject) -> Caller:
    """In whose name its children are started: that of its starter, as the account is now.

    A job that no account started, another program's for example, is the system's.
    """
    account = object_at(parent, "metrics").get("user")
    if not isinstance(account, str) or not ObjectId.is_valid(account):
        return SYSTEM
    return await yard.callers.of_account(account) or Caller(account, "")


def child_request(parent: JsonObject, start: ChildStart) -> JobRequest:
    """Groups and watchers are the parent's (execution facts, 5)."""
    return JobRequest(
        workflow=start.workflow,
        initiator=text_at(object_at(parent, "variables"), "initiator"),
        account=object_at(parent, "metrics").get("user"),
        description=parent.get("description"),
        variables=start.variables,
        groups=[group for group in array_at(parent, "groups") if group != "default"] or None,
        watchers=tuple(array_at(parent, "watchers")),
        parent=Parent(
            job_id=parent["_id"],
            task_id=start.task_id,
            iteration=start.iteration,
            attempt=start.attempt,
            element=start.element,
            looped=start.looped,
            ancestors=tuple(array_at(parent, "ancestors")),
        ),
    )
