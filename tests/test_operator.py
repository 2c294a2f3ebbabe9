"""What an operator does over the years: install, configure, serve behind TLS, watch, drain, upgrade, restore, prune.

All are processes as operators start them: the program of a wheel, the database, and nginx as docs/operating.md has it.
"""

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import venv
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from bson import json_util
from pymongo import MongoClient

from . import processes
from .docs.pages import page
from .documents import chain, task
from .parts import ROOT, require
from .wheels import built, clean_copy, wheel_beside

SECONDS = 60
PASSWORD = "the password of admin"
PREFIX = "/automation"
RECORDED = ROOT / "tests" / "recorded" / "jobs"
NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")
ENDED = "subscription($id: ID!) { jobChanged(id: $id) { status } }"
FINISH = """
mutation($id: ID!) { finishTask(jobId: $id, taskId: "a1", finishState: SUCCESS, variables: {choice: "yes"}) { id } }
"""


@dataclass
class Installed:
    """A jobyard in an environment of its own, run in the folder of its settings."""

    program: Path
    folder: Path

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return processes.run(
            [str(self.program), *arguments], cwd=self.folder, env=self._environment(environment), timeout=SECONDS
        )

    def serve(self) -> subprocess.Popen[str]:
        options: dict[str, Any] = {"cwd": self.folder, "env": self._environment({}), "stdout": subprocess.PIPE}
        with (self.folder / "log").open("a") as log:
            return processes.start([str(self.program), "serve"], stderr=log, **options)

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        """None of this checkout's."""
        return {"PATH": "/usr/bin:/bin", "HOME": str(self.folder), **more}

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The log: each line is a JSON object."""
        return [json.loads(line) for line in (self.folder / "log").read_text().splitlines()]


@pytest.fixture
def installed(tmp_path: Path) -> Installed:
    """With the packages that are installed here, which must be all that the wheel asks for."""
    built(checkout := clean_copy(tmp_path), "--config-setting=pages=none")
    environment = tmp_path / "environment"
    venv.create(environment, symlinks=True)
    (packages,) = environment.glob("lib/python*/site-packages")
    here = next(path for path in sys.path if path.endswith("site-packages"))
    (packages / "here.pth").write_text(f"{here}\n")
    pip = [sys.executable, "-m", "pip", "--python", str(environment / "bin" / "python"), "install", "--no-index"]
    wheel = f"{wheel_beside(checkout)}[mongod,traces]"
    done = processes.run([*pip, "--quiet", "--disable-pip-version-check", wheel])
    assert done.returncode == 0, done.stderr
    (folder := tmp_path / "yard").mkdir()
    found = [str(environment / "bin" / "python"), "-c", "import jobyard.gql.app as app; print(app.__file__)"]
    assert processes.run(found, cwd=folder).stdout.startswith(str(packages)), "it is the one of the wheel"
    return Installed(environment / "bin" / "jobyard", folder)


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    key, signed = tmp_path / "jobs.example.key", tmp_path / "jobs.example.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    processes.run([*command, "-keyout", str(key), "-out", str(signed)], check=True)
    return key, signed


@contextmanager
def nginx(folder: Path, port: int, certificate: tuple[Path, Path]) -> Generator[str]:
    """The proxy of docs/operating.md before one server; it leaves the prefix in the path."""
    assert NGINX is not None
    key, signed = certificate
    (written,) = re.findall(r"```nginx\n(.*?)```", page("docs/operating.md"), re.DOTALL)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        listened = free.getsockname()[1]
    for old, new in {
        "server 10.0.0.11:8000": f"server 127.0.0.1:{port}",
        "    server 10.0.0.12:8000 max_fails=0;\n": "",
        "listen 443 ssl": f"listen 127.0.0.1:{listened} ssl",
        "server_name jobs.example": "server_name localhost",
        "/etc/nginx/jobs.example.pem": str(signed),
        "/etc/nginx/jobs.example.key": str(key),
        "location / {": f"location {PREFIX}/ {{",
        "$host;": "$http_host;",  # on a port of its own
    }.items():
        assert old in written, old
        written = written.replace(old, new)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    main = f"daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\nerror_log {folder}/nginx.log;\nevents {{}}\n"
    file = folder / "nginx.conf"
    file.write_text(f"{main}http {{\naccess_log off;\n{temporary}{written}}}\n")
    checked = processes.run([NGINX, "-t", "-q", "-c", str(file), "-e", f"{folder}/nginx.log"])
    assert checked.returncode == 0, checked.stderr
    process = processes.start([NGINX, "-c", str(file), "-e", f"{folder}/nginx.log"])
    try:
        yield f"https://localhost:{listened}{PREFIX}"
    finally:
        process.terminate()
        process.wait(SECONDS)


@contextmanager
def served(installed: Installed, certificate: tuple[Path, Path]) -> Generator[httpx.Client]:
    """A client of the running server through the proxy, once both answer. The server ends in order."""
    server = installed.serve()
    try:
        assert server.stdout is not None
        greeting = ""
        while not greeting.endswith("Ctrl-C stops it.\n"):
            line = server.stdout.readline()
            assert line, (greeting, (installed.folder / "log").read_text())
            greeting += line
        port = re.search(r"^GraphQL: http://127\.0\.0\.1:(\d+)/graphql$", greeting, re.MULTILINE)
        assert port, greeting
        trusted = ssl.create_default_context(cafile=str(certificate[1]))
        with nginx(installed.folder, int(port[1]), certificate) as address:
            transport = httpx.HTTPTransport(verify=trusted, retries=8)  # while nginx does not listen yet
            with httpx.Client(base_url=address, transport=transport, timeout=SECONDS) as http:
                answer = http.post("/login", json={"username": "admin", "password": PASSWORD})
                assert "; Secure" in answer.headers["set-cookie"]
                http.cookies.clear()
                http.headers["authorization"] = f"Bearer {answer.text}"
                yield http
        server.terminate()
        assert server.wait(SECONDS) == 0
    finally:
        server.kill()
        server.communicate()


def graphql(http: httpx.Client, query: str, **variables: Any) -> Any:
    answer = http.post("/graphql", json={"query": query, "variables": variables})
    assert "errors" not in answer.json(), answer.text
    return answer.json()["data"]


def started(http: httpx.Client, name: str, **headers: str) -> httpx.Response:
    body = {"workflow": name, "options": {}}
    return http.post("/operations-manager/jobs/start", json=body, headers=headers)


def wait_ended(http: httpx.Client, job: str) -> None:
    """By server-sent events through the proxy."""
    body = {"query": ENDED, "variables": {"id": job}}
    with http.stream("POST", "/graphql", json=body, headers={"accept": "text/event-stream"}) as answer:
        told = (json.loads(line[5:]) for line in answer.iter_lines() if line.startswith("data:") and len(line) > 7)
        statuses = (one["data"]["jobChanged"]["status"] for one in told)
        assert next(status for status in statuses if status not in ("RUNNING", "PAUSED")) == "COMPLETE"


@pytest.mark.timeout(240)
def test_a_server_is_installed_watched_upgraded_restored_and_pruned(
    installed: Installed,
    certificate: tuple[Path, Path],
    mongodb: MongoClient[dict[str, Any]],
    mongodb_uri: str,
    new_database: str,
) -> None:
    require(NGINX and shutil.which("openssl"), "nginx and openssl: apt-get install nginx openssl")
    database = mongodb[new_database]

    # Install, and configure by a file.
    assert installed.run("--version").stdout.startswith("jobyard 0.")
    settings = {
        "port": 0, "mongodb_uri": mongodb_uri, "database": new_database, "root_path": PREFIX,
        "trusted_proxies": ["127.0.0.1"], "log_format": "json", "access_log": True, "admin_password": PASSWORD,
        "lease_ms": 2000,
    }  # fmt: skip
    file = installed.folder / "jobyard.toml"
    file.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in settings.items()))
    file.chmod(0o600)
    shown = json.loads(installed.run("config", "--output", "json").stdout)
    assert {"setting": "root_path", "value": PREFIX, "from": "jobyard.toml:4"} in shown
    assert PASSWORD not in json.dumps(shown)

    # An older release has left jobs: one is over, one waits for a person.
    for name in ("complete", "person"):
        for collection, documents in json_util.loads((RECORDED / f"{name}.json").read_text()).items():
            if documents:
                database[collection].insert_many(documents)
    waiting = database["jobs"].find_one({"status": "running"})
    assert waiting is not None
    older: str = waiting["_id"]
    checked = installed.run("upgrade", "--check", MONGODB_URI=mongodb_uri, JOBYARD_DATABASE=new_database)
    assert (checked.returncode, "This release reads everything" in checked.stderr) == (0, True), checked.stderr

    with served(installed, certificate) as http:
        # Watch: a start, its lines, its metrics, the audit.
        imported = graphql(
            http,
            "mutation($d: [JSON!]!) { importWorkflows(documents: $d) { skipped { reason } } }",
            d=[chain("w", a1=task("newVariable", name="x", value=1))],
        )
        assert imported == {"importWorkflows": {"skipped": []}}
        answer = started(http, "w", **{"x-request-id": "r-1"})
        assert (answer.status_code, answer.headers["x-request-id"]) == (200, "r-1")
        job: str = answer.json()["data"]["_id"]
        wait_ended(http, job)
        assert 'jobyard_job_starts_total{by="caller"} 1.0' in http.get("/metrics").text

        # The job of the older release is finished by this one.
        graphql(http, FINISH, id=older)
        wait_ended(http, older)

        # Drain: no starts, and the proxy's probe says so.
        assert http.get("/readyz").status_code == 200
        assert http.post("/workflow_engine/jobWorker/deactivate").status_code == 200
        probe = http.get("/readyz")
        assert (probe.status_code, probe.text.strip()) == (503, "deactivated")
        refused = started(http, "w")
        assert (refused.status_code, refused.json()["metadata"]["code"]) == (503, "WORKERS_INACTIVE")
    events = [line["event"] for line in installed.lines]
    assert (events.count("server_started"), events.count("server_stopped")) == (1, 1)
    (line,) = [line for line in installed.lines if line["event"] == "job_started"]
    assert (line["job"], line["request"]) == (job, "r-1")
    accesses = [line for line in installed.lines if line["event"] == "access"]
    assert {line["address"] for line in accesses} == {"127.0.0.1"}
    assert all("traceback" not in json.dumps(line).lower() for line in installed.lines)

    # Back up, lose the data, restore.
    reached = {"MONGODB_URI": mongodb_uri, "JOBYARD_DATABASE": new_database}
    backup = installed.folder / "jobs.backup"
    done = installed.run("backup", str(backup), **reached)
    assert done.returncode == 0, done.stderr
    mongodb.drop_database(new_database)
    done = installed.run("restore", str(backup), **reached)
    assert done.returncode == 0, done.stderr

    with served(installed, certificate) as http:
        statuses = {one["_id"]: one["status"] for one in database["jobs"].find({})}
        assert (statuses[job], statuses[older], len(statuses)) == ("complete", "complete", 3)
        assert started(http, "w").status_code == 200

        # Prune, by the command line through the proxy.
        token = http.headers["authorization"].removeprefix("Bearer ")
        address = str(http.base_url).rstrip("/")
        reached = {"JOBYARD_SERVER": address, "JOBYARD_TOKEN": token, "SSL_CERT_FILE": str(certificate[1])}
        dry = installed.run("prune", "--keep", "1", "--dry-run", "--output", "json", **reached)
        assert dry.returncode == 0, dry.stderr
        done = installed.run("prune", "--keep", "1", "--output", "json", **reached)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["byStatus"] == json.loads(dry.stdout)["byStatus"]
    assert database["jobs"].count_documents({}) == 1
