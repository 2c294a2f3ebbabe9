"""A server with sign-in under a limit of memory, on a database of its own, and three who ask it things."""

import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from .. import processes
from ..servers import Server

MEMORY = 1024**3
PASSWORD = "the password of the tests"

_PROBE = str(Path(__file__).with_name("probe.py"))


@dataclass(frozen=True)
class Turn:
    """What the event loop did in one go, until `at`; see serve.py."""

    at: float
    processor: float
    seconds: float
    starved: float
    where: str


class World:
    """`tokens` by who asks: author may do all, reader may read, nobody has none."""

    def __init__(self, uri: str, database: str) -> None:
        self.environment = {"MONGODB_URI": uri, "JOBYARD_DATABASE": database, "JOBYARD_ADMIN_PASSWORD": PASSWORD}
        self.begin()

    def begin(self) -> None:
        asked = time.monotonic()
        self.server = _Bounded(self.environment)
        self.ready_seconds = time.monotonic() - asked
        self.address = self.server.address
        self.host, _, port = self.address.removeprefix("http://").partition(":")
        self.port = int(port)
        self.pid = self.server.process.pid
        self.log: list[str] = []
        self._turns: list[Turn] = []
        self._reading = threading.Thread(target=self._read, args=(self.server.process.stdout,), daemon=True)
        self._reading.start()
        admin = httpx.post(f"{self.address}/login", json={"username": "admin", "password": PASSWORD}, timeout=60)
        assert admin.status_code == 200, admin.text
        self.tokens = {"nobody": "", "author": admin.text}
        self.tokens["reader"] = self._reader()

    def _read(self, output: Any) -> None:
        """A pipe that nobody reads would stop the server."""
        for line in output:
            if line.startswith("TURN "):
                _, at, used, seconds, starved, where = line.rstrip().split(" ", 5)
                self._turns.append(Turn(float(at), float(used), float(seconds), float(starved), where))
            else:
                self.log.append(line)

    def turns(self, since: float, until: float) -> "list[Turn]":
        """Those of the event loop that took long, the longest first."""
        found = [one for one in list(self._turns) if since <= one.at <= until]
        return sorted(found, key=lambda one: -one.processor)

    def starved(self, since: float, until: float) -> float:
        """How long of this time the machine did not let the server run, in turns that took long."""
        found = (
            min(one.starved, until - since) for one in self.turns(since, until + 0.5) if one.at - one.seconds < until
        )
        return sum(found, 0.0)

    def _reader(self) -> str:
        name = "reader of the tests"
        with self.client("author") as http:
            roles = self._ask(http, "{ roles(limit: 100) { results { id name } } }")["roles"]["results"]
            role = next(one["id"] for one in roles if one["name"] == "readonly")
            found = http.post("/login", json={"username": name, "password": PASSWORD})
            if found.status_code != 200:
                query = "mutation($u: String!, $p: String!, $r: [ID!]) { "
                query += "createAccount(username: $u, password: $p, roles: $r) { username } }"
                self._ask(http, query, u=name, p=PASSWORD, r=[role])
                found = http.post("/login", json={"username": name, "password": PASSWORD})
            return found.text

    @staticmethod
    def _ask(http: httpx.Client, query: str, **variables: Any) -> Any:
        answer = http.post("/graphql", json={"query": query, "variables": variables}).json()
        assert "errors" not in answer, answer
        return answer["data"]

    def client(self, who: str, timeout: float = 60) -> httpx.Client:
        token = self.tokens[who]
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.address, headers=headers, timeout=timeout)

    @property
    def alive(self) -> bool:
        return self.server.process.poll() is None

    def processor_seconds(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> int:
        """Bytes that it has in memory now."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def end(self) -> None:
        if self.alive:
            self.server.process.send_signal(2)
            self.server.process.wait(30)
        self._reading.join(10)
        self.server.close()


class _Bounded(Server):
    """The limit is that of addresses: what the system refuses is seen where it is asked for."""

    script = "tests/hostile/serve.py"

    def _greeting(self) -> str:
        resource.prlimit(self.process.pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
        return super()._greeting()

    def __init__(self, environment: dict[str, str]) -> None:
        options: Any = {"MALLOC_ARENA_MAX": "2", "PYTHONFAULTHANDLER": "1", **environment}
        super().__init__(closed=True, **options)


class Probe:
    """What the process of probe.py says, as long as the block lasts."""

    def __init__(self, world: World) -> None:
        command = [sys.executable, _PROBE, world.host, str(world.port), world.tokens["author"]]
        self._process = processes.start(command, stdout=subprocess.PIPE)
        self._asked: list[tuple[float, float, float, int]] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            began, seconds, late, status = line.split()
            self._asked.append((float(began), float(seconds), float(late), int(status)))

    def waits(self, since: float, until: float) -> list[tuple[float, float]]:
        """When they began and how long they took, of the questions that were open between these moments; waits for the
        answer to the last one.
        """
        patience = time.monotonic() + 70
        while (not self._asked or self._asked[-1][0] < until) and time.monotonic() < patience:
            time.sleep(0.02)
        asked = [(began, seconds) for began, seconds, _, _ in list(self._asked)]
        found = [one for one in asked if sum(one) >= since and one[0] <= until]
        return found or [one for one in asked if one[0] > until][:1] or [(since, 70.0)]

    def lateness(self, since: float, until: float) -> float:
        return max((late for began, _, late, _ in list(self._asked) if since <= began <= until), default=0.0)

    def statuses(self) -> set[int]:
        return {status for _, _, _, status in list(self._asked)}

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join(5)
        if self._process.stdout is not None:
            self._process.stdout.close()


@contextmanager
def open_world(uri: str, database: str) -> Generator[World]:
    world = World(uri, database)
    try:
        yield world
    finally:
        world.end()
