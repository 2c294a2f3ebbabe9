"""The servers that are compared, and how each is asked for the same work."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from tests import processes
from tests.benchmarks.api.asking import Request
from tests.documents import chain, task
from tests.parts import ROOT
from tests.servers import serving

HERE = Path(__file__).parent
Client = MongoClient[dict[str, Any]]

SELECTION = """
id name description type status created lastUpdated createdVersion lastUpdatedVersion canvasVersion encodingVersion
migrationVersion fontSize preAutomationTime sla createdBy { id } lastUpdatedBy { id } errorHandler
metrics { startTime endTime progress owner }
tasks { id name canvasName displayName summary description type app location status startTime x y }
"""
START = f"mutation($w: String!, $o: StartJobOptions!) {{ startJob(workflow: $w, options: $o) {{ {SELECTION} }} }}"
LIST = f"""query($n: Int!) {{
    jobs(first: $n, filter: {{status: [RUNNING]}}) {{ edges {{ cursor node {{ {SELECTION} }} }} }}
}}"""
ONE = f"query($id: ID!) {{ job(id: $id) {{ {SELECTION} }} }}"
PAGE = 100
OPTIONS: dict[str, Any] = {"description": "bench", "variables": {"a": 1}}
MANY = f"?equals[status]=running&sort=metrics.start_time&order=-1&limit={PAGE}"

WAITS, PURE = "ten tasks, the first waits", "ten pure tasks"


def workflows() -> list[dict[str, Any]]:
    """Of ten tasks each, start and end included in the first, written as an editor saves them."""

    def drawn(number: int, one: dict[str, Any]) -> dict[str, Any]:
        texts = {key: f"{key} of task {number}" for key in ("displayName", "summary", "description")}
        return {**one, **texts, "x": 120.5 * number, "y": 33.25 * number, "deprecated": False, "actor": "Pronghorn"}

    def concat(number: int) -> dict[str, Any]:
        of = f"$var.a{number - 1}.combinedStrings" if number else "a"
        return drawn(number, task("stringConcat", str=of, stringN="b"))

    asking = drawn(0, {**task("ViewData", header="h", message="m", body="b"), "type": "manual"})
    waits = chain(WAITS, a0=asking, **{f"b{number}": drawn(number, task("newJsonObject")) for number in range(1, 8)})
    versions = {"encodingVersion": 1, "migrationVersion": 7, "createdVersion": "5.38.1", "lastUpdatedVersion": "5.38.4"}
    schema = {"type": "object", "properties": {"a": {}}}
    more = {**versions, "preAutomationTime": 3600000, "sla": 0, "decorators": [], "inputSchema": schema}
    return [{**one, **more} for one in (waits, chain(PURE, **{f"a{number}": concat(number) for number in range(10)}))]


def graphql(query: str, **variables: Any) -> Request:
    return Request("/graphql", json.dumps({"query": query, "variables": variables}).encode())


@dataclass
class Server:
    """`works` has how it is asked, by the name of the work; `pids` are its processes."""

    name: str
    address: str
    pids: list[int]
    database: Any
    works: dict[str, Request] = field(default_factory=dict[str, Request])
    runs: bool = False  # it runs what it starts: its work is over when the jobs have stopped


@contextmanager
def jobyard(name: str, client: Client, uri: str, root: Path = ROOT, **environment: Any) -> Generator[list[Server]]:
    """Over GraphQL, and over REST. `root`: of this checkout, or of another one."""
    database = "".join(filter(str.isalnum, name))
    with serving(root=root, MONGODB_URI=uri, JOBYARD_DATABASE=database, **environment) as process:
        servers = [
            Server(f"{name} {api}", process.address, [process.process.pid], client[database], runs=True)
            for api in ("GraphQL", "REST")
        ]
        start = {"workflow": WAITS, "options": OPTIONS}
        pure = {"workflow": PURE, "options": OPTIONS}
        servers[0].works = {
            "start": graphql(START, w=WAITS, o=OPTIONS),
            "ten": graphql("mutation($w: String!) { startJob(workflow: $w, options: {}) { id } }", w=PURE),
            "list": graphql(LIST, n=PAGE),
        }
        servers[1].works = {
            "start": Request("/operations-manager/jobs/start", json.dumps(start).encode()),
            "ten": Request("/operations-manager/jobs/start", json.dumps(pure).encode()),
            "list": Request(f"/operations-manager/jobs{MANY.replace('[', '%5B').replace(']', '%5D')}"),
        }
        yield servers


def add_one(server: Server, id: str) -> None:
    """How to ask for one job."""
    if server.name.startswith("bare"):
        server.works["one"] = Request(f"/jobs/{id}")
    elif server.name.endswith("REST"):
        server.works["one"] = Request(f"/operations-manager/jobs/{id}")
    else:
        server.works["one"] = graphql(ONE, id=id)


@contextmanager
def bare(client: Client, uri: str) -> Generator[list[Server]]:
    """The handlers of bare.py. Its list is the floor twice: whole documents as they are, and mapped."""
    with _saying_address([sys.executable, str(HERE / "bare.py"), "bare"], uri) as (address, pid):
        start = json.dumps({"workflow": WAITS, "options": OPTIONS}).encode()
        works = {"start": Request("/jobs/start", start), "list": Request("/jobs/raw")}
        yield [
            Server("bare", address, [pid], client["bare"], works),
            Server("bare, mapped", address, [pid], client["bare"], {"list": Request("/jobs")}),
        ]


@contextmanager
def peers(client: Client, uri: str) -> Generator[list[Server]]:
    """Other GraphQL servers that do the same work as the bare handlers; those for node where npm is there."""
    commands = {"stock": [sys.executable, str(HERE / "peers" / "stock.py"), "stock"]}
    folder = ROOT / "build" / "peers"
    if shutil.which("npm") and shutil.which("node"):
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "server.mjs"):
            shutil.copyfile(HERE / "peers" / name, folder / name)
        processes.run(["npm", "install", "--no-audit", "--no-fund"], cwd=folder, check=True)
        commands |= {name: ["node", str(folder / "server.mjs"), name, name] for name in ("mercurius", "yoga")}
    else:
        print("no npm: Mercurius and Yoga are left out")
    works = {"start": graphql(START, w=WAITS, o=OPTIONS), "list": graphql(LIST, n=PAGE)}
    with ExitStack() as stack:
        found: list[Server] = []
        for name, command in commands.items():
            address, pid = stack.enter_context(_saying_address(command, uri))
            found.append(Server(name, address, [pid], client[name], dict(works)))
        yield found


@contextmanager
def _saying_address(command: list[str], uri: str) -> Generator[tuple[str, int]]:
    """A server that says its address first."""
    environment = {**os.environ, "MONGODB_URI": uri, "NODE_ENV": "production"}
    process = processes.start(command, stdout=subprocess.PIPE, env=environment)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip(), process.pid
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
