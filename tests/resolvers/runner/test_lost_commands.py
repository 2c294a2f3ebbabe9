"""Whatever single command of the database is lost, or its answer, what was started goes on: once, and to its end."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from jobyard.models.documents.new_job import JobRequest
from jobyard.models.errors import TaskNotFound, TaskNotWaiting
from jobyard.models.settings import Settings
from jobyard.models.visibility import SYSTEM
from jobyard.resolvers.jobs import start as jobs
from jobyard.resolvers.jobs.admission import Arrival
from jobyard.resolvers.lifespan import open_services
from jobyard.resolvers.services import Services
from jobyard.resolvers.tasks import work as tasks
from jobyard.resolvers.tasks.work import Answer
from jobyard.resolvers.workflows import imports as workflows
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import PyMongoError

from ...documents import chain, task
from ...endpoints import answering, replying
from ...mongo_proxy import Command, MongoProxy, mongo_proxy

pytestmark = pytest.mark.anyio

LEASE = 400  # milliseconds: a sweep looks four times as often
PATIENCE = 60  # seconds that a run may take on a busy machine
RUNS_AND_DRIVERS_OWN = 2  # the driver repeats a command once by itself
# What goes on beside jobs, or is asked by the server for itself.
NOT_OF_JOBS = ("servers", "accounts", "groups", "roles", "tokens", "workflows", "automations", "triggers")
COMMANDS = ("find", "insert", "update", "findAndModify")
CHILDREN = 2

Lost = tuple[str, str, int]  # the command's name, its collection, and which one of these it is


def family() -> list[dict[str, Any]]:
    """A job that asks a person, starts children from the answer, waits for a moment, and copies what it was told."""
    view = {**task("ViewData", header="h", message="m", body="b", outgoing={"choice": "$var.job.choice"})}
    loop = task(
        "childJob", task="", workflow="leaf", variables={}, transformation="", loopType="parallel",
        data_array=[{"n": number} for number in range(CHILDREN)],
    )  # fmt: skip
    leaf = chain("leaf", a1=task("newVariable", name="x", value=1), b2=task("delay", time=0))
    copied = task("newVariable", name="copied", value="$var.job.choice")
    return [leaf, chain("top", a1={**view, "type": "manual"}, b2=loop, c3=task("delay", time=0), d4=copied)]


async def ended(services: Services, database: Database[dict[str, Any]], *, key: str) -> dict[str, Any]:
    """Start the family, answer as its person, and return its root once it is over; both repeat what failed."""
    request = JobRequest("top", "ada", account="ada", idempotency_key=key)
    started = await repeated(lambda: jobs.start(services, SYSTEM, request, Arrival()))
    answer = Answer("success", {"choice": f"said to {key}"})
    await repeated(lambda: answered(services, started["_id"], answer))
    family = {"ancestors": started["_id"]}
    while database["jobs"].find_one(  # noqa: ASYNC110 -- each look is a command of its own, beside the proxy
        {**family, "$or": [{"status": "running"}, {"lease": {"$exists": True}}]}
    ):
        await asyncio.sleep(0)
    root = database["jobs"].find_one({"_id": started["_id"]})
    assert root is not None
    return root


async def answered(services: Services, job_id: str, answer: Answer) -> None:
    try:
        await tasks.finish(services, SYSTEM, job_id, "a1", answer)
    except TaskNotWaiting as refusal:
        if "not been reached" in refusal.message:
            raise


async def repeated(act: Callable[[], Awaitable[Any]]) -> Any:
    """As a client does it: until it is acknowledged."""
    while True:
        try:
            return await act()
        except (PyMongoError, TaskNotWaiting, TaskNotFound):
            await asyncio.sleep(0)


def judge(database: Database[dict[str, Any]], root: dict[str, Any], key: str) -> list[str]:
    """What is not as it would be without the loss."""
    faults: list[str] = []
    family = list(database["jobs"].find({"ancestors": root["_id"]}))
    iterations = list(database["tasks"].find({"job.ancestors": root["_id"]}))
    if root["status"] != "complete" or len(family) != 1 + CHILDREN:
        faults.append(f"{root['status']} with {len(family)} jobs: {root.get('error')}")
    if root["variables"].get("copied") != f"said to {key}":
        faults.append(f"the answer became {root['variables'].get('copied')!r}")
    faults += [f"{one['job']['task']} is {one['status']}" for one in iterations if one["status"] != "complete"]
    faults += [f"{one['job']['task']} has an answer" for one in iterations if "answer" in one]
    counts = Counter((one["job"]["_id"], one["job"]["task"]) for one in iterations)
    if len(counts) != 4 + 2 * CHILDREN or set(counts.values()) != {1}:
        faults.append(f"iterations {counts}")
    for job in family:
        told = [one["seq"] for one in database["job_events"].find({"job": job["_id"], "seq": {"$exists": True}})]
        if sorted(told) != list(range(job["seq"] + 1)):
            faults.append(f"{job['name']} told {sorted(told)} of {job['seq']}")
    return faults


class Watch:
    """Counts the commands that concern jobs, and names them."""

    def __init__(self, lost: Lost | None = None) -> None:
        self.seen: Counter[tuple[str, str]] = Counter()
        self._lost = lost
        self._id: Any = None

    def matches(self, name: str, command: Command) -> bool:
        collection = str(command.get(name))
        if name not in COMMANDS or collection in NOT_OF_JOBS:
            return False
        repeated = self._id is not None and (command.get("txnNumber"), command["lsid"]["id"]) == self._id
        if not repeated:
            self.seen[name, collection] += 1
        if repeated or (self._lost == (name, collection, self.seen[name, collection])):
            self._id = (command.get("txnNumber"), command["lsid"]["id"]) if "txnNumber" in command else None
            return True
        return False


def all_lost(seen: Counter[tuple[str, str]]) -> list[Lost]:
    return [(name, collection, number + 1) for (name, collection), times in seen.items() for number in range(times)]


@pytest.fixture
def database(mongodb: MongoClient[dict[str, Any]], new_database: str) -> Database[dict[str, Any]]:
    return mongodb[new_database]


async def run(proxy: MongoProxy, database: Database[dict[str, Any]], lost: Lost | None, *, before: bool) -> Watch:
    """One run of the family on a server of its own, with one command lost; assert that nothing came of it."""
    settings = Settings(mongodb_uri=proxy.uri, database=database.name, lease=LEASE)
    key = f"{lost} {before}"
    watch = Watch(lost)
    async with open_services(settings) as services, asyncio.timeout(PATIENCE):
        await workflows.import_documents(family())
        proxy.faults.clear()
        fault = proxy.lose(watch.matches, before=before, times=RUNS_AND_DRIVERS_OWN)
        root = await ended(services, database, key=key)
        fault.times = 0
    assert judge(database, root, key) == [], key
    return watch


@pytest.mark.timeout(400)  # it runs once for each command
@pytest.mark.parametrize("before", [True, False], ids=["before it is carried out", "its answer"])
async def test_a_lost_command_loses_nothing_else(
    mongodb_uri: str, database: Database[dict[str, Any]], before: bool
) -> None:
    async with mongo_proxy(mongodb_uri) as proxy:
        seen = (await run(proxy, database, None, before=before)).seen
        assert sum(seen.values()) > 10
        for lost in all_lost(seen):
            await run(proxy, database, lost, before=before)


@pytest.mark.parametrize("before", [True, False], ids=["before it is carried out", "its answer"])
async def test_what_a_provider_answered_is_kept_until_it_is_stored(
    mongodb_uri: str, database: Database[dict[str, Any]], tmp_path: Path, before: bool
) -> None:
    push = {**task("push", app="Device", outgoing={"seen": "$var.job.seen"}), "location": "Adapter"}
    with answering(replying({"state": "success", "outgoing": {"seen": 1}})) as provider:
        (tmp_path / "providers.yaml").write_text(f"providers: [{{app: Device, url: {provider.address}}}]")
        async with mongo_proxy(mongodb_uri) as proxy:
            settings = Settings(
                mongodb_uri=proxy.uri, database=database.name, lease=LEASE, providers=tmp_path / "providers.yaml"
            )
            async with open_services(settings) as services, asyncio.timeout(PATIENCE):
                await workflows.import_documents([chain("push", a1=push)])
                lost = proxy.lose(
                    lambda name, command: name == "findAndModify" and command.get(name) == "jobs",
                    before=before, times=RUNS_AND_DRIVERS_OWN,
                )  # fmt: skip
                started = await jobs.start(services, SYSTEM, JobRequest("push", "ada"), Arrival())
                await services.runner.wait_stopped(started["_id"])
                await lost.happened.wait()
        found = database["jobs"].find_one({"_id": started["_id"]})
        assert found is not None
        assert (found["status"], found["variables"].get("seen")) == ("complete", 1)
        assert len(provider.asked) == 1
