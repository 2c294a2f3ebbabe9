"""Events of jobs, as subscribers receive them, and the events that one may listen for."""

from collections.abc import AsyncGenerator, AsyncIterable
from typing import Annotated, cast

import strawberry

from ...models.documents.shapes.events import FollowedEvent
from ...models.documents.stored import from_stored
from ...models.json import is_object
from ...resolvers.jobs import follow
from ...resolvers.jobs import start as jobs
from ..auth.permissions import requires
from ..automations.queries import PairedQuery
from ..context import RequestInfo
from ..enums import FinishState, JobAct, JobStatus, JobTopic, TaskStatus
from ..fields import DocumentedList, as_documented_list, list_field, value_field
from ..scalars import JSON, DateTime
from .types import Job


@strawberry.type(description="What became of a task.")
class TaskChange:
    task: strawberry.ID = value_field("task", "The id of the task in its job.")
    name: str | None = value_field("name", "The method it calls.")
    status: TaskStatus = value_field("status", "What it is doing now.")
    finish_state: FinishState | None = value_field("finish_state", "How it ended.")
    iteration: int = value_field("iteration", "Which of its iterations this is about; 1 is the first.")


@strawberry.type(description="What a person did with a job.")
class PersonalAct:
    act: JobAct = value_field("act", "What the person did.")
    user: strawberry.ID | None = value_field(
        "user", "The account; null where the job was started by, or canceled with, the job above it."
    )
    task: strawberry.ID | None = value_field("task", "The task that it was about, where it was about one.")


async def _job(root: FollowedEvent, info: RequestInfo) -> Job | None:
    return cast(Job | None, await jobs.find_or_none(info.context["services"], info.context["caller"], root["job"]))


async def _latest(root: FollowedEvent) -> bool:
    return await follow.is_latest(root)


@strawberry.type(description="One advance of a job. A job's events are numbered from 0, its start, without a gap.")
class JobEvent:
    cursor: str = value_field("cursor", "Follow `after` it to go on behind this event.")
    number: int = value_field("seq", "The number of the event in its job.")
    job_id: strawberry.ID = value_field("job", "The job.")
    name: str | None = value_field("name", "The name of its workflow.")
    status: JobStatus = value_field("status", "What the job does since then.")
    topic: JobTopic | None = value_field("topic", "What happened to the job as a whole; null: only to tasks of it.")
    tasks: list[TaskChange] = list_field("tasks", "The changes of its tasks, in order.")
    acts: list[PersonalAct] = list_field(
        "acts", "What people did that led to it, at most 100; empty where the job went on by itself."
    )
    at: DateTime | None = value_field("stored", "When it happened.", from_stored)

    latest: bool = strawberry.field(
        resolver=_latest,
        description="Whether nothing has happened to the job since, as it is when this is read. An error of a job is "
        "over where something has: somebody repaired it.",
    )
    job: Job | None = strawberry.field(
        resolver=_job,
        description="The job as it is when this is read, which may be further on. Null when it was deleted.",
    )


@strawberry.type(description="What happened to a job, the latest first.")
class JobHistory:
    events: list[JobEvent] = list_field("events", "The events, the latest first.")
    has_earlier: bool = value_field("has_earlier", "Whether there are events before these.")


async def as_job_events(events: AsyncIterable[FollowedEvent]) -> AsyncGenerator[JobEvent]:
    """Strawberry reads a JobEvent's fields from the stored event: no object of the class is ever made."""
    async for event in events:
        yield cast(JobEvent, event)


@strawberry.type
class EventQueries:
    @strawberry.field(
        extensions=requires("getEvents"),
        description="The events that this server tells as GET /operations-manager/events answers them, by topic.",
    )
    def event_definitions(self, query: PairedQuery) -> DocumentedList:
        return as_documented_list(follow.definitions(query if is_object(query) else {}))

    @strawberry.field(
        extensions=requires("getEventDefinition"),
        description="One of them, with the schema of what it tells. An unknown one is an error of code "
        "EVENT_NOT_FOUND.",
    )
    def event_definition(
        self,
        event_source: Annotated[
            # What strawberry hands to the checks of a field calls something else `source`.
            str, strawberry.argument(name="source", description="`@itential/app-workflow_engine`.")
        ],
        topic: Annotated[str, strawberry.argument(description="jobStart, jobComplete and so on.")],
    ) -> JSON:
        return cast(JSON, follow.definition(event_source, topic))
