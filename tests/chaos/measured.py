"""What the measured rows share: a server and its database without the load, asked as cheaply as can be."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import httpx

from .doors import Doors
from .layout import Layout, Processes, running
from .mongods import Mongod
from .processes import Server
from .recorder import recording, told_of
from .seen import Database

PATIENCE = 60.0


@dataclass(frozen=True)
class Services:
    """`lease` is in seconds."""

    processes: Processes
    lease: float
    http: httpx.AsyncClient
    doors: Doors
    database: Database
    chance: Random

    @property
    def server(self) -> Server:
        return self.processes.servers[0]

    @property
    def mongod(self) -> Mongod:
        assert self.processes.mongod is not None
        return self.processes.mongod

    async def graphql(self, server: Server, query: str, **variables: Any) -> Any:
        answer = await self.http.post(f"{server.address}/graphql", json={"query": query, "variables": variables})
        said = answer.json()
        assert "errors" not in said, answer.text[:500]
        return said["data"]


@asynccontextmanager
async def opened_without_load(
    layout: Layout, folder: Path, *, lease: float, seed: int, slowest: float = 0
) -> AsyncGenerator[Services]:
    """With the workflows of the load, and its provider, which takes up to `slowest` seconds; all ends with it."""
    chance = Random(seed)
    with recording(chance, slowest) as (_, provider):
        settings = {"JOBYARD_LEASE_MS": str(round(lease * 1000)), "JOBYARD_PROVIDERS": told_of(provider, folder)}
        async with (
            running(layout, folder, chance, **settings) as processes,
            httpx.AsyncClient(timeout=PATIENCE) as http,
        ):
            doors = Doors(http, [server.address for server in processes.servers])
            await doors.bring_workflows()
            yield Services(processes, lease, http, doors, Database(processes.uri, lease), chance)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]  # names in lower case
    body: Any


async def ask(server: Server, method: str, path: str, body: Any = None) -> Answer:
    """On a connection of its own, without a client library: thousands at once cost little here."""
    host, _, port = server.address.rpartition("/")[2].partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        content = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", f"host: {host}", "connection: close"]
        lines += ["content-type: application/json", f"content-length: {len(content)}", "", ""]
        writer.write("\r\n".join(lines).encode() + content)
        await writer.drain()
        head, _, content = (await reader.read()).partition(b"\r\n\r\n")
    finally:
        writer.close()
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if not first:
        raise ConnectionResetError("the connection ended before its answer")
    text = _joined(content) if headers.get("transfer-encoding") == "chunked" else content
    is_json = headers.get("content-type", "").startswith("application/json")
    return Answer(int(first.split()[1]), headers, json.loads(text) if is_json else text.decode())


def _joined(chunks: bytes) -> bytes:
    text = b""
    while chunks:
        size, _, chunks = chunks.partition(b"\r\n")
        length = int(size, 16)
        text, chunks = text + chunks[:length], chunks[length + 2 :]
    return text
