"""A mongod of our own: found on this machine, run on loopback in a data directory, stopped with the server.

One that dies is started again on its port, so that the server's client finds it there.

It is a replica set of one (for change streams and majority writes) with a key file and a password of its own, both
readable by their owner alone. Its wire compression is off: the mongod of the extra predates a fix there.
"""

import asyncio
import ctypes
import fcntl
import json
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex, token_urlsafe
from typing import IO, Any

from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure, PyMongoError

from .errors import StoreProblem

READY_SECONDS = 60
STOP_SECONDS = 20
MOST_STARTS = 5  # of a mongod that dies again and again
FIRST_PAUSE = 0.5  # seconds before the second start, doubled for each further one
HEALTHY_SECONDS = 5
SIGN_INS = 20  # a mongod that comes back refuses even its own user while it changes its state
USER = "jobyard"
_LOCK_HELD = 100  # mongod's exit code while another one still holds the data directory
_ALREADY_INITIALIZED = 23
_UNAUTHORIZED = 13
_REPLICA_SET = "jobyard"
_FLAGS = (
    "--bind_ip", "127.0.0.1",
    "--replSet", _REPLICA_SET,
    "--networkMessageCompressors", "disabled",
    "--oplogSize", "128",
    "--wiredTigerCacheSizeGB", "0.5",
    "--wiredTigerEngineConfigString", "log=(prealloc=false,file_max=16MB)",
    "--setParameter", "diagnosticDataCollectionEnabled=false",
)  # fmt: skip


log = logging.getLogger("jobyard")


def find_mongod() -> str | None:
    """$MONGOD, else mongod on PATH, else the one inside the optional wheel: the first that runs on this machine."""
    wheel = find_spec("fiftyone")
    folders = list(wheel.submodule_search_locations or ()) if wheel else []
    candidates = [os.environ.get("MONGOD"), shutil.which("mongod"), *(f"{folder}/db/bin/mongod" for folder in folders)]
    for candidate in candidates:
        if candidate and os.access(candidate, os.X_OK) and _runs(candidate):
            return candidate
    return None


