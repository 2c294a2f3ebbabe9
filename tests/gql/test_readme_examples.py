"""The README's front end and script, run as they stand against a real server."""

import os
import re
import shutil
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from .. import processes
from ..parts import ROOT, require
from ..servers import Server, serving

README = (ROOT / "README.md").read_text()


def example(language: str) -> str:
    (code,) = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    return code


@pytest.fixture(scope="module")
def server() -> Generator[Server]:
    with serving("--memory", "--examples") as one:
        yield one


def run(server: Server, *command: str) -> list[str]:
    environment = {**os.environ, "JOBYARD_SERVER": server.address}
    done = processes.run(command, env=environment, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_front_end_starts_a_job_follows_it_and_finds_it_again(server: Server, tmp_path: Path) -> None:
    node = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    require(node, "node")
    script = tmp_path / "front-end.mjs"
    script.write_text(example("js"))
    lines = run(server, str(node), str(script))
    assert lines[0] == "RUNNING"
    assert "delay:RUNNING" in lines[1]
    assert "workflow_end:COMPLETE" in lines[-2]
    assert '"status":"COMPLETE"' in lines[-1]
    assert '"device":"edge-1"' in lines[-1]


def test_the_script_prints_what_the_finished_job_says(server: Server) -> None:
    assert run(server, sys.executable, "-c", example("python")) == ["complete Hello, edge-1"]
