"""Questions whose answers are large: the same large job again and again, and pages of them."""

import json
import select
import socket
from collections.abc import Callable
from typing import Any

from ..documents import chain, task
from .inputs import Input, Who, asking, told
from .sockets import websocket
from .world import World

_IMPORT = "mutation($d: [JSON!]!) { importWorkflows(documents: $d) { skipped { reason } } }"
_NAME = "hostile large answers"


def _large_job(world: World, value: Any) -> str:
    with asking(world, "author") as http:
        document = chain(_NAME, a1=task("delay", time=3600))
        http.post("/graphql", json={"query": _IMPORT, "variables": {"d": [document]}})
        body = {"workflow": _NAME, "options": {"variables": {"v": value}}}
        started = http.post("/operations-manager/jobs/start", json=body).json()
    return str(started["data"]["_id"])


def asked_again(selection: str, times: int, value: Callable[[], Any]) -> Callable[[World, Who], str]:
    """One job of much, selected so many times in one operation."""

    def send(world: World, who: Who) -> str:
        id = _large_job(world, value())
        query = "{" + " ".join(f'a{at}: job(id: "{id}") {{ {selection} }}' for at in range(times)) + "}"
        with asking(world, who) as http:
            answer = http.post("/graphql", json={"query": query})
            return f"{told(answer)} {len(answer.content) / 1e6:.0f} MB"

    return send


def unread(sockets: int, value: Callable[[], Any]) -> Callable[[World, Who], str]:
    """Answers of 56 MB on so many sockets that read nothing, while others ask for little."""

    def send(world: World, who: Who) -> str:
        id = _large_job(world, value())
        query = "{" + " ".join(f'a{at}: job(id: "{id}") {{ variables }}' for at in range(7)) + "}"
        body = json.dumps({"query": query}).encode()
        head = f"POST /graphql HTTP/1.1\r\nHost: {world.host}:{world.port}\r\n"
        head += f"Authorization: Bearer {world.tokens[who]}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        opened = [socket.create_connection((world.host, world.port), 30) for _ in range(sockets)]
        try:
            for connection in opened:
                connection.sendall(head.encode() + body)
            begun, _, _ = select.select(opened, [], [], 30)
            with asking(world, who) as http:
                answers = [
                    http.post("/graphql", json={"query": "{ jobs(first: 1) { nodes { id } } }"}) for _ in range(100)
                ]
        finally:
            for connection in opened:
                connection.close()
        return f"{told(answers[-1])}, {len(begun)} begun at first"

    return send


def pages(path: str, times: int, value: Callable[[], Any]) -> Callable[[World, Who], str]:
    def send(world: World, who: Who) -> str:
        for _ in range(4):
            _large_job(world, value())
        with asking(world, who) as http:
            answers = [http.get(path) for _ in range(times)]
        return f"{told(answers[-1])} {sum(len(answer.content) for answer in answers) / 1e6:.0f} MB"

    return send


def one_after_hello(message: Callable[[], str]) -> Callable[[World, Who], str]:
    """A message of somebody who has said who they are."""

    def send(world: World, who: Who) -> str:
        with websocket(world, who) as ws:
            ws.send('{"type":"connection_init"}')
            ws.recv(timeout=30)
            try:
                ws.send(message())
                return f"answered {str(ws.recv(timeout=30))[:80]}"
            except Exception as fault:
                return f"closed: {str(fault)[:60]}"

    return send


def _subscribing(variables: Any) -> str:
    payload = {"query": "query($v: JSON) { __typename @skip(if: false) }", "variables": {"v": variables}}
    return json.dumps({"id": "1", "type": "subscribe", "payload": payload})


ANSWERS = [
    Input("a job of 8 MB, 200 times", "author", asked_again("variables", 200, lambda: "x" * 8_000_000), quick=True),
    Input("a job of 100,000 objects, 100 times", "author", asked_again("variables", 100, lambda: [{"a": 1}] * 100_000)),
    Input("12 answers of 56 MB, unread", "author", unread(12, lambda: "z" * 8_000_000)),
    Input("pages of jobs of 8 MB", "author", pages("/operations-manager/jobs?limit=100", 3, lambda: "y" * 8_000_000)),
    Input("a message of 15 MB", "reader", one_after_hello(lambda: _subscribing("x" * 15_000_000))),
    Input("a message of 400,000 objects", "reader", one_after_hello(lambda: _subscribing([{"a": 1}] * 400_000))),
]
