"""Strawberry and Beanie as their documentation has them: the work of bare.py over GraphQL.

`python tests/benchmarks/api/peers/stock.py DATABASE`, with MONGODB_URI; it says its address.
"""

import os
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

import strawberry
import uvicorn
from beanie import Document, PydanticObjectId, init_beanie
from pydantic import BaseModel, ConfigDict
from pymongo import AsyncMongoClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from strawberry.asgi import GraphQL
from strawberry.scalars import JSON

sys.path.insert(0, str(Path(__file__).parents[4]))

from tests.benchmarks.api.bare import job_of


class StoredWorkflow(Document):
    model_config = ConfigDict(extra="allow")
    name: str
    tasks: dict[str, dict[str, Any]]
    transitions: dict[str, Any]
    groups: list[str]

    class Settings:
        name = "workflows"


class StoredTask(BaseModel):
    model_config = ConfigDict(extra="allow")
    taskId: str  # noqa: N815 -- as it is stored
    status: str
    name: str | None = None
    start_time: datetime | None = None


class StoredJob(Document):
    model_config = ConfigDict(extra="allow")
    name: str
    status: str
    created: datetime
    last_updated: datetime
    created_by: str
    last_updated_by: str
    tasks: dict[str, StoredTask]
    metrics: dict[str, Any]

    class Settings:
        name = "jobs"


@strawberry.enum
class JobStatus(Enum):
    RUNNING = "running"


@strawberry.input
class JobFilter:
    status: list[JobStatus] | None = None


@strawberry.input
class StartJobOptions:
    description: str | None = None
    variables: JSON | None = None
    groups: list[strawberry.ID] | None = None


@strawberry.type
class User:
    id: strawberry.ID


@strawberry.type
class JobMetrics:
    start_time: float | None
    end_time: float | None
    progress: float | None
    owner: strawberry.ID | None


@strawberry.type
class Task:
    id: strawberry.ID
    name: str | None
    canvas_name: str | None
    display_name: str | None
    summary: str | None
    description: str | None
    type: str | None
    app: str | None
    location: str | None
    status: str
    start_time: datetime | None
    x: float | None
    y: float | None


@strawberry.type
class Job:
    id: strawberry.ID
    name: str
    description: str | None
    type: str | None
    status: str
    created: datetime
    last_updated: datetime
    created_version: str | None
    last_updated_version: str | None
    canvas_version: float | None
    encoding_version: int | None
    migration_version: int | None
    font_size: int | None
    pre_automation_time: float | None
    sla: float | None
    created_by: User | None
    last_updated_by: User | None
    error_handler: strawberry.ID | None
    metrics: JobMetrics
    tasks: list[Task]


@strawberry.type
class JobEdge:
    cursor: str
    node: Job


@strawberry.type
class JobConnection:
    edges: list[JobEdge]


def task_shown(task: StoredTask) -> Task:
    more = task.model_extra or {}
    same = {key: more.get(key) for key in ("summary", "description", "type", "app", "location", "x", "y")}
    return Task(
        id=strawberry.ID(task.taskId),
        name=task.name,
        canvas_name=more.get("canvasName"),
        display_name=more.get("displayName"),
        status=task.status,
        start_time=task.start_time,
        **same,
    )


def shown(job: StoredJob) -> Job:
    more, metrics = job.model_extra or {}, job.metrics
    return Job(
        id=strawberry.ID(str(job.id)),
        name=job.name,
        description=more.get("description"),
        type=more.get("type"),
        status=job.status,
        created=job.created,
        last_updated=job.last_updated,
        created_version=more.get("createdVersion"),
        last_updated_version=more.get("lastUpdatedVersion"),
        canvas_version=more.get("canvasVersion"),
        encoding_version=more.get("encodingVersion"),
        migration_version=more.get("migrationVersion"),
        font_size=more.get("font_size"),
        pre_automation_time=more.get("preAutomationTime"),
        sla=more.get("sla"),
        created_by=User(id=strawberry.ID(job.created_by)),
        last_updated_by=User(id=strawberry.ID(job.last_updated_by)),
        error_handler=more.get("errorHandler"),
        metrics=JobMetrics(
            start_time=metrics.get("start_time"),
            end_time=metrics.get("end_time"),
            progress=metrics.get("progress"),
            owner=metrics.get("owner"),
        ),
        tasks=[task_shown(task) for task in job.tasks.values()],
    )


@strawberry.type
class Query:
    @strawberry.field
    async def job(self, id: strawberry.ID) -> Job | None:
        found = await StoredJob.get(PydanticObjectId(id))
        return shown(found) if found else None

    @strawberry.field
    async def jobs(self, first: int, filter: JobFilter | None = None) -> JobConnection:
        found = await StoredJob.find(StoredJob.status == "running").sort("-_id").limit(first).to_list()
        return JobConnection(edges=[JobEdge(cursor=str(one.id), node=shown(one)) for one in found])


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def start_job(self, workflow: str, options: StartJobOptions) -> Job | None:
        found = await StoredWorkflow.find_one(StoredWorkflow.name == workflow)
        assert found is not None
        job = StoredJob(**job_of(found.model_dump(exclude={"id"}), vars(options)))
        await job.insert()
        return shown(job)


async def bring(request: Request) -> JSONResponse:
    await StoredWorkflow(**await request.json()).insert()
    return JSONResponse({})


def main(name: str) -> None:
    client: AsyncMongoClient[Any] = AsyncMongoClient(os.environ["MONGODB_URI"], w="majority", journal=True)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None]:
        await init_beanie(database=client[name], document_models=[StoredWorkflow, StoredJob])
        yield

    graphql: Any = GraphQL(strawberry.Schema(Query, Mutation))
    routes = [Route("/workflows", bring, methods=["POST"]), Route("/graphql", graphql)]
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    config = uvicorn.Config(Starlette(routes=routes, lifespan=lifespan), access_log=False, log_level="warning")
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main(sys.argv[1])
