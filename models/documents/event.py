"""Events of jobs, one document per advance: subscribers receive them in the order in which they were stored."""

from datetime import datetime
from typing import ClassVar

from beanie import Document
from pydantic import ConfigDict, Field
from pymongo import ASCENDING, IndexModel

from ..engine.changes import TaskChange
from ..engine.lifecycle import JobStatus
from ..json import JsonObject
from .moments import moment
from .shapes.events import Act, JobEventDocument
from .shapes.jobs import JobHeader

KEPT_SECONDS = 30 * 24 * 3600
TO_AUDIT = "to_audit"
MOST_ACTS = 100  # of one event
SOURCE = "@itential/app-workflow_engine"  # the documented source of what happens to jobs
MEANINGS = {
    "jobStart": "A job started.",
    "jobComplete": "A job reached its end.",
    "jobError": "A job cannot go on until somebody repairs it.",
    "jobFix": "A job in error goes on: a task was retried, or the job reverted or continued.",
    "jobPause": "Nothing new starts in a job.",
    "jobResume": "A paused job goes on.",
    "jobCancel": "A job was ended.",
}
TOPICS = tuple(MEANINGS)


class JobEvent(Document):
    """`_id` is `<job>/<seq>`: an event that is stored again, after a crash, is the same one.

    `seq` counts the writes of a job from 0, its start, without a gap. `tasks` are the task changes of the advance.
    """

    id: str = Field()  # pyright: ignore[reportIncompatibleVariableOverride, reportGeneralTypeIssues] -- text, as said
    job: str
    seq: int | None = None  # a nudge has none: it is only for the process that runs the job

    model_config = ConfigDict(extra="allow")

    class Settings:
        name = "job_events"
        indexes: ClassVar = [
            IndexModel([("job", ASCENDING), ("seq", ASCENDING)], name="job_seq"),
            IndexModel([("stored", ASCENDING)], name="kept", expireAfterSeconds=KEPT_SECONDS),
            IndexModel([(TO_AUDIT, ASCENDING)], name=TO_AUDIT, sparse=True),
        ]


def event_definition(topic: str) -> JsonObject:
    """The documented definition of a topic's events."""
    text: JsonObject = {"type": "string"}
    fields: JsonObject = {"_id": text, "name": text, "type": text, "status": text, "tasks": {"type": "object"}}
    job: JsonObject = {"type": "object", "required": ["_id", "name", "type", "tasks"], "properties": fields}
    return {
        "source": SOURCE,
        "topic": topic,
        "description": MEANINGS[topic],
        "schema": {"type": "object", "required": ["job"], "properties": {"job": job}},
    }


def topic_of(before: str | None, status: str) -> str | None:
    """The documented topic of a change of the job's status; None if only tasks changed.

    See reference/rest-api.md#events.
    """
    if before is None:
        return "jobStart"
    if status == before:
        return None
    if status == "running":
        return "jobResume" if before == "paused" else "jobFix"
    return {"complete": "jobComplete", "error": "jobError", "paused": "jobPause", "canceled": "jobCancel"}.get(status)


def start_event(header: JobHeader) -> JobEventDocument:
    """The event of a job's start, made from a header of any later moment."""
    metrics = header["metrics"]
    starter = None if header.get("parent") else metrics.get("user")
    acts: list[Act] = [{"act": "start", "user": starter, "task": None}]
    return job_event(header, 0, None, "running", [], moment(metrics["start_time"]), acts)


def job_event(
    header: JobHeader,
    seq: int,
    before: str | None,
    status: JobStatus,
    tasks: list[TaskChange],
    at: datetime,
    acts: list[Act] | None = None,
) -> JobEventDocument:
    """The event of an advance. It has the fields of the job that filters of subscriptions use.

    `before` is the status until then, None for the start. `acts` are the acts of people that led to the advance.
    """
    ancestors, parent = header.get("ancestors"), header.get("parent")
    event: JobEventDocument = {
        "_id": f"{header['_id']}/{seq}",
        "job": header["_id"],
        "seq": seq,
        "topic": topic_of(before, status),
        "status": status,
        "tasks": tasks,
        "name": header.get("name"),
        "type": header.get("type"),
        "groups": header.get("groups") or [],
        "root": ancestors[0] if ancestors else header["_id"],
        "parent": parent["job"] if parent else None,
        "user": header["metrics"].get("user"),
        "stored": at,
    }
    if acts:
        event["acts"] = acts[:MOST_ACTS]
        if any(act["user"] for act in acts[:MOST_ACTS]):
            event["to_audit"] = True
    return event
