"""Many people and many jobs at once, on real servers that share a real mongod."""

import asyncio
from contextlib import suppress
from threading import Thread
from typing import Any

import httpx
import pytest
from pymongo import MongoClient
from pymongo.database import Database

from ..documents import chain, task
from ..servers import graphql, import_documents, serving

VIEW = {**task("ViewData", header="h"), "type": "manual"}
PEOPLE = 200
CHILDREN = 1000


def wide() -> dict[str, Any]:
    """PEOPLE manual tasks side by side."""
    tasks = {f"{number:x}": VIEW for number in range(PEOPLE)}
    edge = {"type": "standard", "state": "success"}
    transitions = {"workflow_start": dict.fromkeys(tasks, edge), "workflow_end": {}}
    transitions.update({id: {"workflow_end": edge} for id in tasks})
    return {**chain("wide", **tasks), "transitions": transitions}


async def until(http: httpx.AsyncClient, job: str, status: str) -> dict[str, Any]:
    """The job once it has this status; each look is a request."""
    while True:
        found = (await http.get(f"/operations-manager/jobs/{job}")).json()["data"]
        if found["status"] == status:
            return found


@pytest.mark.anyio
async def test_two_hundred_concurrent_answers_on_two_servers_are_all_kept(mongodb_uri: str, new_database: str) -> None:
    shared: dict[str, Any] = {"MONGODB_URI": mongodb_uri, "JOBYARD_DATABASE": new_database}
    with serving(**shared) as one, serving(**shared) as other:
        import_documents(one, wide())
        limits = httpx.Limits(max_connections=50)
        async with (
            httpx.AsyncClient(base_url=one.address, timeout=120, limits=limits) as here,
            httpx.AsyncClient(base_url=other.address, timeout=120, limits=limits) as there,
        ):
            body = {"workflow": "wide", "options": {}}
            job = (await here.post("/operations-manager/jobs/start", json=body)).json()["data"]["_id"]
            while not all(
                one["iterations"]
                for id, one in (await here.get(f"/operations-manager/jobs/{job}")).json()["data"]["tasks"].items()
                if not id.startswith("workflow_")
            ):
                pass
            answer = {"taskData": {"finish_state": "success", "variables": {}}}
            answers = await asyncio.gather(
                *(
                    (here, there)[number % 2].post(
                        f"/operations-manager/jobs/{job}/tasks/{number:x}/finish", json=answer
                    )
                    for number in range(PEOPLE)
                )
            )
            assert {one.status_code for one in answers} == {200}
            over = await until(here, job, "complete")
    assert [id for id, one in over["tasks"].items() if one["status"] != "complete"] == []
    assert {len(one["iterations"]) for id, one in over["tasks"].items() if not id.startswith("workflow_")} == {1}


def family() -> tuple[dict[str, Any], dict[str, Any]]:
    loop = {
        "task": "", "workflow": "leaf", "variables": {}, "transformation": "", "loopType": "parallel",
        "data_array": [{"n": number} for number in range(CHILDREN)],
    }  # fmt: skip
    return chain("leaf", a1=VIEW), chain("top", a1=task("childJob", **loop))


def statuses(database: Database[dict[str, Any]]) -> dict[str, int]:
    """How many jobs there are of each status, as the database has them."""
    counts = database["jobs"].aggregate([{"$group": {"_id": "$status", "jobs": {"$sum": 1}}}])
    return {one["_id"]: one["jobs"] for one in counts}


def until_they_are(database: Database[dict[str, Any]], expected: dict[str, int]) -> None:
    """Return once the jobs are of these statuses. It looks when no job changes for a moment: a look costs as well."""
    with database["jobs"].watch(max_await_time_ms=100) as changes:
        while statuses(database) != expected:
            while changes.try_next() is not None:
                pass


def test_cancel_reaches_a_thousand_children_also_when_the_server_is_killed_in_the_middle(
    mongodb_uri: str, mongodb: MongoClient[dict[str, Any]], new_database: str
) -> None:
    shared: dict[str, Any] = {"MONGODB_URI": mongodb_uri, "JOBYARD_DATABASE": new_database, "JOBYARD_LEASE_MS": "1000"}
    database = mongodb[new_database]
    with serving(**shared) as first:
        import_documents(first, *family())
        job = graphql(first, 'mutation { startJob(workflow: "top", options: {}) { id } }')["startJob"]["id"]
        until_they_are(database, {"running": CHILDREN + 1})

        def cancel() -> None:
            with suppress(httpx.TransportError):  # the server is killed before it answers
                httpx.post(f"{first.address}/operations-manager/jobs/cancel", json={"jobIds": [job]}, timeout=60)

        asking = Thread(target=cancel)
        asking.start()
        while "canceled" not in statuses(database):
            pass
        first.kill()
        asking.join()
    assert statuses(database).get("running", 0) > 0
    with serving(**shared) as second:
        until_they_are(database, {"canceled": CHILDREN + 1})
        found = httpx.get(f"{second.address}/operations-manager/jobs/{job}").json()["data"]
    assert found["status"] == "canceled"
