"""Answers of JSON that leave in pieces."""

import asyncio

import pytest
from jobyard.gql.http.json_response import JsonResponse
from jobyard.models.json import JsonObject
from jobyard.models.json_text import PIECE
from jobyard.resolvers.search import large_answers
from jobyard.resolvers.store.large_values import REFERENCE
from starlette.types import Message

from ..doors import Doors
from .test_large_answers import SIZE, again, large_job

pytestmark = pytest.mark.anyio


async def sent(response: JsonResponse) -> list[Message]:
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    async def receive() -> Message:
        raise AssertionError("an answer receives nothing")

    await response({"type": "http"}, receive, send)
    return messages


async def test_a_long_answer_leaves_in_pieces_with_its_length() -> None:
    pieces = [b'["', *[b"x" * PIECE] * 4, b'"]']
    start, *bodies = await sent(JsonResponse(list(pieces), 200, {"x-a": "1"}))
    assert start["status"] == 200
    assert dict(start["headers"]) == {
        b"x-a": b"1",
        b"content-length": str(4 * PIECE + 4).encode(),
        b"content-type": b"application/json",
    }
    assert len(bodies) == 5
    assert max(len(body["body"]) for body in bodies) <= 2 * PIECE
    assert [body.get("more_body", False) for body in bodies] == [True] * 4 + [False]
    assert b"".join(body["body"] for body in bodies) == b"".join(pieces)


async def test_a_short_answer_leaves_in_one_piece() -> None:
    _, *bodies = await sent(JsonResponse([b"{", b"}"], 200))
    assert bodies == [{"type": "http.response.body", "body": b"{}"}]


async def test_who_reads_a_large_answer_slowly_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_answers, "MUCH", SIZE)
    turns = asyncio.Semaphore(1)

    async def bring(several: list[JsonObject]) -> list[JsonObject]:
        return several

    sending, read = asyncio.Event(), asyncio.Event()

    async def send(message: Message) -> None:
        sending.set()
        await read.wait()

    async def receive() -> Message:
        raise AssertionError("an answer receives nothing")

    async def answer() -> None:
        with large_answers.answer_budget():
            await large_answers.load_values([{"v": {REFERENCE: "job/hash", "size": 2 * SIZE}}], bring, turns)
            assert turns.locked()
            await JsonResponse([b"1" * 2 * PIECE], 200)({"type": "http"}, receive, send)

    slow = asyncio.create_task(answer())
    async with asyncio.timeout(60):
        await sending.wait()
        await turns.acquire()
        read.set()
        await slow


async def test_the_answers_to_a_batch_leave_in_order_large_or_not(doors: Doors) -> None:
    large = again(await large_job(doors, "x" * SIZE), 1)
    small = again(await large_job(doors, "y"), 1)
    answers = (await doors.http.post("/graphql", json=[{"query": text} for text in (large, small, large)])).json()
    assert [answer["data"]["a0"]["variables"]["v"] for answer in answers] == ["x" * SIZE, "y", "x" * SIZE]
