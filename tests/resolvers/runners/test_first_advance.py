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
from jobyard.resolvers.lifespan import open_yard
from jobyard.resolvers.runner.first_advance import advance_first
from jobyard.resolvers.services import Yard
from jobyard.resolvers.threads import AUTHORS_AT_ONCE, work_of_authors
from jobyard.resolvers.workflows import imports as workflows

from ...documents import chain, task
from ...mongo_proxy import Command, mongo_proxy

pytestmark = pytest.mark.anyio

COMMANDS = ("find", "insert", "update", "findAndModify", "delete")
OF_JOBS = ("jobs", "tasks", "job_events")
PURE = {f"a{number}": task("newVariable", name=f"v{number}", value=number) for number in range(10)}
WAITING = {"a1": {**task("ViewData", header="h"), "type": "manual"}}


@pytest.fixture
async def yard() -> AsyncGenerator[Yard]:
    async with open_yard(Settings(memory=True)) as yard:
        yield yard


async def begun(yard: Yard, **tasks: Any) -> Any:
    pinned = await yard.definitions.pin(chain("new", **tasks))
    job, state = jobs.new_job(yard, JobRequest("new", "ada"), pinned, "a" * 24)
    return await yard.definitions.runnable(pinned, job["_id"]), job, state


async def test_what_is_stored_is_the_job_after_its_first_advance(yard: Yard) -> None:
    definition, job, state = await begun(yard, **WAITING)
    first = await advance_first(definition, job, state, "here")
    assert first is not None
    assert (first.header["seq"], first.header["event"]["seq"]) == (1, 1)
    assert first.header["tasks"]["a1"]["waits_for"] == "person"
    assert [one["job"]["task"] for one in first.iterations] == ["a1"]
    assert (job["seq"], "a1" in job["tasks"]) == (0, False)


async def test_nobody_waits_long_for_a_first_step(yard: Yard) -> None:
    definition, job, state = await begun(yard, a1=task("newVariable", name="x", value=1))
    goes_on = threading.Event()

    def slow(call: TaskCall) -> Outcome:
        goes_on.wait(30)
        return Finish("success")

    try:
        slowed = replace(definition, brief=False, function=lambda *_: slow)
        assert await advance_first(slowed, job, state, "here") is None
    finally:
        goes_on.set()


async def test_a_step_that_no_thread_was_free_for_is_not_made_afterwards(yard: Yard) -> None:
    definition, job, state = await begun(yard, a1=task("newVariable", name="x", value=1))
    called: list[TaskCall] = []

    def note(call: TaskCall) -> Outcome:
        called.append(call)
        return Finish("success")

    goes_on = threading.Event()
    busy = [asyncio.create_task(work_of_authors(goes_on.wait, 30)) for _ in range(AUTHORS_AT_ONCE)]
    await asyncio.sleep(0)
    assert await advance_first(replace(definition, brief=False, function=lambda *_: note), job, state, "here") is None
    await asyncio.sleep(0)  # the loop takes it out of the queue in its next round
    goes_on.set()
    await asyncio.gather(*busy)
    await work_of_authors(lambda: None)  # whatever stood in the queue before it has been done
    assert called == []


async def test_more_than_a_header_holds_is_advanced_by_the_runner(yard: Yard) -> None:
    values = {f"a{number}": task("newVariable", name=f"v{number}", value="x" * 60_000) for number in range(9)}
    await workflows.import_documents([chain("much", **values)])
    started = await jobs.started(yard, SYSTEM, JobRequest("much", "ada"))
    await yard.runner.settled(started["_id"])
    found = await yard.jobs.find(started["_id"])
    assert found is not None
    assert (found["status"], found["variables"]["v8"]) == ("complete", "x" * 60_000)
    told = [one["seq"] async for one in yard.store.database["job_events"].find({"job": started["_id"]})]
    assert sorted(told) == [0, 1]


async def told(yard: Yard, job_id: str) -> None:
    """Return once the event of its first advance is heard of, which is the last thing that a start writes."""
    async with asyncio.timeout(30), aclosing(yard.feed.of_job(job_id, 0)) as events:
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
        open_yard(Settings(mongodb_uri=proxy.uri, database=new_database)) as yard,
    ):
        await workflows.import_documents([chain("few", **tasks)])
        before = await jobs.start(yard, SYSTEM, JobRequest("few", "ada"), Arrival())  # it pins the workflow
        await told(yard, before["_id"])
        if tasks is PURE:
            await yard.runner.settled(before["_id"])
        seen: list[tuple[str, str]] = []

        def note(name: str, command: Command) -> bool:
            looking = (name, command.get(name)) == ("find", "job_events")  # for `told`
            if name in COMMANDS and command[name] in OF_JOBS and not looking:
                seen.append((name, command[name]))
            return False

        proxy.lose(note, before=True)
        started = await jobs.start(yard, SYSTEM, JobRequest("few", "ada"), Arrival())
        await yard.runner.rested(started["_id"])
        await told(yard, started["_id"])
        if tasks is PURE:
            await yard.runner.settled(started["_id"])
        assert seen == commands
