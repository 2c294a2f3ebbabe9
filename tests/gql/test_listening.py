"""A server that cannot listen where it is told to: one line with the remedy, and exit code 1."""

import os
import socket
import subprocess
import sys

import pytest

from .. import processes
from ..parts import ROOT


def serve(*flags: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tests" / "serve.py"), "serve", "--memory", *flags]
    return processes.run(command, env={**os.environ, "JOBYARD_ADMIN_PASSWORD": "a password"}, timeout=60)


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")])
def test_a_port_that_is_taken_is_told_with_the_remedy(host: str, shown: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        other = socket.create_server((host, 0), family=family)
    except OSError as fault:
        pytest.skip(f"no {host} on this machine: {fault}")
    with other:
        port = other.getsockname()[1]
        done = serve("--host", host, "--port", str(port))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"jobyard: {shown}:{port} is taken by another program; choose another with --port.\n"


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("203.0.113.5", "203.0.113.5 is no address of this machine; choose another with --host."),
        ("no.such.invalid", "The host 'no.such.invalid' is unknown on this machine; choose another with --host."),
    ],
)
def test_a_host_that_is_not_here_is_told_with_the_remedy(host: str, said: str) -> None:
    done = serve("--host", host, "--port", "0")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"jobyard: {said}\n")
