"""A real HTTP server in a thread, on a free port of the loopback interface, that answers as a test wants."""

import json
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Reply:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])


NEVER = Reply()  # no answer until the server closes


def replying(value: Any, status: int = 200, **headers: str) -> Callable[[Asked], Reply]:
    """Always this JSON value."""
    return lambda asked: Reply(json.dumps(value).encode(), status, headers)


class Server(ThreadingHTTPServer):
    """It listens once `open` was called; before, its port refuses connections."""

    daemon_threads = True
    request_queue_size = 1024  # connections that come at once

    def __init__(self, answer: Callable[[Asked], Reply]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler, bind_and_activate=False)
        self.answer = answer
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        self.server_bind()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def open(self) -> None:
        self.server_activate()
        self._thread.start()

    def close(self) -> None:
        self.closing.set()
        if self._thread.is_alive():
            self.shutdown()
            self._thread.join()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def _answer(self) -> None:
        length = int(self.headers.get("content-length", "0"))
        body = self.rfile.read(length)
        if len(body) < length:
            return  # who asked is no more
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, self.path, headers, body)
        self.server.asked.append(asked)
        reply = self.server.answer(asked)
        if reply is NEVER:
            self.server.closing.wait(60)
        try:
            self.send_response(reply.status)
            for name, value in {"content-length": str(len(reply.body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)
        except OSError:
            pass  # nobody waits for the answer any more

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 -- the names http.server asks for

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def answering(answer: Callable[[Asked], Reply]) -> Generator[Server]:
    server = Server(answer)
    server.open()
    try:
        yield server
    finally:
        server.close()
