"""The collection of audit events.

The acts of people on jobs are in the events of jobs, which are stored with the change. Such an event is marked until
its acts are copied here, under ids that follow from the event: a copy that is repeated changes nothing. Every other act
is stored before it is carried out, and its outcome afterwards: no change is without its audit event.
"""

from collections.abc import Sequence
from typing import Any, Final

from pymongo import UpdateOne

from ...models.documents.account import Account
from ...models.documents.audit import BEGUN, DONE, AuditEvent
from ...models.documents.event import TO_AUDIT, JobEvent
from ...models.documents.moments import object_ids
from ...models.documents.shapes.audit import AuditEventDocument
from ...models.documents.shapes.events import JobEventDocument
from ...models.json import JsonObject
from .collections import collection_of

MOST_COPIED: Final = 500  # events of jobs in one batch

# The mutation by the act in an event of a job.
_ACTIONS: Final = {
    "start": "startJob",
    "pause": "pauseJobs",
    "resume": "resumeJobs",
    "cancel": "cancelJobs",
    "retry": "retryTask",
    "continue": "continueJob",
    "revert": "revertJob",
    "finish": "finishTask",
}


async def store(event: AuditEventDocument) -> None:
    await collection_of(AuditEvent).insert_one(event)


async def conclude(id: str, outcome: str, targets: Sequence[str]) -> None:
    """Store the outcome, once, and what the act made."""
    update: JsonObject = {"$set": {"outcome": outcome}, "$addToSet": {"targets": {"$each": list(targets)}}}
    await collection_of(AuditEvent).update_one({"_id": id, "outcome": BEGUN}, update)


async def copy_acts(jobs: Sequence[str] | None = None) -> int:
    """Copy a batch of acts from events of jobs, of all jobs or of these; the number of events. Repeat until 0."""
    events, audit = collection_of(JobEvent), collection_of(AuditEvent)
    query: JsonObject = {TO_AUDIT: True} if jobs is None else {TO_AUDIT: True, "job": {"$in": list(jobs)}}
    found = [one async for one in events.find(query).limit(MOST_COPIED)]
    if not found:
        return 0
    users = {act["user"] for one in found for act in one.get("acts", []) if act["user"]}
    names = await _usernames(users)
    copies = [copy for one in found for copy in _audit_events(one, names)]
    writes = [UpdateOne({"_id": copy["_id"]}, {"$setOnInsert": copy}, upsert=True) for copy in copies]
    if writes:
        await audit.bulk_write(writes, ordered=False)
    await events.update_many({"_id": {"$in": [one["_id"] for one in found]}}, {"$unset": {TO_AUDIT: ""}})
    return len(found)


def _audit_events(event: JobEventDocument, names: dict[str, str]) -> list[AuditEventDocument]:
    return [
        {
            "_id": f"{event['_id']}/{number}",
            "at": event["stored"],
            "account": act["user"],
            "username": names.get(act["user"]),
            "action": _ACTIONS.get(act["act"], act["act"]),
            "kind": "job",
            "targets": [event["job"]],
            "name": event["name"],
            "task": act["task"],
            "outcome": DONE,
        }
        for number, act in enumerate(event.get("acts", []))
        if act["user"]
    ]


async def _usernames(ids: set[str]) -> dict[str, str]:
    found: Any = collection_of(Account).find({"_id": {"$in": object_ids(ids)}}, {"username": 1})
    return {str(one["_id"]): one["username"] async for one in found}
