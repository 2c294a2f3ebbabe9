"""An ended job is freed at once: the garbage collector, which stops everything meanwhile, has nothing to find of it."""

import gc
from typing import Any
from weakref import ReferenceType, ref

import pytest
from jobyard.models.engine.state import JobState
from jobyard.resolvers.runner.embedded import EmbeddedRunner

from ...documents import chain, task
from ...doors import Doors

pytestmark = pytest.mark.anyio

CANCEL = "mutation($ids: [ID!]!) { cancelJobs(ids: $ids) { job { status } message } }"


def parent(**child: Any) -> list[dict[str, Any]]:
    loop = task(
        "childJob", task="", workflow="child", variables={}, data_array=[{}] * 3, transformation="", loopType="parallel"
    )
    return [chain("parent", a1=loop), chain("child", **child)]


def watched(doors: Doors) -> dict[str, ReferenceType[JobState]]:
    """The states of jobs that run from now on, by job id; filled in whenever something happens to a job."""
    runner, seen = doors.services.runner, dict[str, ReferenceType[JobState]]()
    assert isinstance(runner, EmbeddedRunner)
    running = runner._jobs.running

    def look(_: object) -> None:
        seen.update({id: ref(job.state) for id, job in running.items() if id not in seen})

    doors.services.feed.listen(look)
    return seen


async def left(doors: Doors, seen: dict[str, ReferenceType[JobState]]) -> list[str]:
    """Those that are still in memory once all of them have ended."""
    for id in list(seen):
        await doors.over(id)
    for _ in range(10):
        await doors.turn()
    return [id for id, state in seen.items() if state() is not None]


async def test_an_ended_family_is_freed_without_the_garbage_collector(doors: Doors) -> None:
    await doors.import_documents(*parent(a1=task("delay", time=1)))
    seen = watched(doors)
    gc.collect()
    gc.disable()
    try:
        job = (await doors.start({"workflow": "parent", "options": {}})).json()["data"]
        assert (await doors.over(job["_id"]))["status"] == "complete"
        assert await left(doors, seen) == []
        assert len(seen) == 4
    finally:
        gc.enable()


async def test_a_canceled_family_is_freed_without_the_garbage_collector(doors: Doors) -> None:
    await doors.import_documents(
        *parent(a1=task("ViewData", header="", message="", body="", btn_success="", btn_failure=""))
    )
    seen = watched(doors)
    gc.collect()
    gc.disable()
    try:
        job = (await doors.start({"workflow": "parent", "options": {}})).json()["data"]
        while len(seen) < 4:
            await doors.turn()
        await doors.graphql(CANCEL, ids=[job["_id"]])
        assert (await doors.over(job["_id"]))["status"] == "canceled"
        assert await left(doors, seen) == []
    finally:
        gc.enable()
