"""Workflows that start themselves: how far a family grows, and that a cancel ends it while it grows."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import pytest
from jobyard.models.settings import MOST_LEVELS, Settings
from pymongo import MongoClient

from ..documents import chain, task
from ..doors import Doors
from ..servers import graphql, import_documents, serving

MOST = 20
CANCEL = "mutation($ids: [ID!]!) { cancelJobs(ids: $ids) { job { status } message } }"


def itself(**incoming: Any) -> dict[str, Any]:
    """Its childJob starts the same workflow."""
    given = {"task": "", "workflow": "itself", "variables": {}, "data_array": "", "transformation": "", "loopType": ""}
    return chain("itself", a1=task("childJob", **{**given, **incoming}))


def five_times_itself() -> dict[str, Any]:
    return itself(data_array=[{"n": number} for number in range(5)], loopType="parallel")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, most_descendants=MOST)


async def happenings(doors: Doors) -> AsyncGenerator[None]:
    """Once at once, and whenever something has happened to a job: a look at all jobs after every turn takes longer than
    the jobs themselves.
    """
    heard = asyncio.Event()
    doors.services.feed.listen(lambda _: heard.set())
    while True:
        heard.clear()
        yield
        await heard.wait()


async def grown(doors: Doors, families: int = 1) -> list[dict[str, Any]]:
    """All jobs, once each of them has a child or was refused one: then none will be started any more."""
    fields = {"status": 1, "error": 1, "parent.job": 1}
    async for _ in happenings(doors):
        found = [one async for one in doors.services.store.database["jobs"].find({}, fields)]
        parents = {one["parent"]["job"] for one in found if "parent" in one}
        roots = sum("parent" not in one for one in found)
        if roots == families and all(one["status"] == "error" or one["_id"] in parents for one in found):
            return found
    raise AssertionError("unreachable")


async def canceled(doors: Doors, root: str) -> int:
    """Cancel the family; how many jobs it was, once all of them have ended."""
    (result,) = (await doors.graphql(CANCEL, ids=[root]))["data"]["cancelJobs"]
    assert result == {"job": {"status": "CANCELED"}, "message": None}
    jobs = doors.services.store.database["jobs"]
    async for _ in happenings(doors):
        if not await jobs.count_documents({"status": {"$ne": "canceled"}}):
            break
    return int(await jobs.count_documents({}))


@pytest.mark.anyio
async def test_no_more_jobs_are_started_below_one_than_there_may_be(doors: Doors) -> None:
    await doors.import_documents(five_times_itself())
    root = (await doors.start({"workflow": "itself", "options": {}})).json()["data"]["_id"]
    found = await grown(doors)
    assert len(found) == 1 + MOST
    messages = {str(error["message"]) for one in found for error in one.get("error", ())}
    assert any(f"there are {MOST} jobs below job '{root}', which is the limit" in message for message in messages)
    assert await canceled(doors, root) == 1 + MOST


@pytest.mark.anyio
async def test_other_families_have_places_of_their_own(doors: Doors) -> None:
    await doors.import_documents(five_times_itself())
    for _ in range(2):
        await doors.start({"workflow": "itself", "options": {}})
    assert len(await grown(doors, families=2)) == 2 * (1 + MOST)


@pytest.mark.anyio
async def test_a_line_of_jobs_that_start_each_other_ends(doors: Doors) -> None:
    doors.services.jobs.families.most = 10 * MOST_LEVELS
    await doors.import_documents(itself())
    root = (await doors.start({"workflow": "itself", "options": {}})).json()["data"]["_id"]
    found = await grown(doors)
    assert len(found) == MOST_LEVELS
    (last,) = [one for one in found if one["status"] == "error"]
    assert f"is the {MOST_LEVELS}th in a line of child jobs, which is the limit" in last["error"][0]["message"]
    assert await canceled(doors, root) == MOST_LEVELS


def test_a_cancel_ends_a_family_while_it_grows(
    mongodb_uri: str, mongodb: MongoClient[dict[str, Any]], new_database: str
) -> None:
    jobs = mongodb[new_database]["jobs"]
    with serving(MONGODB_URI=mongodb_uri, JOBYARD_DATABASE=new_database) as server:
        import_documents(server, five_times_itself())
        root = graphql(server, 'mutation { startJob(workflow: "itself", options: {}) { id } }')["startJob"]["id"]
        while jobs.count_documents({}) < 100:
            pass
        (result,) = graphql(server, CANCEL, ids=[root])["cancelJobs"]
        assert result == {"job": {"status": "CANCELED"}, "message": None}
        while jobs.count_documents({"status": {"$ne": "canceled"}}):
            pass
        assert jobs.count_documents({}) < 10_000
