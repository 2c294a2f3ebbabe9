"""What jobs of an earlier release were doing when its server was killed, today's server does to the end.

`record` made them. All are restored into one database, and one server goes on with them at once.
"""

import asyncio
from collections import Counter
from collections.abc import Generator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bson import json_util
from jobyard.models.documents.state_version import STATE_VERSION, VERSION_KEY
from jobyard.models.errors import Problem
from jobyard.models.json import JsonObject, object_at
from jobyard.models.settings import Settings
from jobyard.models.visibility import SYSTEM
from jobyard.resolvers.jobs import control
from jobyard.resolvers.jobs import start as jobs
from jobyard.resolvers.lifespan import open_services
from jobyard.resolvers.services import Services
from jobyard.resolvers.store.tasks import UNCLAIMED
from jobyard.resolvers.tasks import work as tasks
from jobyard.resolvers.tasks.work import Answer
from jobyard.resolvers.workflows import imports as workflows
from pymongo import MongoClient
from pymongo.database import Database

from ..doors import JumpingClock
from ..endpoints import Server, answering, replying
from .cases import CASES, FAILING, NEVER, YES

pytestmark = pytest.mark.anyio

FOLDER = Path(__file__).parent / "jobs"
PATIENCE = 40  # seconds for all of them together
ACTIVE = ("running", "paused", "error")
OPEN = ("running", "incomplete")  # of a task; an iteration is incomplete, too, that was taken back


@pytest.fixture
def endpoint() -> Generator[Server]:
    with answering(replying({"state": "success", "outgoing": {"result": "done"}})) as server:
        yield server


@pytest.fixture
def settings(kept: Settings, endpoint: Server, tmp_path: Path) -> Settings:
    entries = "".join(f"  - {{app: {app}, url: '{endpoint.address}'}}\n" for app in (NEVER, FAILING))
    providers = tmp_path / "providers.yaml"
    providers.write_text(f"providers:\n{entries}")
    return replace(kept, providers=providers, lease=400)


def recorded(name: str) -> dict[str, list[Any]]:
    return json_util.loads((FOLDER / f"{name}.json").read_text())


def restore(database: Database[dict[str, Any]], name: str) -> None:
    """The jobs last: who sees one may go on with it at once."""
    for collection, documents in reversed(recorded(name).items()):
        if documents:
            database[collection].insert_many(documents)


async def push_on(services: Services, database: Database[dict[str, Any]]) -> None:
    """Do what people do: answer, resume, retry; what goes on meanwhile is found at the next call."""
    for job in list(database["jobs"].find({"status": {"$in": ["paused", "error"]}}, {"status": 1, "tasks": 1})):
        try:
            if job["status"] == "paused":
                await control.command(services, SYSTEM, job["_id"], control.RESUME)
            for id, task in job["tasks"].items() if job["status"] == "error" else ():
                if task.get("status") == "error":
                    await control.retry_task(services, SYSTEM, job["_id"], id, {"fate": "success"})
        except Problem:
            continue  # somebody else did it
    waiting = {"waits_for": "person", "answer": {"$exists": False}}
    for one in list(database["tasks"].find(waiting, {"job": 1, "metrics.owner": 1})):
        owner = one["metrics"].get("owner")
        caller = SYSTEM if owner in UNCLAIMED else replace(SYSTEM, account_id=owner)
        try:
            await tasks.finish(services, caller, one["job"]["_id"], one["job"]["task"], Answer("success", {**YES}))
        except Problem:
            continue


async def driven(services: Services, database: Database[dict[str, Any]]) -> None:
    """Return once all is over, or what is left does not get there in time: it is told among the faults."""
    alive = {"$or": [{"status": {"$in": list(ACTIVE)}}, {"lease": {"$exists": True}}]}
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while database["jobs"].find_one(alive):
                await push_on(services, database)
                await asyncio.sleep(0)


async def faults_of(services: Services, database: Database[dict[str, Any]], name: str) -> list[str]:
    """What is not as it would be if no server had been killed."""
    case, faults = CASES[name], list[str]()
    root = database["jobs"].find_one({"name": name})
    assert root is not None
    family = list(database["jobs"].find({"ancestors": root["_id"]}))
    shown = await jobs.find(services, SYSTEM, root["_id"])
    if shown["status"] != case.status:
        faults.append(f"{shown['status']}: {shown.get('error')}")
    if wrong := {
        key: value for key, value in (await whole(services, root)).items() if case.ends.get(key, value) != value
    }:
        faults.append(f"its variables are {wrong}")
    faults += [f"{key} is missing" for key in case.ends.keys() - shown["variables"].keys()]
    told = shown["variables"]
    if "s3cret" in (told.get("password"), object_at(told, "details").get("password")):
        faults.append("a secret is shown")
    faults += [f"shows {key}" for key in (VERSION_KEY, "seq", "outbox", "lease") if key in shown]
    ended = [job for job in family if job["status"] == "complete"]
    faults += [f"its child {job['name']} is {job['status']}" for job in family if job["status"] in ACTIVE]
    for job in ended:
        faults += [f"task {id} is {task['status']}" for id, task in job["tasks"].items() if task.get("status") in OPEN]
    ids = [job["_id"] for job in family]
    for one in database["tasks"].find({"job._id": {"$in": ids}}):
        over = one["job"]["_id"] in {job["_id"] for job in ended}
        if over and (one["status"] == "running" or one.get("waits_for")):
            faults.append(f"iteration {one['iteration']} of {one['job']['task']} is {one['status']}")
        if "answer" in one:
            faults.append(f"{one['job']['task']} has an answer")
    for job in family:
        events = [one["seq"] for one in database["job_events"].find({"job": job["_id"], "seq": {"$exists": True}})]
        if Counter(events) != Counter(range(job["seq"] + 1)):
            faults.append(f"{job['name']} told {sorted(events)} of {job['seq']}")
        if job.get("inbox"):
            faults.append(f"its inbox holds {job['inbox']}")
    return faults


async def whole(services: Services, job: JsonObject) -> JsonObject:
    found = await services.jobs.find(job["_id"])
    assert found is not None
    return found["variables"]


async def test_what_an_earlier_release_left_goes_on_to_its_end(
    settings: Settings, mongodb: MongoClient[dict[str, Any]]
) -> None:
    database = mongodb[settings.database]
    async with open_services(settings, JumpingClock()) as services:
        await workflows.import_documents([document for case in CASES.values() for document in case.workflows])
        for name in CASES:
            restore(database, name)
        moved = {one["_id"]: one["seq"] for name in CASES for one in recorded(name)["jobs"]}
        await driven(services, database)
        faults = {name: found for name in CASES if (found := await faults_of(services, database, name))}
    assert not faults, "\n".join(f"{name}: {found}" for name, found in faults.items())
    for job in database["jobs"].find({}, {"seq": 1, VERSION_KEY: 1}):
        if job["seq"] > moved.get(job["_id"], -1):
            assert job[VERSION_KEY] == STATE_VERSION


def test_every_case_is_recorded() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(CASES)
