"""A job that merely waits is not built up, and whatever happens to it wakes it."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
from jobyard.models.documents.commands import inbox_entry
from jobyard.models.documents.new_job import JobRequest
from jobyard.models.engine.events import Canceled
from jobyard.models.settings import Settings
from jobyard.models.visibility import SYSTEM
from jobyard.resolvers.jobs import control
from jobyard.resolvers.jobs import start as jobs
from jobyard.resolvers.jobs.admission import Arrival
from jobyard.resolvers.lifespan import open_services
from jobyard.resolvers.runner import dependencies
from jobyard.resolvers.runner.embedded import EmbeddedRunner
from jobyard.resolvers.services import Services
from jobyard.resolvers.tasks import work as tasks
from jobyard.resolvers.tasks.work import Answer
from jobyard.resolvers.workflows import imports as workflows
from pymongo import MongoClient
from pymongo.database import Database

from ...documents import chain, task
from ...mongo_proxy import mongo_proxy
from .test_lost_commands import RUNS_AND_DRIVERS_OWN, Watch, all_lost

pytestmark = pytest.mark.anyio

LEASE = 400
PATIENCE = 30
FAR = 10_000_000  # seconds

Stored = Database[dict[str, Any]]


def asking() -> dict[str, Any]:
    return {**task("ViewData", header="h", message="m", body="b"), "type": "manual"}


def waiting() -> list[dict[str, Any]]:
    child = task("childJob", task="", workflow="asks", variables={}, data_array="", transformation="", loopType="")
    return [
        chain("asks", a1=asking(), b2=task("newVariable", name="x", value=1)),
        chain("delays", a1=task("delay", time=FAR), b2=task("newVariable", name="x", value=1)),
        chain("parent", a1=child),
    ]


class SteppedClock:
    """Goes on when it is told to."""

    def __init__(self) -> None:
        self.at = 1_733_346_922_873
        self._moved = asyncio.Event()

    def now(self) -> int:
        return self.at

    async def sleep_until(self, at: int) -> None:
        while self.at < at:
            await self._moved.wait()

    def go_on(self, milliseconds: int) -> None:
        self.at += milliseconds
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()


@pytest.fixture
def database(mongodb: MongoClient[dict[str, Any]], new_database: str) -> Stored:
    return mongodb[new_database]


@pytest.fixture(autouse=True)
def soon_asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependencies, "REST_AFTER_SECONDS", 0.05)


@asynccontextmanager
async def server(uri: str, database: Stored, clock: SteppedClock | None = None) -> AsyncGenerator[Services]:
    async with open_services(Settings(mongodb_uri=uri, database=database.name, lease=LEASE), clock) as services:
        yield services


@pytest.fixture(params=["in memory", "in a database"])
async def here(
    request: pytest.FixtureRequest, mongodb_uri: str, new_database: str
) -> AsyncGenerator[tuple[Services, SteppedClock]]:
    """One server, on each kind of store."""
    clock = SteppedClock()
    memory = request.param == "in memory"
    settings = (
        Settings(memory=True) if memory else Settings(mongodb_uri=mongodb_uri, database=new_database, lease=LEASE)
    )
    async with open_services(settings, clock) as services, asyncio.timeout(PATIENCE):
        await workflows.import_documents(waiting())
        yield services, clock


def runner(services: Services) -> EmbeddedRunner:
    return cast(EmbeddedRunner, services.runner)


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 -- there is no event for what is seen from outside
        await asyncio.sleep(0.01)


async def started(services: Services, workflow: str) -> str:
    job = await jobs.start(services, SYSTEM, JobRequest(workflow, "ada", account="ada"), Arrival())
    return str(job["_id"])


async def asleep(services: Services, workflow: str) -> str:
    job_id = await started(services, workflow)
    await until(lambda: runner(services).is_dormant(job_id))
    return job_id


async def answered(services: Services, job_id: str) -> dict[str, Any]:
    return await tasks.finish(services, SYSTEM, job_id, "a1", Answer("success", {}))


async def ended(services: Services, job_id: str) -> str:
    await runner(services).wait_stopped(job_id)
    found = await services.jobs.find(job_id)
    assert found is not None
    return str(found["status"])


async def child_of(services: Services, job_id: str) -> str:
    found = await services.store.database["jobs"].find_one({"parent.job": job_id}, {"_id": 1})
    return str(found["_id"])


async def test_an_answer_wakes_a_job_and_what_follows_is_stored_when_it_returns(
    here: tuple[Services, SteppedClock],
) -> None:
    services, _ = here
    job_id = await asleep(services, "asks")
    job = await answered(services, job_id)
    assert job["tasks"]["a1"]["status"] == "complete"
    assert await ended(services, job_id) == "complete"


async def test_a_job_sleeps_until_its_moment_and_no_longer(here: tuple[Services, SteppedClock]) -> None:
    services, clock = here
    job_id = await asleep(services, "delays")
    clock.go_on(FAR * 1000 - 1)
    await asyncio.sleep(0)
    assert runner(services).is_dormant(job_id)
    clock.go_on(1)
    assert await ended(services, job_id) == "complete"


async def test_a_child_that_ends_wakes_its_parent(here: tuple[Services, SteppedClock]) -> None:
    services, _ = here
    parent = await asleep(services, "parent")
    child = await child_of(services, parent)
    await until(lambda: runner(services).is_dormant(child))
    await answered(services, child)
    assert await ended(services, parent) == "complete"


async def test_a_job_is_paused_and_resumed_in_its_sleep(here: tuple[Services, SteppedClock]) -> None:
    services, _ = here
    job_id = await asleep(services, "asks")
    assert (await control.command(services, SYSTEM, job_id, control.PAUSE))["status"] == "paused"
    await until(lambda: runner(services).is_dormant(job_id))
    assert (await control.command(services, SYSTEM, job_id, control.RESUME))["status"] == "running"
    await until(lambda: runner(services).is_dormant(job_id))
    await answered(services, job_id)
    assert await ended(services, job_id) == "complete"


async def test_a_canceled_parent_takes_its_sleeping_children_with_it(here: tuple[Services, SteppedClock]) -> None:
    services, _ = here
    parent = await asleep(services, "parent")
    child = await child_of(services, parent)
    await until(lambda: runner(services).is_dormant(child))
    assert (await control.command(services, SYSTEM, parent, control.CANCEL))["status"] == "canceled"
    assert await ended(services, child) == "canceled"


async def left_behind(uri: str, database: Stored, clock: SteppedClock) -> dict[str, str]:
    """Jobs by workflow, of a server that is gone."""
    async with server(uri, database, clock) as services:
        await workflows.import_documents(waiting())
        found = {name: await started(services, name) for name in ("asks", "delays", "parent")}
        await until(lambda: database["jobs"].count_documents({"parent.job": found["parent"]}) == 1)
        found["child"] = await child_of(services, found["parent"])
        await runner(services).wait_first_save(found["child"])
    return found


def epochs(database: Stored) -> set[int]:
    return {one["lease"]["epoch"] for one in database["jobs"].find()}


async def test_waiting_jobs_are_adopted_asleep_and_each_way_wakes_them(mongodb_uri: str, database: Stored) -> None:
    clock = SteppedClock()
    left = await left_behind(mongodb_uri, database, clock)
    async with server(mongodb_uri, database, clock) as services, asyncio.timeout(PATIENCE):
        await until(lambda: all(map(runner(services).is_dormant, left.values())))
        assert epochs(database) == {2}
        await answered(services, left["child"])
        assert await ended(services, left["parent"]) == "complete"
        assert (await control.command(services, SYSTEM, left["asks"], control.CANCEL))["status"] == "canceled"
        clock.go_on(FAR * 1000)
        assert await ended(services, left["delays"]) == "complete"


async def test_what_another_server_is_asked_wakes_a_job(mongodb_uri: str, database: Stored) -> None:
    clock = SteppedClock()
    left = await left_behind(mongodb_uri, database, clock)
    async with server(mongodb_uri, database, clock) as services, asyncio.timeout(PATIENCE):
        await until(lambda: all(map(runner(services).is_dormant, left.values())))
        async with server(mongodb_uri, database, clock) as other:
            await answered(other, left["child"])
            assert (await control.command(other, SYSTEM, left["asks"], control.PAUSE))["status"] == "paused"
        assert await ended(services, left["parent"]) == "complete"


async def test_the_end_of_a_child_that_another_server_runs_wakes_its_parent(mongodb_uri: str, database: Stored) -> None:
    clock = SteppedClock()
    left = await left_behind(mongodb_uri, database, clock)
    async with server(mongodb_uri, database, clock) as services, asyncio.timeout(PATIENCE):
        await until(lambda: all(map(runner(services).is_dormant, left.values())))
        database["jobs"].update_one({"_id": left["child"]}, {"$set": {"lease.owner": "gone"}})
        async with server(mongodb_uri, database, clock) as other:
            await until(lambda: runner(other).is_dormant(left["child"]) or epochs(database) == {2, 3})
            await answered(other, left["child"])
            assert await ended(services, left["parent"]) == "complete"


@pytest.mark.parametrize("what", ["answer", "command", "end"])
async def test_what_nobody_told_is_found_by_the_next_looks(mongodb_uri: str, database: Stored, what: str) -> None:
    clock = SteppedClock()
    left = await left_behind(mongodb_uri, database, clock)
    async with server(mongodb_uri, database, clock) as services, asyncio.timeout(PATIENCE):
        await until(lambda: all(map(runner(services).is_dormant, left.values())))
        job_id = left["child"]
        if what == "answer":
            answer = {"finish_state": "success", "variables": {}, "at": 1}
            database["tasks"].update_one({"job._id": job_id}, {"$set": {"answer": answer}})
        elif what == "command":
            await services.jobs.store_command(job_id, inbox_entry("e", Canceled(), "ada"), ["running"])
        else:
            end = {"$set": {"status": "complete"}, "$unset": {"lease": ""}}
            database["jobs"].update_one({"_id": job_id}, end)
        await until(lambda: database["jobs"].count_documents({"_id": left["parent"], "status": "running"}) == 0)


async def test_a_job_that_another_server_has_taken_is_let_go(mongodb_uri: str, database: Stored) -> None:
    clock = SteppedClock()
    left = await left_behind(mongodb_uri, database, clock)
    async with server(mongodb_uri, database, clock) as services, asyncio.timeout(PATIENCE):
        await until(lambda: all(map(runner(services).is_dormant, left.values())))
        async with server(mongodb_uri, database, clock) as other:
            database["jobs"].update_one({"_id": left["asks"]}, {"$set": {"lease.owner": other.jobs.owner}})
            await until(lambda: not runner(services).is_dormant(left["asks"]))
            await answered(other, left["asks"])
            await until(lambda: database["jobs"].count_documents({"_id": left["asks"], "status": "complete"}) == 1)


async def test_two_servers_share_what_is_left_and_take_no_job_twice(mongodb_uri: str, database: Stored) -> None:
    clock = SteppedClock()
    async with server(mongodb_uri, database, clock) as services:
        await workflows.import_documents(waiting())
        ids = [await started(services, "asks") for _ in range(60)]
    both = server(mongodb_uri, database, clock), server(mongodb_uri, database, clock)
    async with both[0] as one, both[1] as two, asyncio.timeout(PATIENCE):
        # What was taken before both were there is given to nobody again.
        await until(lambda: all(runner(one).is_dormant(id) or runner(two).is_dormant(id) for id in ids))
        database["jobs"].update_many({}, {"$set": {"lease.owner": "gone", "lease.epoch": 7}})
        await until(lambda: database["jobs"].count_documents({"lease.owner": "gone"}) == 0)
        assert epochs(database) == {8}
        shares = [database["jobs"].count_documents({"lease.owner": services.jobs.owner}) for services in (one, two)]
        assert sum(shares) == 60
        assert min(shares) >= 10


async def adopt_and_end(uri: str, direct: str, database: Stored, watch: Watch, *, before: bool) -> None:
    """Adopt a family, and let a person answer its child, with one command lost; it must come to its end."""
    clock = SteppedClock()
    database.client.drop_database(database.name)
    left = await left_behind(direct, database, clock)
    async with mongo_proxy(uri) as proxy, server(proxy.uri, database, clock) as services, asyncio.timeout(PATIENCE):
        fault = proxy.lose(watch.matches, before=before, times=RUNS_AND_DRIVERS_OWN)
        await until(lambda: database["jobs"].count_documents({"lease.owner": services.jobs.owner}) == 4)
        async with server(direct, database, clock) as other:
            await answered(other, left["child"])
            # Within, since both read their workflows by the connection of the server that was opened last.
            await until(lambda: database["jobs"].count_documents({"_id": left["parent"], "status": "complete"}) == 1)
        fault.times = 0
    assert database["jobs"].count_documents({"status": "error"}) == 0


@pytest.mark.timeout(400)  # it runs once for each command
@pytest.mark.parametrize("before", [True, False], ids=["before it is carried out", "its answer"])
async def test_a_command_lost_while_adopting_or_waking_loses_nothing_else(
    mongodb_uri: str, database: Stored, before: bool
) -> None:
    watch = Watch()
    await adopt_and_end(mongodb_uri, mongodb_uri, database, watch, before=before)
    assert watch.seen["update", "jobs"]
    for lost in all_lost(Counter(list(watch.seen))):  # the first one of each kind
        await adopt_and_end(mongodb_uri, mongodb_uri, database, Watch(lost), before=before)
