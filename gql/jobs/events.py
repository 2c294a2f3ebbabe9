"""Events of jobs, as subscribers receive them, and the definitions of events."""

from collections.abc import AsyncGenerator, AsyncIterable
from typing import Annotated, cast

import strawberry

from ...models.documents.shapes.events import FollowedEvent
from ...models.documents.stored import from_stored
from ...models.json import is_object
from ...resolvers.jobs import follow
from ...resolvers.jobs import start as jobs
from ..auth.authorization import requires
from ..automations.queries import PairedQuery
from ..context import RequestInfo
from ..enums import FinishState, JobAct, JobStatus, JobTopic, TaskStatus
from ..fields import DocumentedList, as_documented_list, list_field, value_field
from ..scalars import JSON, DateTime
from .inputs import JobEventFilter, event_conditions
from .types import Job


@strawberry.type(description="A change of a task.")
class TaskChange:
    task: strawberry.ID = value_field("task", "The id of the task in the job.")
    name: str | None = value_field("name", "The method that the task calls.")
    status: TaskStatus = value_field("status", "The status of the task after the change.")
    finish_state: FinishState | None = value_field("finish_state", "The outcome of the task.")
    iteration: int = value_field("iteration", "The number of the task's iteration; the first iteration is 1.")


@strawberry.type(description="An action of a person on a job.")
class PersonalAct:
    act: JobAct = value_field("act", "The action.")
    user: strawberry.ID | None = value_field(
        "user", "The account of the person; null where the parent job started the job, or was canceled with the job."
    )
    task: strawberry.ID | None = value_field("task", "The task of the action, for actions on a task.")


async def _job(root: FollowedEvent, info: RequestInfo) -> Job | None:
    return cast(Job | None, await jobs.find_or_none(info.context["services"], info.context["caller"], root["job"]))


async def _latest(root: FollowedEvent) -> bool:
    return await follow.is_latest(root)


@strawberry.type(
    description="An event of a job: one advance of the job's state. The numbers of a job's events "
    "begin with 0 at the start and have no gap."
)
class JobEvent:
    cursor: str = value_field(
        "cursor", "The position of the event; a subscription with `after` continues behind the event."
    )
    number: int = value_field("seq", "The number of the event in the job.")
    job_id: strawberry.ID = value_field("job", "The id of the job.")
    name: str | None = value_field("name", "The name of the job's workflow.")
    status: JobStatus = value_field("status", "The status of the job after the event.")
    topic: JobTopic | None = value_field("topic", "The event of the whole job; null for an event of tasks alone.")
    tasks: list[TaskChange] = list_field("tasks", "The changes of tasks, in order.")
    acts: list[PersonalAct] = list_field(
        "acts", "The actions of people that led to the event, at most 100; empty where the job advanced by itself."
    )
    at: DateTime | None = value_field("stored", "The time of the event.", from_stored)

    latest: bool = strawberry.field(
        resolver=_latest,
        description="Whether the event is the job's latest at the time of the answer. After a later event, an "
        "error of the job is repaired.",
    )
    job: Job | None = strawberry.field(
        resolver=_job,
        description="The job at the time of the answer, possibly after later events. Null for a deleted job.",
    )


@strawberry.type(description="The history of a job: events, the latest first.")
class JobHistory:
    events: list[JobEvent] = list_field("events", "The events, the latest first.")
    has_earlier: bool = value_field("has_earlier", "Whether the job has earlier events than the returned ones.")


async def as_job_events(events: AsyncIterable[FollowedEvent]) -> AsyncGenerator[JobEvent]:
    """Strawberry reads a JobEvent's fields from the stored event; the class has no instances."""
    async for event in events:
        yield cast(JobEvent, event)


@strawberry.type
class EventQueries:
    @strawberry.field(
        extensions=requires("getEvents"),
        description="The definitions of the events that this server publishes, as GET "
        "/operations-manager/events returns the definitions, ordered by topic.",
    )
    def event_definitions(self, query: PairedQuery) -> DocumentedList:
        return as_documented_list(follow.definitions(query if is_object(query) else {}))

    @strawberry.field(
        extensions=requires("getEventDefinition"),
        description="The definition of an event, with the schema of the payload. An unknown event is an error "
        "of code EVENT_NOT_FOUND.",
    )
    def event_definition(
        self,
        event_source: Annotated[
            # Strawberry passes another value as `source` to the extensions of a field.
            str,
            strawberry.argument(name="source", description="The source of the event: `@itential/app-workflow_engine`."),
        ],
        topic: Annotated[
            str, strawberry.argument(description="The topic of the event, such as jobStart or jobComplete.")
        ],
    ) -> JSON:
        return follow.definition(event_source, topic)


After = Annotated[
    str | None,
    strawberry.argument(
        description="The cursor of the last event that the client read: the events after the cursor come first."
    ),
]


@strawberry.type
class EventSubscriptions:
    @strawberry.subscription(
        extensions=requires("getJob"),
        description="The events of one job: all events since the start or since `after`, then live events, "
        "each event once and in order, until the job is complete or canceled.",
    )
    async def job_changed(
        self,
        info: RequestInfo,
        id: Annotated[strawberry.ID, strawberry.argument(description="The job, 24 hex digits.")],
        after: After = None,
    ) -> AsyncGenerator[JobEvent]:
        async for event in as_job_events(
            follow.job_events(info.context["services"], info.context["caller"], id, after)
        ):
            yield event

    @strawberry.subscription(
        extensions=requires("getJobs"),
        description="The events of all jobs, from now on or since `after`, each event once and in order. A "
        "cursor of another server on the same database is valid. The server refuses a cursor that is too old "
        "with CURSOR_LOST.",
    )
    async def jobs_changed(
        self,
        info: RequestInfo,
        filter: Annotated[
            JobEventFilter | None, strawberry.argument(description="Only events that match the filter.")
        ] = None,
        after: After = None,
    ) -> AsyncGenerator[JobEvent]:
        conditions = event_conditions(filter)
        async for event in as_job_events(
            follow.all_events(info.context["services"], info.context["caller"], conditions, after)
        ):
            yield event
