"""The examples of deploy/: as far as tools can look at them without running them, and what the server tells systemd."""

import json
import re
import shutil
import signal
import socket
import sys
import tomllib
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Any

import compose_spec
import kubernetes_validate
import pytest
import yaml
from jobyard.models.reading_settings import read_settings_file, settings_of

from . import processes
from .parts import ROOT, require
from .servers import serving

DEPLOY = ROOT / "deploy"
UNIT = DEPLOY / "jobyard.service"
CONTAINERFILE = DEPLOY / "Containerfile"
SECONDS = 30
MOST_EXPOSED = 20  # tenths: systemd calls up to 1.9 OK


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit with a program that exists here."""
    require(shutil.which("systemd-analyze"), "systemd-analyze")
    (tmp_path / UNIT.name).write_text(re.sub("^ExecStart=.*", "ExecStart=/bin/true", UNIT.read_text(), flags=re.M))
    return tmp_path / UNIT.name


def test_systemd_takes_the_unit(unit: Path) -> None:
    done = processes.run(["systemd-analyze", "verify", str(unit)])
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_unit_is_hardened(unit: Path) -> None:
    flags = ["--offline=true", f"--threshold={MOST_EXPOSED}"]
    done = processes.run(["systemd-analyze", "security", *flags, str(unit)])
    assert done.returncode == 0, done.stdout


class Systemd:
    """The socket that systemd would listen on."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._socket.settimeout(SECONDS)

    def state(self, name: str) -> list[str]:
        """The next message with this state."""
        while True:
            states = self._socket.recv(4096).decode().splitlines()
            if name in states:
                return states

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def systemd(tmp_path: Path) -> Generator[Systemd]:
    with closing(Systemd(tmp_path / "notify")) as listening:
        yield listening


def test_the_server_tells_systemd_that_it_is_ready_alive_reloading_and_stopping(
    systemd: Systemd, tmp_path: Path
) -> None:
    with serving("--memory", NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="300000") as server:
        assert systemd.state("READY=1")[1].startswith("STATUS=http://127.0.0.1:")
        assert [systemd.state("WATCHDOG=1") for _ in range(3)] == [["WATCHDOG=1"]] * 3
        server.process.send_signal(signal.SIGHUP)
        assert re.fullmatch(r"MONOTONIC_USEC=\d+", systemd.state("RELOADING=1")[1])
        assert systemd.state("READY=1") == ["READY=1"]
        server.process.send_signal(signal.SIGTERM)
        assert systemd.state("STOPPING=1") == ["STOPPING=1"]
        assert server.process.wait(SECONDS) == 0


def test_hadolint_takes_the_containerfile() -> None:
    done = processes.run([str(Path(sys.executable).with_name("hadolint")), str(CONTAINERFILE)])
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def instructions(text: str) -> list[tuple[str, str]]:
    lines = re.sub(r"^#.*\n", "", text.replace("\\\n", " "), flags=re.M).splitlines()
    return [(word, rest.strip()) for word, _, rest in (line.strip().partition(" ") for line in lines) if word]


def test_the_image_has_no_root_a_health_check_and_gets_its_signals() -> None:
    found = instructions(CONTAINERFILE.read_text())
    last = found[max(index for index, (word, _) in enumerate(found) if word == "FROM") :]
    of = dict(last)
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", of["USER"])  # a number: Kubernetes can see that it is not root
    assert json.loads(of["ENTRYPOINT"]) == ["jobyard"]  # no shell in front, which would keep the signals
    assert json.loads(of["CMD"])[0] == "serve"
    assert json.loads(of["HEALTHCHECK"].partition("CMD ")[2])[0] == "python"
    assert of["STOPSIGNAL"] == "SIGTERM"
    texts = [rest.lower() for word, rest in found if word in ("ENV", "ARG")]
    assert [text for text in texts if "secret" in text or "password" in text] == []


def test_the_image_takes_what_the_build_needs_and_nothing_else() -> None:
    kept = {line[1:] for line in (ROOT / ".containerignore").read_text().splitlines() if line.startswith("!")}
    manifest = (ROOT / "MANIFEST.in").read_text().split()
    assert kept >= {"pyproject.toml", "gql", "models", "resolvers", "jobyard", "build_backend.py", "schema.graphql"}
    assert {name for name in manifest if (ROOT / name).is_file()} <= kept
    assert not kept & {".git", ".venv", "tests", "build"}
    assert (ROOT / ".dockerignore").read_text() == (ROOT / ".containerignore").read_text()


def test_every_example_names_the_image_that_is_built(compose: dict[str, Any], kubernetes: dict[str, Any]) -> None:
    image = f"jobyard:{tomllib.loads((ROOT / 'pyproject.toml').read_text())['project']['version']}"
    assert f"--tag {image} ." in CONTAINERFILE.read_text().splitlines()[0]
    assert compose["services"]["jobyard"]["image"] == image
    assert kubernetes["Deployment"]["spec"]["template"]["spec"]["containers"][0]["image"] == image


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def test_the_compose_file_is_one(compose: dict[str, Any]) -> None:
    # The library knows no merge keys: what YAML makes of them is given to it.
    found = compose_spec.PyCompose.from_yaml(yaml.safe_dump(compose))
    assert sorted(found.service_names()) == ["jobyard", "mongodb-1", "mongodb-2", "mongodb-3"]


def test_the_compose_file_has_a_replica_set_and_a_server_without_rights(compose: dict[str, Any]) -> None:
    server = compose["services"]["jobyard"]
    members = [one for name, one in compose["services"].items() if name.startswith("mongodb-")]
    assert [one["command"][:3] for one in members] == [["mongod", "--replSet", "rs0"]] * 3
    assert "replicaSet=rs0" in server["environment"]["MONGODB_URI"]
    assert (server["read_only"], server["cap_drop"]) == (True, ["ALL"])
    assert server["depends_on"] == {"mongodb-1": {"condition": "service_healthy"}}
    assert compose["networks"]["database"]["internal"] is True
    assert all("ports" not in one for one in members)


@pytest.fixture(scope="module")
def kubernetes() -> dict[str, Any]:
    return {one["kind"]: one for one in yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text())}


def test_kubernetes_takes_the_example(kubernetes: dict[str, Any]) -> None:
    for document in kubernetes.values():
        kubernetes_validate.validate(document, "1.30", strict=True)
    assert sorted(kubernetes) == ["ConfigMap", "Deployment", "PodDisruptionBudget", "Service"]


def test_the_example_has_probes_and_settings_and_no_rights(kubernetes: dict[str, Any], tmp_path: Path) -> None:
    pod = kubernetes["Deployment"]["spec"]["template"]["spec"]
    (server,) = pod["containers"]
    probes = [server[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "liveness", "readiness")]
    assert probes == ["/healthz", "/healthz", "/readyz"]
    assert (pod["enableServiceLinks"], pod["automountServiceAccountToken"]) == (False, False)
    rights = server["securityContext"]
    assert (rights["readOnlyRootFilesystem"], rights["allowPrivilegeEscalation"]) == (True, False)
    assert f"USER {pod['securityContext']['runAsUser']}:" in CONTAINERFILE.read_text()
    (tmp_path / "jobyard.toml").write_text(kubernetes["ConfigMap"]["data"]["jobyard.toml"])
    settings = settings_of({}, {}, read_settings_file(tmp_path / "jobyard.toml"))
    assert (settings.host, settings.secrets_key_file) == ("0.0.0.0", Path("/run/secrets/jobyard/keys"))
