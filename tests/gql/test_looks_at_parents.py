"""The ends of children that other servers ran are read together; a parent looks for none that it got."""

import asyncio
from collections.abc import Generator
from typing import Any

import pytest
from jobyard.models.settings import Settings
from jobyard.resolvers.runner.embedded import EmbeddedRunner
from jobyard.resolvers.runner.local_jobs import LocalJobs
from jobyard.resolvers.runner.stored_changes import StoredChanges
from pymongo import monitoring

from ..documents import chain, task
from ..doors import Doors

pytestmark = pytest.mark.anyio


class Looks(monitoring.CommandListener):
    """How often the inbox of each job was read."""

    def __init__(self) -> None:
        self.of: dict[str, int] = {}

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.command_name == "find" and "inbox" in event.command.get("projection", {}):
            job_id = event.command["filter"].get("_id")
            if isinstance(job_id, str):
                self.of[job_id] = self.of.get(job_id, 0) + 1

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        pass

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        pass


# The driver has no way to take a listener back: one for all of this module.
LOOKS = Looks()


@pytest.fixture(scope="module", autouse=True)
def listening() -> Generator[None]:
    monitoring.register(LOOKS)
    yield


@pytest.fixture
def settings(kept: Settings) -> Settings:
    return kept


@pytest.fixture
async def parent(doors: Doors) -> str:
    """The id of a job that waits for its children, which wait for a person."""
    person = task("ViewData", header="", message="", body="", btn_success="", btn_failure="")
    loop = task(
        "childJob", task="", workflow="child", variables={}, data_array=[{}] * 3, transformation="", loopType="parallel"
    )
    await doors.import_documents(chain("parent", a1=loop), chain("child", a1=person))
    started = (await doors.start({"workflow": "parent", "options": {}})).json()["data"]
    while await doors.services.store.database["tasks"].count_documents({"waits_for": "person"}) < 3:
        await doors.turn()
    return started["_id"]


def end_of_child(child: str, parent: str) -> Any:
    return {"_id": f"{child}/9", "job": child, "seq": 9, "status": "complete", "parent": parent}


def parts(doors: Doors) -> tuple[StoredChanges, LocalJobs]:
    runner = doors.services.runner
    assert isinstance(runner, EmbeddedRunner)
    return runner._changes, runner._jobs


async def test_ends_of_many_children_are_read_together(doors: Doors, parent: str) -> None:
    changes, jobs = parts(doors)
    LOOKS.of.clear()
    for number in range(100):
        changes.on_event(end_of_child(f"child {number}", parent))
    await asyncio.gather(*jobs._background)
    assert LOOKS.of == {parent: 1}


async def test_an_end_that_is_announced_during_a_look_is_looked_for_once_more(doors: Doors, parent: str) -> None:
    changes, jobs = parts(doors)
    LOOKS.of.clear()
    changes.on_event(end_of_child("one", parent))
    while not LOOKS.of:
        await doors.turn()
    for number in range(100):
        changes.on_event(end_of_child(f"child {number}", parent))
    await asyncio.gather(*jobs._background)
    assert LOOKS.of == {parent: 2}


async def test_the_end_of_a_child_that_its_parent_got_is_not_looked_for(doors: Doors, parent: str) -> None:
    changes, jobs = parts(doors)
    LOOKS.of.clear()
    jobs.note_reported("one")
    changes.on_event(end_of_child("one", parent))
    await asyncio.gather(*jobs._background)
    assert LOOKS.of == {}
    changes.on_event(end_of_child("one", parent))  # it was repaired, and ended a second time, on another server
    await asyncio.gather(*jobs._background)
    assert LOOKS.of == {parent: 1}
