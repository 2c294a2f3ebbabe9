"""The processes of a run: killed, frozen and started again where they were. They end with this one, however it ends."""

import asyncio
import ctypes
import os
import resource
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Mapping
from pathlib import Path

import httpx

from ..parts import ROOT

TESTS = ROOT / "tests"
READY_SECONDS = 90
END_SECONDS = 60
LOOK_SECONDS = 0.05


class NotReady(Exception):
    """A process does not serve within READY_SECONDS, or ended instead; the message has the end of its log."""


def _stands_still(thread: Path) -> bool:
    try:
        told = (thread / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):  # it has just ended
        return True
    return told.rpartition(") ")[2][0] in "TtZX"  # the state, after the name, which may hold anything


class Program:
    """One that is started again with the same command. Its output goes to the end of `log`."""

    def __init__(self, command: list[str], log: Path, environment: Mapping[str, str] | None = None) -> None:
        self._command = command
        self._log = log
        self._environment = {**_surroundings(), **(environment or {})}
        self._process: Process | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Return once it serves."""
        with self._log.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdin=DEVNULL, stdout=output, stderr=STDOUT, env=self._environment,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )  # fmt: skip
        try:
            async with asyncio.timeout(READY_SECONDS):
                # Neither says to anybody that it serves now: one has to ask.
                while self.alive and not await self.serves():  # noqa: ASYNC110
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError as fault:
            raise NotReady(self._ending()) from fault
        if not self.alive:
            raise NotReady(self._ending())

    async def serves(self) -> bool:
        raise NotImplementedError

    async def kill(self) -> None:
        """kill -9, also of one that is frozen; nothing where it has ended already."""
        if self._process is not None and self.alive:
            self._process.kill()
            await self._process.wait()

    async def ended(self, seconds: float) -> None:
        """Return once it has ended by itself; TimeoutError where it has not within so many seconds."""
        assert self._process is not None
        await asyncio.wait_for(self._process.wait(), seconds)

    async def stop(self, number: int = signal.SIGTERM) -> int | None:
        """Ask it to end; its exit code, or None where it had to be killed after END_SECONDS."""
        assert self._process is not None
        if self.alive:
            self._process.send_signal(number)
        try:
            return await asyncio.wait_for(self._process.wait(), END_SECONDS)
        except TimeoutError:
            await self.kill()
            return None

    def freeze(self) -> None:
        """Return once each of its threads stands still: one that just runs may answer somebody yet."""
        os.kill(self.pid, signal.SIGSTOP)
        while not all(_stands_still(thread) for thread in Path(f"/proc/{self.pid}/task").iterdir()):
            pass

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def said(self) -> str:
        """All of its output, up to now."""
        return self._log.read_text(errors="replace")

    def _ending(self) -> str:
        lines = self.said().splitlines()[-15:]
        return "\n".join([f"{' '.join(self._command[:4])} ... does not serve:", *lines])


class Server(Program):
    """`jobyard serve` out of this checkout, without sign-in, on a port that stays.

    Where its clock is `ahead` of the others, by so many seconds, it is like a machine whose clock is wrong.
    """

    def __init__(self, log: Path, *flags: str, ahead: int = 0, **environment: str) -> None:
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        script = [str(TESTS / "chaos" / "serve_ahead.py"), str(ahead)] if ahead else [str(TESTS / "serve.py")]
        command = [sys.executable, *script, "serve", "--open", "--port", str(port), *flags]
        super().__init__(command, log, environment)

    async def serves(self) -> bool:
        async with httpx.AsyncClient(timeout=READY_SECONDS) as http:
            try:
                return (await http.get(f"{self.address}/version")).status_code == 200
            except httpx.TransportError:
                return False  # it is on its way

    def memory(self) -> int:
        """Bytes of it that are in the machine's memory now, without those of its children."""
        told = Path(f"/proc/{self.pid}/status").read_text()
        return int(told.partition("VmRSS:")[2].split()[0]) * 1024

    def own_mongod(self) -> tuple[int, int]:
        """The process id and the port of the mongod that it runs; ProcessLookupError where there is none."""
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                arguments = (folder / "cmdline").read_text().split("\0")
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue  # it has ended meanwhile
            if parent == self.pid and "--dbpath" in arguments:
                return int(folder.name), int(arguments[arguments.index("--port") + 1])
        raise ProcessLookupError(f"the server {self.pid} has no mongod")


def _surroundings() -> dict[str, str]:
    """The environment without settings of a server: a run chooses them itself."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("JOBYARD_", "MONGODB_"))}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def let_write(pid: int, *, anything: bool) -> None:
    """Or nothing at all, from now on, nor what it starts: to a database, a disk that is full."""
    _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most if anything else 0, most))


def _die_with_parent() -> None:
    """Ask Linux for SIGKILL when this program dies, also by kill -9.

    And that a write which is not allowed fails, as one on a full disk does, instead of ending the program.
    """
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
