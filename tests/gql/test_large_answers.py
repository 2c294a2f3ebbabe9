"""What one answer brings back of large values has a bound, and so has what stands in it, however often."""

import asyncio
from typing import Any

import pytest
from jobyard.gql import schema
from jobyard.resolvers.search import large_answers

from ..documents import chain, task
from ..doors import Doors

pytestmark = pytest.mark.anyio

SIZE = 1_000_000


async def large_job(doors: Doors, value: Any) -> str:
    await doors.import_documents(chain("w", a1=task("newVariable", name="n", value=1)))
    answer = await doors.start({"workflow": "w", "options": {"variables": {"v": value}}})
    id: str = answer.json()["data"]["_id"]
    await doors.over(id)
    return id


def again(id: str, times: int) -> str:
    return "{" + " ".join(f'a{at}: job(id: "{id}") {{ variables }}' for at in range(times)) + "}"


def codes(answer: Any) -> list[str]:
    return [error["extensions"]["code"] for error in answer.get("errors", ())]


async def test_a_job_that_is_asked_for_again_and_again(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_answers, "LARGEST_VALUES", 3 * SIZE + 1000)
    monkeypatch.setattr(large_answers, "MUCH", SIZE)
    id = await large_job(doors, "x" * SIZE)
    answer = await doors.graphql(again(id, 3))
    assert [len(answer["data"][f"a{at}"]["variables"]["v"]) for at in range(3)] == [SIZE] * 3
    answer = await doors.graphql(again(id, 10))
    assert set(codes(answer)) == {"ANSWER_TOO_LARGE"}
    assert len(codes(answer)) == 7
    assert not doors.services.large_answers.locked()
    async with asyncio.timeout(60):
        await asyncio.gather(*(doors.graphql(again(id, 3)) for _ in range(3)))


async def test_small_objects_count_for_what_they_take(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    id = await large_job(doors, [{"a": 1}] * 20_000)  # 160 KB as JSON, and 4 MB in memory
    monkeypatch.setattr(large_answers, "MOST_MEMORY", 5 * SIZE)
    assert codes(await doors.graphql(again(id, 1))) == []
    read: list[int] = []
    weigh = large_answers.memory_of
    monkeypatch.setattr(large_answers, "memory_of", lambda value: read.append(1) or weigh(value))
    answer = await doors.graphql(again(id, 9))
    assert codes(answer) == ["ANSWER_TOO_LARGE"] * 8
    assert len(read) == 2, "errors keep what they met: nothing is read beyond the limit"
    assert "5000000 bytes of memory" in answer["errors"][0]["message"]


async def test_one_answer_of_much_is_made_at_a_time(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_answers, "MUCH", SIZE)
    id = await large_job(doors, "x" * SIZE)
    small = await large_job(doors, "x" * 100)
    await doors.services.large_answers.acquire()
    waiting = asyncio.create_task(doors.graphql(again(id, 2)))
    assert codes(await doors.graphql(again(small, 2))) == []
    assert not waiting.done()
    doors.services.large_answers.release()
    assert codes(await waiting) == []


async def test_what_is_read_once_and_shown_often_is_no_answer(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    id = await large_job(doors, "x" * SIZE)
    monkeypatch.setattr(schema, "LARGEST_ANSWER", 3 * SIZE)
    query = f'{{ job(id: "{id}") {{ ' + " ".join(f"a{at}: variables" for at in range(10)) + " } }"
    answer = await doors.graphql(query)
    assert codes(answer) == ["ANSWER_TOO_LARGE"]
    assert not answer.get("data")
    answer = await doors.http.post("/graphql", json={"query": query}, headers={"accept": "text/event-stream"})
    assert "ANSWER_TOO_LARGE" in answer.text
    assert len(answer.text) < 1000


CANCEL = "mutation($ids: [ID!]!) { cancelJobs(ids: $ids) { id done code status job { __typename %s } } }"


async def waiting_job(doors: Doors, value: Any) -> str:
    await doors.import_documents(
        chain("waits", a1={**task("query", pass_on_null=False, query="a", obj={}), "type": "manual"})
    )
    answer = await doors.start({"workflow": "waits", "options": {"variables": {"v": value}}})
    id: str = answer.json()["data"]["_id"]
    return id


async def test_a_cancel_of_large_jobs_reads_their_values_only_if_they_are_asked_for(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [await waiting_job(doors, "x" * SIZE) for _ in range(5)]
    monkeypatch.setattr(large_answers, "LARGEST_VALUES", SIZE // 2)
    answer = await doors.graphql(CANCEL % "status", ids=ids)
    assert [(one["code"], one["status"]) for one in answer["data"]["cancelJobs"]] == [(None, "CANCELED")] * 5
    ids = [await waiting_job(doors, "x" * SIZE) for _ in range(5)]
    answer = await doors.http.post("/operations-manager/jobs/cancel", json={"jobIds": ids})
    assert answer.json()["data"] == {id: {"status": "canceled"} for id in ids}


async def test_what_was_done_to_jobs_is_told_where_they_are_too_much_for_the_answer(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [await waiting_job(doors, "x" * SIZE) for _ in range(3)]
    monkeypatch.setattr(large_answers, "LARGEST_VALUES", SIZE + SIZE // 2)
    answer = await doors.graphql(CANCEL % "variables", ids=ids)
    results = answer["data"]["cancelJobs"]
    assert [(one["done"], one["status"]) for one in results] == [(True, "CANCELED")] * 3
    assert sorted(one["code"] or "" for one in results) == ["", "ANSWER_TOO_LARGE", "ANSWER_TOO_LARGE"]
    assert [one["job"] is None for one in results] == [one["code"] is not None for one in results]
    monkeypatch.setattr(large_answers, "LARGEST_VALUES", SIZE // 2)
    watched = await doors.http.post(f"/operations-manager/jobs/{ids[0]}/watch")
    assert (watched.status_code, watched.json()["data"]) == (200, None)
    assert "characters" not in watched.json()["message"]
    assert "bytes of large values" in watched.json()["message"]


async def test_a_field_that_is_left_out_reads_nothing(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    id = await large_job(doors, "x" * SIZE)
    monkeypatch.setattr(large_answers, "LARGEST_VALUES", SIZE // 2)
    query = "query($id: ID!, $not: Boolean!) { job(id: $id) { status variables @include(if: $not) } }"
    assert codes(await doors.graphql(query, id=id, **{"not": False})) == []
    assert codes(await doors.graphql(query, id=id, **{"not": True})) == ["ANSWER_TOO_LARGE"]
    skipping = "query($id: ID!, $yes: Boolean!) { job(id: $id) { ... @skip(if: $yes) { variables } status } }"
    assert codes(await doors.graphql(skipping, id=id, yes=True)) == []
