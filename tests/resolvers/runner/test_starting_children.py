"""A loop over many children starts a few at a time, and none for a task that has ended.

See reference/execution.md#child-jobs.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from typing import Any

import pytest
from jobyard.models.documents.commands import inbox_entry
from jobyard.models.documents.new_job import JobRequest
from jobyard.models.documents.shapes.jobs import JobHeader
from jobyard.models.engine.events import Canceled, ChildStart, ProviderCall
from jobyard.models.engine.lifecycle import ACTIONS
from jobyard.models.engine.outcomes import Finish
from jobyard.models.errors import WorkflowNotFound
from jobyard.models.settings import Settings
from jobyard.resolvers.jobs import start as jobs
from jobyard.resolvers.lifespan import open_services
from jobyard.resolvers.providers import Providers
from jobyard.resolvers.runner.child_starts import STARTS_AT_ONCE
from jobyard.resolvers.runner.dependencies import JobDependencies
from jobyard.resolvers.runner.embedded import EmbeddedRunner
from jobyard.resolvers.runner.protocol import FamilyCanceled, Perform, StartChild
from jobyard.resolvers.services import Services

from ...documents import chain, task
from ...doors import JumpingClock

pytestmark = pytest.mark.anyio

CANCEL = inbox_entry("cancel", Canceled(), "")
NOBODY: Perform = Providers().perform


@pytest.fixture
async def services() -> AsyncGenerator[Services]:
    async with open_services(Settings(memory=True), JumpingClock()) as services:
        yield services


def loop_of(count: int, **handlers: Any) -> dict[str, Any]:
    """A workflow that starts so many children in parallel; `handlers` follow its error edge."""
    loop = task(
        "childJob", task="", workflow="child", variables={}, data_array=[{"n": n} for n in range(count)],
        transformation="", loopType="parallel",
    )  # fmt: skip
    document = chain("parent", a1=loop, **handlers)
    if handlers:
        document["transitions"]["a1"] = {"b2": {"type": "standard", "state": "error"}}
    return document


def runner_of(services: Services, start_child: StartChild, perform: Perform = NOBODY) -> EmbeddedRunner:
    """A runner whose children somebody else starts."""
    return EmbeddedRunner(
        JobDependencies(services.jobs, services.feed, services.clock, perform, start_child), services.definitions
    )


async def new_parent(services: Services, document: dict[str, Any]) -> JobHeader:
    pinned = await services.definitions.pin(document)
    job, _ = jobs.new_job(services, JobRequest("parent", "ada"), pinned, "a" * 24)
    await services.jobs.insert(job)
    return job


async def over(services: Services, runner: EmbeddedRunner, job: JobHeader) -> JobHeader:
    """The job as it is stored, once the runner has run it to its end."""
    await runner.ensure(job)
    await runner.wait_stopped(job["_id"])
    found = await services.jobs.find(job["_id"])
    assert found is not None
    return found


async def parent_over(
    services: Services, count: int, start_child: StartChild, perform: Perform = NOBODY, **handlers: Any
) -> JobHeader:
    job = await new_parent(services, loop_of(count, **handlers))
    return await over(services, runner_of(services, start_child, perform), job)


async def test_at_most_a_few_children_are_being_started_at_once(services: Services) -> None:
    starting, most = 0, 0

    async def start_child(parent: Mapping[str, Any], start: ChildStart) -> Any:
        nonlocal starting, most
        starting += 1
        most = max(most, starting)
        for _ in range(3):
            await asyncio.sleep(0)
        starting -= 1
        return {"status": "complete", "variables": start.variables}

    job = await parent_over(services, 200, start_child)
    assert job["status"] == "complete"
    assert job["tasks"]["a1"]["finished_children"] == 200
    assert most == STARTS_AT_ONCE


async def test_no_more_children_are_started_once_one_could_not_be(services: Services) -> None:
    asked: list[int] = []
    task_ended = asyncio.Event()

    async def start_child(parent: Mapping[str, Any], start: ChildStart) -> Any:
        asked.append(start.element)
        if start.element > 0:
            await task_ended.wait()
        raise WorkflowNotFound("child")

    async def perform(call: ProviderCall) -> Finish:
        task_ended.set()
        for _ in range(500):
            await asyncio.sleep(0)
        return Finish("success")

    job = await parent_over(services, 5000, start_child, perform, b2=task("tell", app="Chat"))
    assert job["tasks"]["a1"]["finish_state"] == "error"
    assert job["status"] == "complete"
    assert len(asked) <= STARTS_AT_ONCE + 1


async def test_a_job_of_a_canceled_family_asks_for_no_more_of_its_children(services: Services) -> None:
    asked: list[int] = []
    first_asked, parent_id = asyncio.Event(), "a" * 24

    async def start_child(parent: Mapping[str, Any], start: ChildStart) -> Any:
        asked.append(start.element)
        first_asked.set()
        raise FamilyCanceled(parent_id)

    async def cancel_later() -> None:
        await first_asked.wait()
        for _ in range(500):  # the command that cancels the job comes behind much else
            await asyncio.sleep(0)
        await services.jobs.store_command(parent_id, CANCEL, ACTIONS["cancel"].allowed)
        await runner.deliver_command(parent_id, CANCEL)

    document, runner = loop_of(5000), runner_of(services, start_child)
    job = await new_parent(services, document)
    canceling = asyncio.create_task(cancel_later())
    found = await over(services, runner, job)
    await canceling
    assert found["status"] == "canceled"
    assert len(asked) <= STARTS_AT_ONCE


async def test_ten_thousand_children_need_no_more_looks_than_there_are_children(services: Services) -> None:
    asked: list[Any] = []

    async def start_child(parent: Mapping[str, Any], start: ChildStart) -> Any:
        asked.append(start.element)
        return {"status": "complete", "variables": start.variables}

    job = await parent_over(services, 10_000, start_child)
    assert job["status"] == "complete"
    assert sorted(asked) == list(range(10_000))
