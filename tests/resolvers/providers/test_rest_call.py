"""restCall: the request that the incoming values describe, and the value of its answer."""

import shutil
import ssl
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from typing import Any

import pytest
from jobyard.models.engine.outcomes import Finish
from jobyard.models.json import Json
from jobyard.models.language.javascript.coercion import UNDEFINED
from jobyard.resolvers.providers.egress import EgressPolicy
from jobyard.resolvers.providers.exchange import LARGEST_ANSWER, Exchanges
from jobyard.resolvers.providers.rest_call import do_rest_call

from ... import processes
from ...endpoints import NEVER, Reply, Server, answering, replying
from ...parts import require
from .calls import call

pytestmark = pytest.mark.anyio


@pytest.fixture
async def exchanges() -> AsyncGenerator[Exchanges]:
    exchanges = Exchanges()
    yield exchanges
    await exchanges.close()


async def rest_call(
    exchanges: Exchanges, reach: EgressPolicy | None = None, seconds: float = 20, **incoming: Json
) -> Finish:
    perform = do_rest_call(exchanges, reach or EgressPolicy(), seconds)
    unset = dict.fromkeys(("user", "password", "headers", "body"), "")
    return await perform(call("restCall", app="WorkFlowEngine", **{**unset, "responseHeaders": False, **incoming}))


async def test_the_response_is_the_parsed_body(exchanges: Exchanges) -> None:
    with answering(replying({"deck": [1, 2.0]})) as server:
        finish = await rest_call(exchanges, uri=f" {server.address}/new?x=a%20b ", verb="get")
    assert finish == Finish("success", {"response": {"deck": [1, 2]}})
    (asked,) = server.asked
    assert (asked.method, asked.path, asked.body) == ("GET", "/new?x=a%20b", b"")
    assert asked.headers["host"] == server.address.removeprefix("http://")
    assert "authorization" not in asked.headers


@pytest.mark.parametrize(
    ("body", "response"),
    [(b"", None), (b"plain text", "plain text"), (b"\xff", "\ufffd"), (b'"a"', "a"), (b"null", None)],
)
async def test_a_body_that_is_no_json_is_text(exchanges: Exchanges, body: bytes, response: Json) -> None:
    with answering(lambda asked: Reply(body)) as server:
        finish = await rest_call(exchanges, uri=server.address, verb="GET")
    assert finish == Finish("success", {"response": response})


@pytest.mark.parametrize("wanted", [True, "true"])
async def test_the_response_has_headers_where_they_are_wanted(exchanges: Exchanges, wanted: Json) -> None:
    with answering(replying({"a": 1}, 201, **{"X-Request": "r1"})) as server:
        finish = await rest_call(exchanges, uri=server.address, verb="POST", responseHeaders=wanted)
    response = finish.outgoing["response"]
    assert (finish.state, set(response), response["body"]) == ("success", {"body", "headers"}, {"a": 1})
    assert (response["headers"]["x-request"], response["headers"]["content-length"]) == ("r1", "8")


@pytest.mark.parametrize(
    ("incoming", "content_type", "body"),
    [
        ({"body": {"a": [1, None]}}, "application/json", b'{"a":[1,null]}'),
        ({"body": '{"a": 1}'}, "application/json", b'{"a": 1}'),
        ({"body": "a,b", "headers": {"content-type": "text/csv"}}, "text/csv", b"a,b"),
        (
            {
                "body": {"a": "x y", "n": 5, "gone": None},
                "headers": {"Content-Type": "application/x-www-form-urlencoded"},
            },
            "application/x-www-form-urlencoded",
            b"a=x+y&n=5",
        ),
        ({"body": ""}, None, b""),
        ({"body": UNDEFINED}, None, b""),
    ],
)
async def test_the_body_goes_as_the_headers_say(
    exchanges: Exchanges, incoming: dict[str, Any], content_type: str | None, body: bytes
) -> None:
    with answering(replying({})) as server:
        await rest_call(exchanges, uri=server.address, verb="PATCH", **incoming)
    (asked,) = server.asked
    assert (asked.method, asked.headers.get("content-type"), asked.body) == ("PATCH", content_type, body)


async def test_a_get_with_an_empty_object_has_no_body(exchanges: Exchanges) -> None:
    with answering(replying({})) as server:
        await rest_call(exchanges, uri=server.address, verb="GET", body={})
    assert "content-length" not in server.asked[0].headers


async def test_headers_and_a_user_are_sent(exchanges: Exchanges) -> None:
    with answering(replying({})) as server:
        headers = {"X-Number": 5, "X-Empty": "", "host": "other.example"}
        await rest_call(exchanges, uri=server.address, verb="DELETE", user="ada", password="pw", headers=headers)
        with_user = server.address.replace("http://", "http://bo:no@")
        await rest_call(exchanges, uri=with_user, verb="GET")
    first, second = server.asked
    assert (first.headers["authorization"], first.headers["x-number"]) == ("Basic YWRhOnB3", "5")
    assert "x-empty" not in first.headers
    assert first.headers["host"] == server.address.removeprefix("http://")
    assert second.headers["authorization"] == "Basic Ym86bm8="