def _runs(binary: str) -> bool:
    """A binary that was built for other libraries is there, and does not start."""
    try:
        return subprocess.run([binary, "--version"], capture_output=True, timeout=20, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


@asynccontextmanager
async def local_mongod(
    binary: str, directory: Path, give_up: Callable[[StoreProblem], None] | None = None
) -> AsyncGenerator[str]:
    """Run mongod on `directory` and yield its URI; one server at a time has a directory.

    `give_up` is told why, once a mongod that died could not be started again.
    """
    with DirectoryLock(directory):
        password = _secrets(directory)["password"]
        process, port = await _start(binary, directory)
        mongod = _Supervised(binary, directory, password, process, port)
        try:
            await _make_ready(port, directory, password)
            watch = asyncio.create_task(mongod.watch(give_up), name="mongod")
            try:
                yield f"mongodb://{USER}:{password}@127.0.0.1:{port}/?replicaSet={_REPLICA_SET}&authSource=admin"
            finally:
                watch.cancel()
                await asyncio.gather(watch, return_exceptions=True)
        finally:
            await _stop(mongod.process)


class _Supervised:
    """`process` is the mongod that runs now, on the port of the first one."""

    def __init__(self, binary: str, directory: Path, password: str, process: Process, port: int) -> None:
        self._binary = binary
        self._directory = directory
        self._password = password
        self.process = process
        self._port = port

    async def watch(self, give_up: Callable[[StoreProblem], None] | None) -> None:
        """Start mongod again when it dies, later each time; one that ran for HEALTHY_SECONDS begins a new count."""
        tries = 0
        while tries < MOST_STARTS:
            began = time.monotonic()
            code = await self.process.wait()
            log.warning("the local mongod ended (exit code %s); it is started again", code)
            tries = 0 if time.monotonic() - began > HEALTHY_SECONDS else tries
            while tries < MOST_STARTS and not await self._started_again(tries):
                tries += 1
            tries += 1
        if give_up is not None:
            log_file = self._directory / "mongod.log"
            told = f"The local mongod died, and {MOST_STARTS} starts in a row did not mend it. Its log {log_file} ends:"
            give_up(StoreProblem(f"{told}\n{_tail(log_file)}"))

    async def _started_again(self, tries: int) -> bool:
        await asyncio.sleep(FIRST_PAUSE * 2**tries if tries else 0)
        try:
            self.process, _ = await _start(self._binary, self._directory, self._port)
            await _make_ready(self._port, self._directory, self._password)
        except (StoreProblem, TimeoutError, OSError) as fault:
            log.warning("the local mongod could not be started again: %s", fault)
            return False
        log.warning("the local mongod runs again")
        return True


class DirectoryLock:
    """Holds the lock of a data directory; the kernel gives it back when this process ends, however it ends."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._file: IO[str] | None = None

    def __enter__(self) -> None:
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            _make_private(self._directory)
            self._file = (self._directory / "jobyard.lock").open("a")
        except OSError as fault:
            raise StoreProblem(
                f"No jobs can be kept in {self._directory}: {fault}. Choose another directory with --data."
            ) from fault
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise StoreProblem(
                f"Another jobyard server keeps its jobs in {self._directory}. Stop it, choose another directory with "
                "--data, or let both share a MongoDB with MONGODB_URI."
            ) from None

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()


def _secrets(directory: Path) -> dict[str, str]:
    """The password and the key file of this directory, made at its first use."""
    path = directory / "jobyard.json"
    if not path.exists():
        _write_private(directory / "key", token_hex(64))
        _write_private(path, json.dumps({"password": token_urlsafe(32)}))
    return json.loads(path.read_text())


def _make_private(path: Path) -> None:
    """For its owner alone, also where an earlier release made it; what belongs to somebody else stays, and is told."""
    try:
        path.chmod(0o700 if path.is_dir() else 0o600)
    except PermissionError:
        log.warning("%s belongs to another user: others may be able to read what is kept there", path)


def _write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


async def _start(binary: str, directory: Path, port: int | None = None) -> tuple[Process, int]:
    """Start it on a free port, or on this one; again while a mongod that was killed still has hold of the directory."""
    output = directory / "mongod.log"
    async with asyncio.timeout(READY_SECONDS):
        while True:
            chosen = port or _free_port()
            process = await _spawned(binary, directory, output, chosen)
            if await _listens(process, chosen):
                return process, chosen
            if process.returncode != _LOCK_HELD:
                ending = f"mongod did not start (exit code {process.returncode}). Its log {output} ends:"
                raise StoreProblem(f"{ending}\n{_tail(output)}")
            await asyncio.sleep(0.2)


async def _spawned(binary: str, directory: Path, output_file: Path, port: int) -> Process:
    data = directory / "db"
    data.mkdir(mode=0o700, exist_ok=True)
    _make_private(data)
    with output_file.open("wb") as output:
        _make_private(output_file)
        # A session of its own: Ctrl-C is for the server, which stops it in order.
        return await asyncio.create_subprocess_exec(
            binary, "--dbpath", str(data), "--port", str(port), "--keyFile", str(directory / "key"), *_FLAGS,
            stdout=output, stderr=output, stdin=subprocess.DEVNULL, start_new_session=True, env=_environment(),
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )  # fmt: skip


def _environment() -> dict[str, str]:
    """Without our own settings: the administrator's password is among them."""
    return {name: value for name, value in os.environ.items() if not name.startswith("JOBYARD_")}


def _die_with_parent() -> None:
    """Ask Linux for SIGTERM when the server dies, also by kill -9: no mongod outlives its server."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def _listens(process: Process, port: int) -> bool:
    """True once the port answers; False when the process has ended."""
    while process.returncode is None:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
            continue
        writer.close()
        await writer.wait_closed()
        return True
    return False


async def _make_ready(port: int, directory: Path, password: str) -> None:
    """Make it the primary of its replica set, under the port of today, with our user."""
    try:
        for _ in range(SIGN_INS):
            if await _reconfigured(port, password) or await _initiated(port, password):
                return
            await asyncio.sleep(0.2)
    except PyMongoError as fault:
        raise StoreProblem(f"The local mongod could not be set up: {fault}") from fault
    raise StoreProblem(f"The local mongod of {directory} does not take the password in its jobyard.json.")


async def _reconfigured(port: int, password: str) -> bool:
    """Give the replica set its new port; False when it does not let us in, as one that was never set up."""
    async with _client(port, username=USER, password=password) as client:
        try:
            config = (await client.admin.command("replSetGetConfig"))["config"]
        except OperationFailure:
            return False
        config["members"][0]["host"] = f"127.0.0.1:{port}"
        config["version"] += 1
        await client.admin.command("replSetReconfig", config, force=True)
        await _until_primary(client)
        return True


async def _initiated(port: int, password: str) -> bool:
    """Set it up for the first time; False when it has a user already."""
    # Before its first user mongod lets whoever comes over loopback set it up, and nothing else.
    async with _client(port) as client:
        member = {"_id": 0, "host": f"127.0.0.1:{port}"}
        try:
            await client.admin.command("replSetInitiate", {"_id": _REPLICA_SET, "members": [member]})
        except OperationFailure as fault:
            if fault.code == _UNAUTHORIZED:
                return False
            if fault.code != _ALREADY_INITIALIZED:  # as after a server that was killed right here, at its first start
                raise
        await _until_primary(client)
        await client.admin.command("createUser", USER, pwd=password, roles=["root"])
        return True


def _client(port: int, **credentials: Any) -> AsyncMongoClient[dict[str, Any]]:
    milliseconds = READY_SECONDS * 1000
    return AsyncMongoClient(
        "127.0.0.1", port, directConnection=True, serverSelectionTimeoutMS=milliseconds, **credentials
    )


async def _until_primary(client: AsyncMongoClient[dict[str, Any]]) -> None:
    async with asyncio.timeout(READY_SECONDS):
        # mongod tells nobody when it becomes primary: one has to ask.
        while not (await client.admin.command("hello")).get("isWritablePrimary"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def _stop(process: Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()


def _tail(output: Path) -> str:
    return "\n".join(output.read_text(errors="replace").splitlines()[-5:])
