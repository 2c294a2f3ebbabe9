"""A new job advances before it is stored; where that takes long, its runner does it afterwards."""

import asyncio
import threading
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest
from jobyard.models.documents.new_job import JobRequest
from jobyard.models.engine.outcomes import Finish, Outcome, TaskCall
from jobyard.models.settings import Settings
from jobyard.models.visibility import SYSTEM
from jobyard.resolvers.jobs import start as jobs
from jobyard.resolvers.jobs.admission import Arrival
from jobyard.resolvers.lifespan import open_services
from jobyard.resolvers.runner.first_advance import advance_first
from jobyard.resolvers.services import Services
from jobyard.resolvers.threads import AUTHORS_AT_ONCE, in_author_threads
from jobyard.resolvers.workflows import imports as workflows

from ...documents import chain, task
from ...mongo_proxy import Command, mongo_proxy

pytestmark = pytest.mark.anyio

COMMANDS = ("find", "insert", "update", "findAndModify", "delete")
OF_JOBS = ("jobs", "tasks", "job_events")
PURE = {f"a{number}": task("newVariable", name=f"v{number}", value=number) for number in range(10)}
WAITING = {"a1": {**task("ViewData", header="h"), "type": "manual"}}


@pytest.fixture
async def services() -> AsyncGenerator[Services]:
    async with open_services(Settings(memory=True)) as services:
        yield services


async def begun(services: Services, **tasks: Any) -> Any:
    pinned = await services.definitions.pin(chain("new", **tasks))
    job, state = jobs.new_job(services, JobRequest("new", "ada"), pinned, "a" * 24)
    return await services.definitions.runnable(pinned, job["_id"]), job, state


async def test_what_is_stored_is_the_job_after_its_first_advance(services: Services) -> None:
    definition, job, state = await begun(services, **WAITING)
    first = await advance_first(definition, job, state, "here")
    assert first is not None
    assert (first.header["seq"], first.header["event"]["seq"]) == (1, 1)
    assert first.header["tasks"]["a1"]["waits_for"] == "person"
    assert [one["job"]["task"] for one in first.iterations] == ["a1"]
    assert (job["seq"], "a1" in job["tasks"]) == (0, False)


async def test_nobody_waits_long_for_a_first_step(services: Services) -> None:
    definition, job, state = await begun(services, a1=task("newVariable", name="x", value=1))
    goes_on = threading.Event()

    def slow(call: TaskCall) -> Outcome:
        goes_on.wait(30)
        return Finish("success")

    try:
        slowed = replace(definition, brief=False, function=lambda *_: slow)
        assert await advance_first(slowed, job, state, "here") is None
    finally:
        goes_on.set()


async def test_a_step_that_no_thread_was_free_for_is_not_made_afterwards(services: Services) -> None:
    definition, job, state = await begun(services, a1=task("newVariable", name="x", value=1))
    called: list[TaskCall] = []

    def note(call: TaskCall) -> Outcome:
        called.append(call)
        return Finish("success")

    goes_on = threading.Event()
    busy = [asyncio.create_task(in_author_threads(goes_on.wait, 30)) for _ in range(AUTHORS_AT_ONCE)]
    await asyncio.sleep(0)
    assert await advance_first(replace(definition, brief=False, function=lambda *_: note), job, state, "here") is None
    await asyncio.sleep(0)  # the loop takes it out of the queue in its next round
    goes_on.set()
    await asyncio.gather(*busy)
    await in_author_threads(lambda: None)  # whatever stood in the queue before it has been done
    assert called == []


async def test_more_than_a_header_holds_is_advanced_by_the_runner(services: Services) -> None:
    values = {f"a{number}": task("newVariable", name=f"v{number}", value="x" * 60_000) for number in range(9)}
    await workflows.import_documents([chain("much", **values)])
    started = await jobs.start_or_find(services, SYSTEM, JobRequest("much", "ada"))
    await services.runner.wait_stopped(started["_id"])
    found = await services.jobs.find(started["_id"])
    assert found is not None
    assert (found["status"], found["variables"]["v8"]) == ("complete", "x" * 60_000)
    told = [one["seq"] async for one in services.store.database["job_events"].find({"job": started["_id"]})]
    assert sorted(told) == [0, 1]


async def told(services: Services, job_id: str) -> None:
    """Return once the event of its first advance is heard of, which is the last thing that a start writes."""
    async with asyncio.timeout(30), aclosing(services.feed.follow_job(job_id, 0)) as events:
        async for _ in events:
            return


@pytest.mark.parametrize(
    ("tasks", "commands"),
    [
        (WAITING, [("insert", "jobs"), ("insert", "tasks"), ("insert", "job_events")]),
        # The last one ends the lease, after the job is complete for everybody.
        (PURE, [("insert", "jobs"), ("insert", "tasks"), ("insert", "job_events"), ("update", "jobs")]),
    ],
    ids=["waits for a person", "ten tasks"],
)
async def test_a_start_is_few_commands(
    mongodb_uri: str, new_database: str, tasks: Any, commands: list[tuple[str, str]]
) -> None:
    async with (
        mongo_proxy(mongodb_uri) as proxy,
        open_services(Settings(mongodb_uri=proxy.uri, database=new_database)) as services,
    ):
        await workflows.import_documents([chain("few", **tasks)])
        before = await jobs.start(services, SYSTEM, JobRequest("few", "ada"), Arrival())  # it pins the workflow
        await told(services, before["_id"])
        if tasks is PURE:
            await services.runner.wait_stopped(before["_id"])
        seen: list[tuple[str, str]] = []

        def note(name: str, command: Command) -> bool:
            looking = (name, command.get(name)) == ("find", "job_events")  # for `told`
            # The regular looks of a server name no job, and come when their time has come.
            regular = (name, command.get(name)) == ("find", "jobs") and "_id" not in command["filter"]
            if name in COMMANDS and command[name] in OF_JOBS and not looking and not regular:
                seen.append((name, command[name]))
            return False

        proxy.lose(note, before=True)
        started = await jobs.start(services, SYSTEM, JobRequest("few", "ada"), Arrival())
        await services.runner.wait_first_save(started["_id"])
        await told(services, started["_id"])
        if tasks is PURE:
            await services.runner.wait_stopped(started["_id"])
        assert seen == commands