async def test_a_status_that_is_no_success_is_an_error_with_the_body(exchanges: Exchanges) -> None:
    with answering(replying({"detail": "gone"}, 404)) as server:
        finish = await rest_call(exchanges, uri=f"{server.address}/a?token=hidden", verb="GET")
    assert finish == Finish(
        "error",
        error={"message": f"GET {server.address}/a answered 404.", "statusCode": 404, "body": {"detail": "gone"}},
    )


async def test_a_redirect_is_not_followed(exchanges: Exchanges) -> None:
    with answering(lambda asked: Reply(b"", 302, {"location": "http://169.254.169.254/"})) as server:
        finish = await rest_call(exchanges, uri=server.address, verb="GET")
    assert finish.error["message"] == (
        f"GET {server.address} answered 302. Redirects are not followed: name the final address."
    )
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("incoming", "error"),
    [
        ({"verb": "TRACE"}, "'verb' must be one of DELETE, GET, PATCH, POST, PUT, not 'TRACE'."),
        ({"verb": None}, "'verb' must be a text, not null."),
        ({"uri": UNDEFINED}, "'uri' must be a text, not undefined."),
        (
            {"uri": "file:///etc/passwd"},
            "'uri' must be an address that begins with http:// or https:// and names a host.",
        ),
        ({"uri": "http://[::1"}, "'uri' must be an address that begins with http:// or https:// and names a host."),
        ({"uri": "/relative"}, "'uri' must be an address that begins with http:// or https:// and names a host."),
        ({"headers": "x: y"}, "'headers' must be an object, not the text 'x: y'."),
        ({"headers": {"x": "é€"}}, "'headers' hold a character that HTTP headers cannot have: they are ASCII."),
        ({}, "GET http://127.0.0.1:1/ cannot be reached: All connection attempts failed."),
        (
            {"uri": "http://169.254.169.254/latest"},
            "restCall may not reach 169.254.169.254 (169.254.169.254) from this server. "
            "Its providers file says what it may, under rest_call.allow.",
        ),
    ],
)
async def test_what_cannot_be_asked_is_an_error(exchanges: Exchanges, incoming: dict[str, Any], error: str) -> None:
    finish = await rest_call(exchanges, **{"uri": "http://127.0.0.1:1/", "verb": "GET", **incoming})
    assert finish == Finish("error", error=error)


async def test_a_host_out_of_reach_is_not_asked(exchanges: Exchanges) -> None:
    with answering(replying({})) as server:
        uri = f"{server.address.replace('127.0.0.1', 'localhost')}/"
        refused = await rest_call(exchanges, EgressPolicy.from_entries(["api.example"]), uri=uri, verb="GET")
        assert server.asked == []
        allowed = await rest_call(exchanges, EgressPolicy.from_entries(["local*"]), uri=uri, verb="GET")
    assert refused.error.startswith("restCall may not reach localhost (")
    assert allowed == Finish("success", {"response": {}})


async def test_an_answer_that_does_not_come_is_an_error_in_time(exchanges: Exchanges) -> None:
    with answering(lambda asked: NEVER) as server:
        finish = await rest_call(exchanges, seconds=0.2, uri=server.address, verb="GET")
    assert finish == Finish("error", error=f"GET {server.address} did not answer within 0.2 seconds.")


async def test_an_answer_without_end_is_left_at_its_limit(exchanges: Exchanges) -> None:
    with answering(lambda asked: Reply(b" " * (LARGEST_ANSWER + 1))) as server:
        finish = await rest_call(exchanges, uri=server.address, verb="GET")
    assert finish == Finish("error", error=f"GET {server.address} answered with more than {LARGEST_ANSWER} bytes.")


async def test_a_header_that_would_break_the_request_is_not_sent_and_not_told(exchanges: Exchanges) -> None:
    with answering(replying({})) as server:
        finish = await rest_call(exchanges, uri=f"{server.address}/", verb="GET", headers={"x": "a\r\nhost: b"})
    assert finish == Finish(
        "error",
        error=f"GET {server.address}/ was not asked: a header or the address is not as HTTP has it.",
    )
    assert server.asked == []


@pytest.fixture
def unknown_https(tmp_path: Path) -> Generator[Server]:
    """A server with a certificate of its own making."""
    require(shutil.which("openssl"), "openssl on PATH")
    key, certificate = str(tmp_path / "key.pem"), str(tmp_path / "certificate.pem")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    processes.run([*command, "-keyout", key, "-out", certificate], check=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = Server(replying({}))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.open()
    yield server
    server.close()


async def test_a_certificate_that_nobody_vouches_for_is_refused(exchanges: Exchanges, unknown_https: Server) -> None:
    finish = await rest_call(exchanges, uri=unknown_https.address.replace("http:", "https:"), verb="GET")
    assert "certificate verify failed" in finish.error
    assert unknown_https.asked == []
