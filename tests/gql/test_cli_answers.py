"""What the commands make of servers that are none, are in trouble or cannot be reached: one sentence, exit code 1."""

import io
import json
import socket
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path

import pytest
from jobyard.gql.cli import client
from jobyard.gql.cli.main import main
from jobyard.gql.rest.envelope import STATUS

from ..endpoints import NEVER, Reply, answering

TROUBLE = {"message": "Something went wrong here; the server's log has it.", "data": None, "metadata": {}}
HTML = {"content-type": "text/html"}
SSE = {"content-type": "text/event-stream"}
FORBIDDEN = (
    "HOST_REFUSED", "NOT_ALLOWED", "NOT_SIGNED_IN", "NOT_YOURS_TO_GIVE", "ORIGIN_REFUSED", "PROJECT_ROLE_FORBIDS",
    "SIGN_IN_REFUSED", "TOO_MANY_ATTEMPTS",
)  # fmt: skip
AWAY = ("DATABASE_UNAVAILABLE", "OVERLOADED", "SHUTTING_DOWN", "WORKERS_INACTIVE")
ASKS = [["list"], ["start", "x"], ["start", "x", "--wait"], ["follow", "f" * 24], ["cancel", "f" * 24]]


def told(*arguments: str, code: int = 1) -> str:
    """What a command says that ends with the exit code `code`: a line of its own."""
    written = io.StringIO()
    with redirect_stderr(written), pytest.raises(SystemExit) as left:
        main(arguments)
    left_with = left.value.code  # a text is printed on leaving, with 1
    assert (1 if isinstance(left_with, str) else left_with) == code
    said = left_with if isinstance(left_with, str) else written.getvalue().removesuffix("\n")
    assert said.startswith("jobyard: ")
    return said.removeprefix("jobyard: ")


def as_json(value: object, status: int = 200, **headers: str) -> Reply:
    return Reply(json.dumps(value).encode(), status, {"content-type": "application/json", **headers})


@pytest.mark.parametrize("arguments", ASKS, ids=" ".join)
@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (as_json(TROUBLE, 500), "answered 500 Internal Server Error: Something went wrong here;"),
        (as_json({"message": "The database is away."}, 503), "answered 503 Service Unavailable: The database is away."),
        (as_json({"errors": [{"message": "The database is away."}]}, 503), "The database is away."),
        (as_json({"errors": [{"message": "Broken.", "extensions": {"code": "INTERNAL_ERROR"}}]}), "Broken."),
        (as_json({"data": None}), "answered 200 OK: without a result"),
        (as_json({}), "answered 200 OK: without a result"),
        (as_json([1]), "is not a GraphQL server: the answer is 200 OK, application/json."),
        (as_json(None, 502), "cannot answer now: 502 Bad Gateway."),
        (as_json({"errors": "all"}, 400), "The server answered with errors without messages."),
        (as_json({"errors": [7, {"message": 7}]}, 400), "The server answered with errors without messages."),
        (as_json({"message": "Sign in.", "data": None}, 401), "Sign in."),
        (Reply(b"<h1>gone</h1>", 503, HTML), "cannot answer now: 503 Service Unavailable."),
        (Reply(b"<h1>hello</h1>", 200, HTML), "is not a GraphQL server: the answer is 200 OK, text/html."),
        (Reply(b"", 204), "is not a GraphQL server: the answer is 204 No Content, untyped."),
        (
            Reply(b"", 308, {"location": "https://other/"}),
            "redirects to https://other/: give that address with --server.",
        ),
        (Reply(b"\xff\xfe\xfa", 200), "is not a GraphQL server: the answer is 200 OK, untyped."),
        (Reply(b"[" * 100_000, 200), "is not a GraphQL server: the answer is 200 OK, untyped."),
        (
            Reply(b"not gzip", 200, {"content-encoding": "gzip"}),
            "is not a jobyard server: Error -3 while decompressing data",
        ),
    ],
)  # fmt: skip
def test_an_odd_answer_is_one_sentence(arguments: list[str], reply: Reply, expected: str) -> None:
    with answering(lambda asked: reply) as server:
        open_start = expected == "Broken." and arguments[0] == "start"  # whether there is a job now is not known
        code = 5 if reply.status >= 500 or open_start else 1
        assert expected in told(*arguments, "--server", server.address, code=code)


@pytest.mark.parametrize(
    ("content", "expected", "code"),
    [
        (b"event: next\ndata: nonsense\n\n", "is not a GraphQL server: the answer is not JSON.", 1),
        (b'event: next\ndata: {"errors": [{"message": "No."}]}\n\n', "No.", 1),
        (b"event: next\n", "broke off.", 5),
    ],
)
def test_an_odd_stream_is_one_sentence(content: bytes, expected: str, code: int) -> None:
    with answering(lambda asked: Reply(content, headers=SSE)) as server:
        assert expected in told("follow", "f" * 24, "--server", server.address, code=code)


def test_an_answer_without_end_is_not_read_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "LARGEST_ANSWER", 2**20)
    with answering(lambda asked: Reply(b" " * (2**20 + 1))) as server:
        assert "answered more than 1 MiB." in told("list", "--server", server.address)


