"""A server with sign-in, as a process: what it says and does not say, its command line, its WebSocket."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from jobyard.resolvers.store.mongod import find_mongod
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from .. import processes
from ..documents import chain, task
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
    return processes.run(command, env=environment, input=given, timeout=60)


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
    assert (refused.returncode, refused.stdout) == (3, "")
    assert refused.stderr.startswith("jobyard: You are not signed in")
    wrong = jobyard(server, "login", "admin", given="wrong\n")
    assert (wrong.returncode, wrong.stderr[:28]) == (3, "jobyard: Invalid credentials")


def test_the_first_start_draws_a_password_and_shows_it_once(tmp_path: Path) -> None:
    require(find_mongod(), "a mongod: pip install jobyard[mongod]")
    with serving("--data", str(tmp_path), closed=True, JOBYARD_ADMIN_PASSWORD="") as first:
        (password,) = re.findall(r"^account admin, password (\S+): it is shown this once", first.greeting, re.MULTILINE)
        login = {"username": "admin", "password": password}
        token = httpx.post(f"{first.address}/login", json=login).text
    with serving("--data", str(tmp_path), closed=True, JOBYARD_ADMIN_PASSWORD="another one") as second:
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
        "the server ended: jobyard: --open makes everybody who reaches the server the administrator, and 0.0.0.0 is "
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


class Socket:
    """A WebSocket of who showed a token."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    def _send(self, message: dict[str, Any]) -> None:
        self._socket.send(json.dumps(message))

    def begin(self, id: str, query: str) -> None:
        self._send({"id": id, "type": "subscribe", "payload": {"query": query}})

    def heard(self) -> dict[str, Any]:
        return json.loads(self._socket.recv(30))

    def ask(self, id: str, query: str) -> list[dict[str, Any]]:
        """What comes until the operation is over."""
        self.begin(id, query)
        messages = [self.heard()]
        while messages[-1]["type"] == "next":
            messages.append(self.heard())
        return messages


@contextmanager
def websocket(server: Server, token: str) -> Generator[Socket]:
    address = f"{server.address.replace('http', 'ws', 1)}/graphql"
    with connect(address, subprotocols=["graphql-transport-ws"]) as socket:  # type: ignore[list-item]
        socket.send(json.dumps({"type": "connection_init", "payload": {"token": token}}))
        assert json.loads(socket.recv(30))["type"] == "connection_ack"
        yield Socket(socket)


def ask(server: Server, token: str, query: str, **variables: Any) -> Any:
    headers = {"authorization": f"Bearer {token}"}
    body = {"query": query, "variables": variables}
    answer = httpx.post(f"{server.address}/graphql", json=body, headers=headers, timeout=60).json()
    assert "errors" not in answer
    return answer["data"]


def another_administrator(server: Server, name: str) -> tuple[str, str]:
    """The id and a token."""
    admin = token_of(server)
    roles = ask(server, admin, "{ roles { results { id name } } }")["roles"]["results"]
    (role,) = [one["id"] for one in roles if one["name"] == "admin"]
    fields = "createAccount(username: $name, password: $name, roles: $roles) { id }"
    create = f"mutation($name: String!, $roles: [ID!]) {{ {fields} }}"
    id = ask(server, admin, create, name=name, roles=[role])["createAccount"]["id"]
    return id, httpx.post(f"{server.address}/login", json={"username": name, "password": name}).text


def codes(message: dict[str, Any]) -> list[str]:
    payload = message["payload"]
    return [error["extensions"]["code"] for error in (payload if isinstance(payload, list) else payload["errors"])]


def test_an_operation_over_a_websocket_is_asked_by_the_account_as_it_is_now(server: Server) -> None:
    id, token = another_administrator(server, "eve of old")
    with websocket(server, token) as socket:
        viewer = {"data": {"viewer": {"username": "eve of old"}}}
        assert socket.ask("1", "{ viewer { username } }")[0]["payload"] == viewer
        admin = token_of(server)
        ask(server, admin, "mutation($id: ID!) { updateAccount(id: $id, roles: []) { id } }", id=id)
        create = 'mutation { createGroup(name: "by eve") { id } }'
        assert codes(socket.ask("2", create)[0]) == ["NOT_ALLOWED"]
        ask(server, admin, "mutation($id: ID!) { updateAccount(id: $id, inactive: true) { id } }", id=id)
        for number, query in enumerate(
            ("{ viewer { username } }", create, "subscription { jobsChanged { number } }"), 3
        ):
            (refused,) = socket.ask(str(number), query)
            assert (refused["type"], codes(refused)) == ("error", ["NOT_SIGNED_IN"])
    assert ask(server, admin, "{ groups { total } }") == {"groups": {"total": 0}}


@pytest.mark.parametrize(
    ("end", "code"),
    [("forceLogout(id: $id)", "NOT_SIGNED_IN"), ("updateAccount(id: $id, roles: []) { id }", "NOT_ALLOWED")],
)
def test_a_subscription_ends_with_what_allowed_it(server: Server, end: str, code: str) -> None:
    admin = token_of(server)
    document = chain("ask", a1={**task("ViewData", header="h"), "type": "manual"})
    ask(server, admin, "mutation($d: [JSON!]!) { importWorkflows(documents: $d) { skipped { reason } } }", d=[document])
    job = ask(server, admin, 'mutation { startJob(workflow: "ask", options: {}) { id } }')["startJob"]["id"]
    id, token = another_administrator(server, f"eve until {code}")
    with websocket(server, token) as socket:
        socket.begin("1", f'subscription {{ jobChanged(id: "{job}") {{ number }} }}')
        assert [socket.heard()["payload"]["data"]["jobChanged"]["number"] for _ in range(2)] == [0, 1]
        ask(server, admin, f"mutation($id: ID!) {{ {end} }}", id=id)
        finish = 'mutation($job: ID!) { finishTask(jobId: $job, taskId: "a1", finishState: SUCCESS) { id } }'
        ask(server, admin, finish, job=job)
        assert codes(socket.heard()) == [code]


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
