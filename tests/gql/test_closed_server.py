"""A server with sign-in, as a process: what it says and does not say, its command line, its WebSocket."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import httpx
import pytest
from jobyard.resolvers.store.mongod import find_mongod
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from ..parts import ROOT, require
from ..servers import Server, serving

PASSWORD = "a password for the tests"


@pytest.fixture(scope="module")
def server() -> Generator[Server]:
    with serving("--memory", "--examples", closed=True, JOBYARD_ADMIN_PASSWORD=PASSWORD) as one:
        yield one


def jobyard(server: Server, *arguments: str, given: str = "", token: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "JOBYARD_SERVER": server.address, "JOBYARD_TOKEN": token}
    command = [sys.executable, str(ROOT / "tests" / "serve.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, input=given, timeout=60)


def token_of(server: Server) -> str:
    return httpx.post(f"{server.address}/login", json={"username": "admin", "password": PASSWORD}).text


def test_login_prints_a_token_and_the_other_commands_take_it(server: Server) -> None:
    done = jobyard(server, "login", "admin", given=f"{PASSWORD}\n")
    assert (done.returncode, done.stderr) == (0, "")
    token = done.stdout.strip()
    start = ("start", "Greet a device", "--var", "device=edge-1")
    assert len(jobyard(server, *start, token=token).stdout.strip()) == 24
    assert len(jobyard(server, *start, "--token", token).stdout.strip()) == 24
    refused = jobyard(server, *start)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("jobyard: You are not signed in")
    wrong = jobyard(server, "login", "admin", given="wrong\n")
    assert (wrong.returncode, wrong.stderr[:28]) == (1, "jobyard: Invalid credentials")


def test_the_first_start_draws_a_password_and_shows_it_once(tmp_path: Path) -> None:
    require(find_mongod(), "a mongod: pip install jobyard[mongod]")
    with serving("--data", str(tmp_path), closed=True, JOBYARD_ADMIN_PASSWORD="") as first:
        (password,) = re.findall(r"^account admin, password (\S+): it is shown this once", first.greeting, re.MULTILINE)
        login = {"username": "admin", "password": password}
        token = httpx.post(f"{first.address}/login", json=login).text
    with serving("--data", str(tmp_path), closed=True, JOBYARD_ADMIN_PASSWORD="another") as second:
        assert "password" not in second.greeting
        assert httpx.post(f"{second.address}/login", json=login).status_code == 200
        assert httpx.get(f"{second.address}/whoami", params={"token": token}).status_code == 200


def test_neither_tokens_nor_passwords_come_into_the_log() -> None:
    with serving("--memory", closed=True, JOBYARD_ADMIN_PASSWORD=PASSWORD) as server:
        token = token_of(server)
        for path in ("/whoami", "/operations-manager/jobs/x", "/nope"):
            httpx.get(f"{server.address}{path}", params={"token": token})
        assert token not in httpx.get(f"{server.address}/help/openapi", params={"token": token}).text
        server.process.send_signal(2)
        assert server.process.stdout is not None
        said = server.greeting + server.process.stdout.read()
    assert token not in said
    assert PASSWORD not in said


def test_open_is_refused_where_others_could_reach_it() -> None:
    with pytest.raises(AssertionError) as refusal:
        Server("--memory", "--host", "0.0.0.0")
    assert str(refusal.value) == (
        "the server ended: jobyard: --open lets everybody who reaches the server be the administrator, and 0.0.0.0 is "
        "no loopback address. Leave out --open, or listen on 127.0.0.1.\n"
    )


def test_an_open_server_does_not_answer_to_names_that_are_not_its_own() -> None:
    with serving("--memory") as server:
        for path in ("/whoami", "/graphql?query={viewer{id}}"):
            answer = httpx.get(f"{server.address}{path}", headers={"host": "evil.example"})
            assert answer.status_code == 403
            assert "HOST_REFUSED" in answer.text
        page = {"origin": "https://evil.example"}
        assert httpx.post(f"{server.address}/logout", headers=page).status_code == 403
        assert httpx.get(f"{server.address}/whoami").json()["username"] == "admin"


def test_the_playground_and_its_files_need_no_sign_in(server: Server) -> None:
    page = httpx.get(f"{server.address}/graphql", headers={"accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert httpx.get(f"{server.address}/static/playground.js").status_code == 200
    assert httpx.get(f"{server.address}/").status_code == 200
    assert httpx.get(f"{server.address}/help/tasks").status_code == 401
    assert httpx.get(f"{server.address}/nope").status_code == 401


QUERY = {"id": "1", "type": "subscribe", "payload": {"query": "{ viewer { username } }"}}


@pytest.mark.parametrize("way", ["payload", "query", "cookie"])
def test_a_websocket_takes_the_token_in_every_way(server: Server, way: str) -> None:
    token = token_of(server)
    address = f"{server.address.replace('http', 'ws', 1)}/graphql" + (f"?token={token}" if way == "query" else "")
    headers = {"cookie": f"token={token}"} if way == "cookie" else {}
    with connect(address, subprotocols=["graphql-transport-ws"], additional_headers=headers) as socket:  # type: ignore[list-item]
        socket.send(json.dumps({"type": "connection_init", "payload": {"token": token} if way == "payload" else {}}))
        assert json.loads(socket.recv(30))["type"] == "connection_ack"
        socket.send(json.dumps(QUERY))
        assert json.loads(socket.recv(30))["payload"]["data"] == {"viewer": {"username": "admin"}}


@pytest.mark.parametrize("payload", [{}, {"token": "x"}, {"token": 7}])
def test_a_websocket_of_nobody_is_closed(server: Server, payload: object) -> None:
    address = f"{server.address.replace('http', 'ws', 1)}/graphql"
    with connect(address, subprotocols=["graphql-transport-ws"]) as socket:  # type: ignore[list-item]
        socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(30)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4403


def test_a_websocket_of_another_origin_is_refused(server: Server) -> None:
    address = f"{server.address.replace('http', 'ws', 1)}/graphql"
    with pytest.raises(InvalidStatus) as refusal:
        connect(address, origin="https://evil.example")  # type: ignore[arg-type]
    assert refusal.value.response.status_code == 403