def test_a_server_that_answers_nothing_is_told_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "ANSWER_SECONDS", 0.1)
    with answering(lambda asked: NEVER) as server:
        said = told("list", "--server", server.address, code=5)
    assert "broke off: not a byte of an answer within 0.1 s." in said


@contextmanager
def breaking() -> Generator[str]:
    """A server that hears a request, and breaks off."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hear() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)

        thread = threading.Thread(target=hear)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


@pytest.mark.parametrize(
    ("key", "remedy"), [((), "Look with `jobyard list` first"), (("--key", "k1"), "Start the job again with --key k1")]
)
def test_who_does_not_know_whether_a_job_was_started_is_told_so(key: tuple[str, ...], remedy: str) -> None:
    with breaking() as address:
        said = told("start", "x", *key, "--server", address, code=5)
    assert "The job may have been started all the same." in said
    assert remedy in said


def refusal(status: int = 200, **extensions: object) -> Reply:
    return as_json({"errors": [{"message": "No.", "extensions": extensions}], "data": None}, status)


@pytest.mark.parametrize(
    "reply",
    [
        *(refusal(code=code) for code in sorted(STATUS.keys() - {"INTERNAL_ERROR"})),
        refusal(code="DATABASE_UNAVAILABLE", mayBeDone=False),
        refusal(503, code="SHUTTING_DOWN"),
        refusal(503, code="OVERLOADED"),
        as_json({"message": "No.", "metadata": {"code": "HOST_REFUSED"}}, 403),
    ],
    ids=lambda reply: reply.body.decode(),
)
def test_a_start_that_was_refused_is_not_said_to_be_done(reply: Reply) -> None:
    with answering(lambda asked: reply) as server:
        assert told("start", "x", "--server", server.address, code=_code_of(reply)) == "No."


def _code_of(reply: Reply) -> int:
    """The exit code, as docs/command-line.md has it."""
    body = json.loads(reply.body)
    told = body["errors"][0]["extensions"]["code"] if "errors" in body else body["metadata"]["code"]
    if told.endswith("NOT_FOUND"):
        return 4
    return 3 if told in FORBIDDEN else 5 if told in AWAY else 1


@pytest.mark.parametrize(
    "reply",
    [
        refusal(code="INTERNAL_ERROR"),
        refusal(code="A_CODE_OF_TOMORROW"),
        refusal(code="DATABASE_UNAVAILABLE", mayBeDone=True),
        refusal(503),
        as_json({"errors": "all"}, 503),
        as_json({"message": "No."}, 500),
        Reply(b"<h1>gone</h1>", 502, HTML),
    ],
)
def test_a_start_whose_answer_leaves_it_open_may_have_been_done(reply: Reply) -> None:
    with answering(lambda asked: reply) as server:
        said = told("start", "x", "--server", server.address, code=5)
    assert "The job may have been started all the same." in said


@pytest.mark.parametrize(
    "address", ["localhost:8000", "http://[::1", "ftp://x", "nonsense", "http://", "http://a\x01b", "http://x:port"]
)
def test_what_is_no_address_is_told_with_one(address: str) -> None:
    said = told("list", "--server", address)
    assert "is not the address of a server: " in said
    assert said.endswith("Write an address like http://127.0.0.1:8000.")


def test_a_server_without_tls_is_told_of() -> None:
    with answering(lambda asked: as_json({})) as server:
        said = told("list", "--server", server.address.replace("http", "https"))
    assert said.startswith(f"No safe connection to {server.address.replace('http', 'https')}: ")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SSL_CERT_FILE", "/nowhere", "do not work: "),
        ("ALL_PROXY", "foo://x", "do not work: Unknown scheme for proxy URL"),
        ("JOBYARD_TOKEN", "ä", "The token is not valid: "),
        ("JOBYARD_TOKEN", "a\nb", "The token is not valid: "),
    ],
)
def test_settings_that_do_not_work_are_told(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(name, value)
    assert expected in told("list", "--server", "https://127.0.0.1:1")


def test_what_is_no_text_is_not_sent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with answering(lambda asked: as_json({"data": {"startJob": {"id": asked.json["variables"]["options"]}}})) as server:
        assert "The arguments cannot be sent: " in told("start", "\udcff", "--server", server.address)
        with pytest.raises(SystemExit):
            main(["start", "x", "--var", "a=NaN", "--var", "b=-Infinity", "--server", server.address])
        assert "{'a': 'NaN', 'b': '-Infinity'}" in capsys.readouterr().out
        (tmp_path / "w.json").write_text('{"a": NaN}')
        with pytest.raises(SystemExit):
            main(["import", str(tmp_path / "w.json"), "--server", server.address])
        assert "w.json: NaN is not JSON" in capsys.readouterr().out


def test_only_a_token_is_printed_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("secret\n"))
    with answering(lambda asked: Reply(b"<h1>welcome</h1>", 200, HTML)) as server:
        assert "the answer is not a token" in told("login", "ada", "--server", server.address)
