"""Large bodies take turns: what is made of them together has a bound."""

import asyncio
from typing import Any

import pytest
from jobyard.gql.http import bodies
from jobyard.gql.http.bodies import BodyLimit, MemoryQueue

from ..documents import chain, task
from ..doors import Doors

pytestmark = pytest.mark.anyio


async def turn() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_those_that_wait_come_in_their_order() -> None:
    room, came = MemoryQueue(10), list[str]()

    async def take(name: str, size: int) -> None:
        await room.take(size)
        came.append(name)

    works = [asyncio.ensure_future(take(name, size)) for name, size in (("a", 6), ("b", 6), ("c", 1), ("d", 99))]
    await turn()
    assert came == ["a"]
    works[1].cancel()
    await turn()
    assert came == ["a"]
    room.give_back(6)
    await turn()
    assert came == ["a", "c"]
    room.give_back(1)
    await turn()
    assert came == ["a", "c", "d"]


async def test_who_works_hurries_once_others_wait() -> None:
    room, told = MemoryQueue(10), list[str]()
    await room.take(10)
    room.work("a", lambda: told.append("a"))
    assert told == []
    waiting = [asyncio.ensure_future(room.take(10)) for _ in range(2)]
    await turn()
    assert set(told) == {"a"}
    told.clear()
    room.give_back(10, "a")
    await turn()
    room.work("b", lambda: told.append("b"))
    assert told == ["b"]
    told.clear()
    room.give_back(10, "b")
    await turn()
    room.work("c", lambda: told.append("c"))
    assert told == []
    await asyncio.gather(*waiting)


async def test_a_start_that_waits_for_its_job_keeps_no_other_large_body_waiting(doors: Doors) -> None:
    await doors.import_documents(chain("asks", a1=task("ViewData", header="h", message="m", body="b", variables={})))
    much = {"workflow": "asks", "options": {"variables": {"v": "x" * 9_000_000}}}
    address = "/operations-manager/jobs/start?waitSeconds=300"
    async with asyncio.timeout(60):
        answers = await asyncio.gather(*(doors.http.post(address, json=much) for _ in range(2)), doors.start(much))
        assert [answer.json()["data"]["status"] for answer in answers] == ["running"] * 3


async def test_a_large_body_waits_until_the_answers_to_others_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "LARGE_BODY", 10)
    answer, worked = asyncio.Event(), list[int]()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        worked.append(scope["number"])
        await receive()
        await answer.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.Event().wait()  # a stream

    class Authentication:
        caller = object()

    limit = BodyLimit(app, 100)

    async def post(number: int, size: int) -> None:
        async def receive() -> Any:
            return {"type": "http.request", "body": b"x" * size, "more_body": False}

        async def send(message: Any) -> None:
            pass

        headers = [(b"content-length", str(size).encode())]
        scope = {"type": "http", "number": number, "headers": headers, "authentication": Authentication()}
        await limit(scope, receive, send)

    works = [asyncio.ensure_future(post(number, size)) for number, size in enumerate((100, 100, 100, 5))]
    await turn()
    assert worked == [0, 3]
    answer.set()
    await turn()
    assert worked == [0, 3, 1, 2]
    for work in works:
        work.cancel()
    await asyncio.gather(*works, return_exceptions=True)


async def test_a_start_of_a_job_that_holds_much_waits_for_another_while_others_go_by(doors: Doors) -> None:
    await doors.import_documents(chain("w", a1=task("newVariable", name="n", value=1)))
    small, much = ({"workflow": "w", "options": {"variables": {"v": "x" * size}}} for size in (10, 5_000_000))
    await doors.services.admission.large.acquire()
    waiting = asyncio.ensure_future(doors.start(much))
    assert (await doors.start(small)).status_code == 200
    assert not waiting.done()
    doors.services.admission.large.release()
    for answer in (await waiting, await doors.start(much)):
        assert answer.status_code == 200
        assert (await doors.over(answer.json()["data"]["_id"]))["status"] == "complete"
