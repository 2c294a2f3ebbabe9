"""Subscribers of a real server: over graphql-transport-ws and over server-sent events."""

import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from itertools import count
from typing import Any

import httpx
from websockets.sync.client import connect

from .servers import Server

SECONDS = 60


@contextmanager
def conversation(server: Server) -> Generator[Callable[..., Generator[Any]]]:
    """One WebSocket. What it gives asks something, and then gives the results one after the other."""
    address = f"{server.address.replace('http', 'ws', 1)}/graphql"
    ids = count(1)
    # Without a bound on what it has not read: a client that stops reading would wait for its own closing.
    with connect(address, subprotocols=["graphql-transport-ws"], open_timeout=SECONDS, max_queue=None) as socket:  # type: ignore[list-item]
        socket.send(json.dumps({"type": "connection_init"}))
        assert json.loads(socket.recv(SECONDS))["type"] == "connection_ack"

        def ask(query: str, **variables: Any) -> Generator[Any]:
            payload = {"query": query, "variables": variables}
            socket.send(json.dumps({"id": str(next(ids)), "type": "subscribe", "payload": payload}))
            return results()

        def results() -> Generator[Any]:
            while True:
                frame = socket.recv(SECONDS)
                assert isinstance(frame, str)
                message = json.loads(frame)
                if message["type"] == "complete":
                    return
                if message["type"] == "error":
                    yield {"errors": message["payload"]}
                    return
                if message["type"] == "next":
                    yield message["payload"]

        yield ask


@contextmanager
def over_websocket(server: Server, query: str, **variables: Any) -> Generator[Generator[Any]]:
    """The results of a subscription, one after the other."""
    with conversation(server) as ask:
        yield ask(query, **variables)


@contextmanager
def over_sse(server: Server, query: str, **variables: Any) -> Generator[Generator[Any]]:
    headers = {"accept": "text/event-stream"}
    body = {"query": query, "variables": variables}
    with httpx.stream("POST", f"{server.address}/graphql", json=body, headers=headers, timeout=SECONDS) as answer:

        def results() -> Generator[Any]:
            kind = ""
            for line in answer.iter_lines():
                if line.startswith("event:"):
                    kind = line.removeprefix("event:").strip()
                elif line.startswith("data:") and kind == "next":
                    yield json.loads(line.removeprefix("data:"))
                elif kind == "complete":
                    return

        yield results()
