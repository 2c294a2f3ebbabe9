"""The least that a server must do: a Starlette handler with the same durable insert, documents mapped by hand.

`python tests/benchmarks/api/bare.py DATABASE`, with MONGODB_URI; it says its port. No sign-in, no events, no engine, no
group commit: each start finds its workflow and inserts one job.
"""

import os
import socket
import sys
import time
from datetime import UTC, datetime
from typing import Any

import orjson
import uvicorn
from bson import ObjectId
from pymongo import AsyncMongoClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PAGE = 100

Document = dict[str, Any]


def job_of(workflow: Document, options: Document) -> Document:
    """The whole job, each task as its author wrote it and with what is known of it."""
    now = datetime.now(UTC)
    tasks = {
        id: {
            **task,
            "taskId": id,
            "status": "incomplete",
            "iterations": [os.urandom(16).hex()],
            "start_time": now if id == "workflow_start" else None,
            "end_time": None,
            "finish_state": None,
            "previous": {"incomplete": [], "complete": [], "error": []},
            "transitions": workflow["transitions"].get(id, {}),
        }
        for id, task in workflow["tasks"].items()
    }
    given = {"variables": options.get("variables") or {}, "groups": options.get("groups") or workflow["groups"]}
    people = {"created_by": "admin", "last_updated_by": "admin"}
    metrics = {"start_time": time.time() * 1000, "end_time": None, "progress": 0.0, "user": "admin", "owner": "admin"}
    return {
        **workflow,
        **given,
        **people,
        "_id": ObjectId(),
        "description": options.get("description"),
        "status": "running",
        "created": now,
        "last_updated": now,
        "error": [],
        "warnings": [],
        "ancestors": [],
        "watchers": [],
        "tasks": tasks,
        "parent": None,
        "metrics": metrics,
    }


def shown(job: Document) -> Document:
    """What the operations of the bench select."""
    metrics = job["metrics"]
    return {
        "id": str(job["_id"]),
        **{name: job.get(key) for name, key in _OF_JOB},
        "createdBy": {"id": job["created_by"]},
        "lastUpdatedBy": {"id": job["last_updated_by"]},
        "metrics": {name: metrics.get(key) for name, key in _OF_METRICS},
        "tasks": [{"id": task["taskId"], **{name: task.get(key) for name, key in _OF_TASK}} for task in _tasks(job)],
    }


def _tasks(job: Document) -> list[Document]:
    return list(job["tasks"].values())


def _names(text: str) -> list[tuple[str, str]]:
    return [(name, key or name) for name, _, key in (one.partition("=") for one in text.split())]


_OF_JOB = _names(
    "name description type status created lastUpdated=last_updated createdVersion lastUpdatedVersion canvasVersion "
    "encodingVersion migrationVersion fontSize=font_size preAutomationTime sla errorHandler"
)
_OF_METRICS = _names("startTime=start_time endTime=end_time progress owner")
_OF_TASK = _names("name canvasName displayName summary description type app location status startTime=start_time x y")


def main(name: str) -> None:
    client: AsyncMongoClient[Document] = AsyncMongoClient(os.environ["MONGODB_URI"], w="majority", journal=True)
    database = client[name]

    def answer(data: Any) -> Response:
        return Response(orjson.dumps({"data": data}, default=str), media_type="application/json")

    async def bring(request: Request) -> Response:
        await database.workflows.insert_one(orjson.loads(await request.body()))
        return answer(None)

    async def start(request: Request) -> Response:
        asked = orjson.loads(await request.body())
        workflow = await database.workflows.find_one({"name": asked["workflow"]})
        assert workflow is not None
        job = job_of(workflow, asked["options"])
        await database.jobs.insert_one(job)
        return answer(shown(job))

    async def raw(request: Request) -> Response:
        return answer(await database.jobs.find({"status": "running"}).sort("_id", -1).limit(PAGE).to_list())

    async def mapped(request: Request) -> Response:
        jobs = await database.jobs.find({"status": "running"}).sort("_id", -1).limit(PAGE).to_list()
        return answer([shown(job) for job in jobs])

    async def one(request: Request) -> Response:
        job = await database.jobs.find_one({"_id": ObjectId(request.path_params["id"])})
        assert job is not None
        return answer(shown(job))

    routes = [
        Route("/workflows", bring, methods=["POST"]),
        Route("/jobs/start", start, methods=["POST"]),
        Route("/jobs/raw", raw),
        Route("/jobs", mapped),
        Route("/jobs/{id}", one),
    ]
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    config = uvicorn.Config(Starlette(routes=routes), access_log=False, log_level="warning", lifespan="off")
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main(sys.argv[1])
