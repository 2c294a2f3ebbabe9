"""Endpoints: what they are asked, and what becomes of their answers."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import pytest
from jobyard.models.engine.outcomes import Finish
from jobyard.models.json import Json
from jobyard.models.language.javascript.coercion import UNDEFINED
from jobyard.resolvers.providers.configuration import Endpoint
from jobyard.resolvers.providers.endpoint import ask_endpoint
from jobyard.resolvers.providers.exchange import LARGEST_ANSWER, Exchanges

from ...endpoints import NEVER, Asked, Reply, Server, answering, replying
from .calls import call

pytestmark = pytest.mark.anyio

SHAPE = 'It must answer 200 with {"state": "success", "failure" or "error", "outgoing": {...}, "error": ...}.'
SECRET = "t0ken-t0ken"


@pytest.fixture
async def exchanges() -> AsyncGenerator[Exchanges]:
    exchanges = Exchanges()
    yield exchanges
    await exchanges.close()


async def answer_to(exchanges: Exchanges, server: Server, **more: Any) -> Finish:
    headers = {"Authorization": f"Bearer {SECRET}"}
    endpoint = Endpoint(f"{server.address}/do?a=1", headers=headers, secrets=frozenset({SECRET}), **more)
    return await ask_endpoint(endpoint, exchanges)(call(id=7))


async def test_it_is_asked_for_the_task_with_the_key_of_the_attempt(exchanges: Exchanges) -> None:
    with answering(replying({"state": "success", "outgoing": {"result": {"n": 1.0}}})) as server:
        assert await answer_to(exchanges, server, method="PUT", key_header="X-Key") == Finish(
            "success", {"result": {"n": 1}}
        )
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("PUT", "/do?a=1")
    assert asked.json == {
        "app": "Jira",
        "name": "getTicket",
        "location": "Adapter",
        "incoming": {"id": 7},
        "key": "65f/a1/1/2",
    }
    assert asked.headers["authorization"] == f"Bearer {SECRET}"
    assert asked.headers["x-key"] == "65f/a1/1/2"
    assert asked.headers["content-type"] == "application/json"


async def test_the_id_of_a_task_that_is_not_ascii_is_escaped_in_the_header(exchanges: Exchanges) -> None:
    with answering(replying({"state": "success"})) as server:
        asked = replace(call(), task_id="tâche\r\nx")
        assert await ask_endpoint(Endpoint(server.address), exchanges)(asked) == Finish("success")
    assert server.asked[0].json["key"] == "65f/tâche\r\nx/1/2"
    assert server.asked[0].headers["idempotency-key"] == "65f/t%C3%A2che%0D%0Ax/1/2"


async def test_values_that_json_has_not_are_sent_as_javascript_would(exchanges: Exchanges) -> None:
    incoming: Json = {"nan": float("nan"), "gone": UNDEFINED, "half": "\ud800", "large": 2**70, "deep": [float("inf")]}
    with answering(replying({"state": "success"})) as server:
        await ask_endpoint(Endpoint(server.address), exchanges)(call(**incoming))
    assert server.asked[0].json["incoming"] == {"nan": None, "half": "\ud800", "large": 2**70, "deep": [None]}


@pytest.mark.parametrize(
    ("body", "finish"),
    [
        ({"state": "success"}, Finish("success")),
        ({"state": "failure", "outgoing": None}, Finish("failure")),
        ({"state": "failure", "outgoing": {"result": []}, "more": 1}, Finish("failure", {"result": []})),
        ({"state": "error", "error": {"code": 5}}, Finish("error", error={"code": 5})),
    ],
)
async def test_its_answer_is_the_finish_of_the_task(exchanges: Exchanges, body: Json, finish: Finish) -> None:
    with answering(replying(body)) as server:
        assert await answer_to(exchanges, server) == finish


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(b"down  for\nrepair", 503), f"answered 503: down for repair. {SHAPE}"),
        (Reply(b"", 404), f"answered 404. {SHAPE}"),
        (
            Reply(b"", 307, {"location": "http://127.0.0.1:1/"}),
            f"answered 307. Redirects are not followed: name the final address. {SHAPE}",
        ),
        (
            Reply(b"<html>"),
            f"answered no JSON. This text is not JSON: Expecting value: line 1 column 1 (char 0). {SHAPE}",
        ),
        (Reply(b"\xff"), f"answered no JSON. This text is not JSON: it is not UTF-8. {SHAPE}"),
        (Reply(b"[" * 100_000), None),
        (Reply(b"[]"), f"answered without a state that is known here. {SHAPE}"),
        (Reply(b'{"state": "done"}'), f"answered without a state that is known here. {SHAPE}"),
        (Reply(b'{"state": ["success"]}'), f"answered without a state that is known here. {SHAPE}"),
        (Reply(b'{"state": "success", "outgoing": []}'), f"answered with an outgoing that is no object. {SHAPE}"),
        (
            Reply(b'{"state": "error"}'),
            "ended the task in error and did not say why: it can, in the error of its answer.",
        ),
        (
            Reply(b'{"state": "success", "outgoing": {"a": ' + b"[" * 95 + b"]" * 95 + b"}}"),
            "was heard, but its answer cannot be stored: it is nested more than 90 levels deep.",
        ),
        (
            Reply(b"x", headers={"content-encoding": "gzip"}),
            "answered in a compressed form, though it was asked not to. "
            "Look at it, and at its entry in the providers file.",
        ),
        (
            Reply(b"{}", headers={"content-length": "5"}),
            None,
        ),
        (
            NEVER,
            "did not answer within 0.2 seconds. Look at it, and at its entry in the providers file.",
        ),
    ],
)
async def test_what_goes_wrong_is_the_error_of_the_task(exchanges: Exchanges, reply: Reply, told: str | None) -> None:
    timeout = 0.2 if reply is NEVER or told is None else 20
    with answering(lambda asked: reply) as server:
        finish = await answer_to(exchanges, server, timeout=timeout)
    who = f"The provider of Jira.getTicket, {server.address}/do, "
    assert (finish.state, finish.outgoing, len(server.asked)) == ("error", {}, 1)
    assert finish.error.startswith(who)
    if told is not None:
        assert finish.error == who + told


async def test_an_answer_without_end_is_left_at_its_limit(exchanges: Exchanges) -> None:
    with answering(lambda asked: Reply(b" " * (LARGEST_ANSWER + 1))) as server:
        finish = await answer_to(exchanges, server)
    assert finish.error == (
        f"The provider of Jira.getTicket, {server.address}/do, answered with more than {LARGEST_ANSWER} bytes. "
        "Look at it, and at its entry in the providers file."
    )


async def test_an_endpoint_that_repeats_its_request_does_not_tell_the_secret(exchanges: Exchanges) -> None:
    def echo(asked: Asked) -> Reply:
        return Reply(f"{asked.headers['authorization']} {'x' * 186} {SECRET}".encode(), 401)

    with answering(echo) as server:
        finish = await answer_to(exchanges, server)
    assert finish.error.endswith(f"answered 401: Bearer *** {'x' * 186} **.... {SHAPE}")
    with answering(replying({"state": "error", "error": [{"got": f"Bearer {SECRET}"}]})) as server:
        assert await answer_to(exchanges, server) == Finish("error", error=[{"got": "Bearer ***"}])


async def test_cookies_of_one_task_do_not_reach_the_next(exchanges: Exchanges) -> None:
    cookie: dict[str, Any] = {"set-cookie": "session=1"}
    with answering(replying({"state": "success"}, **cookie)) as server:
        await answer_to(exchanges, server)
        await answer_to(exchanges, server)
    assert [asked.headers.get("cookie") for asked in server.asked] == [None, None]


async def test_a_refused_connection_is_told_with_the_remedy(exchanges: Exchanges) -> None:
    server = Server(replying({}))
    try:
        finish = await answer_to(exchanges, server)
    finally:
        server.close()
    assert finish.error == (
        f"The provider of Jira.getTicket, {server.address}/do, cannot be reached: All connection attempts failed. "
        "Start it, or mend its url in the providers file."
    )


async def test_a_refused_connection_is_tried_again_after_ever_longer_pauses() -> None:
    server = Server(replying({"state": "success"}))
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            server.open()

    exchanges = Exchanges(pause)
    try:
        assert await answer_to(exchanges, server, retries=3) == Finish("success")
    finally:
        server.close()
        await exchanges.close()
    assert (pauses, len(server.asked)) == ([0.1, 0.2], 1)


async def test_its_timeout_holds_for_all_attempts_together() -> None:
    server = Server(replying({}))
    exchanges = Exchanges()
    try:
        finish = await answer_to(exchanges, server, retries=10, timeout=0.15)
    finally:
        server.close()
        await exchanges.close()
    assert "did not answer within 0.15 seconds" in finish.error


async def test_an_answer_that_breaks_off_is_not_asked_for_again(exchanges: Exchanges) -> None:
    with answering(
        lambda asked: Reply(b"{}", headers={"content-length": "0", "transfer-encoding": "chunked"})
    ) as server:
        finish = await answer_to(exchanges, server, retries=3, timeout=0.5)
    assert (finish.state, len(server.asked)) == ("error", 1)
