"""The local mongod: finding, starting and stopping it, on loopback and in a data directory; rotation of its log."""

import asyncio
import ctypes
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure, PyMongoError

from ...models.settings import SettingRefused
from ..log_facts import about
from .data_directory import make_private
from .errors import StoreProblem

READY_SECONDS = 60
STOP_SECONDS = 20
SIGN_INS = 20  # a mongod that comes back refuses even its own user while it changes its state
USER = "jobyard"
REPLICA_SET = "jobyard"
LOG_FILE = "mongod.log"
_LOCK_HELD = 100  # mongod's exit code while another one still holds the data directory
_ALREADY_INITIALIZED = 23
_UNAUTHORIZED = 13
_FLAGS = (
    "--bind_ip", "127.0.0.1",
    "--replSet", REPLICA_SET,
    "--networkMessageCompressors", "disabled",
    "--oplogSize", "128",
    "--wiredTigerCacheSizeGB", "0.5",
    "--wiredTigerEngineConfigString", "log=(prealloc=false,file_max=16MB)",
    "--setParameter", "diagnosticDataCollectionEnabled=false",
)  # fmt: skip


def find_mongod(chosen: Path | None = None) -> str | None:
    """The chosen program, else mongod on PATH, else the one inside the optional wheel: the first that runs here.

    SettingRefused if the chosen one does not run.
    """
    if chosen is not None:
        if not _runs(str(chosen)):
            raise SettingRefused(
                f"MONGOD {chosen}: this program does not answer --version, as one that was built for another system. "
                "Name another mongod, or leave the setting out."
            )
        return str(chosen)
    wheel = find_spec("fiftyone")
    folders = list(wheel.submodule_search_locations or ()) if wheel else []
    candidates = [shutil.which("mongod"), *(f"{folder}/db/bin/mongod" for folder in folders)]
    for candidate in candidates:
        if candidate and os.access(candidate, os.X_OK) and _runs(candidate):
            return candidate
    return None


def _runs(binary: str) -> bool:
    """Whether the binary starts: one that was built for other libraries does not."""
    try:
        return subprocess.run([binary, "--version"], capture_output=True, timeout=20, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


async def start_mongod(binary: str, directory: Path, password: str, port: int | None = None) -> tuple[Process, int]:
    """Start mongod on a free port, or on this one, and wait until it is primary and has our user.

    StoreProblem if it does not get ready; mongod is stopped then.
    """
    async with _within(READY_SECONDS, directory):
        while True:
            chosen = port or _free_port()
            process = await _spawn(binary, directory, chosen)
            try:
                if await _wait_ready(process, chosen, directory, password):
                    return process, chosen
            except BaseException:
                await stop_mongod(process)
                raise
            # A mongod that was killed still has hold of the directory for a moment.
            if process.returncode != _LOCK_HELD:
                ended = f"mongod did not start (exit code {process.returncode})."
                raise StoreProblem(f"{ended} {end_of_log(directory)}")
            await asyncio.sleep(0.2)


@asynccontextmanager
async def _within(seconds: float, directory: Path) -> AsyncGenerator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as late:
        raise StoreProblem(f"mongod was not ready after {seconds:g} s. {end_of_log(directory)}") from late


async def _wait_ready(process: Process, port: int, directory: Path, password: str) -> bool:
    """Wait until mongod is ready; False if it ended before."""
    ready = asyncio.ensure_future(_make_ready(process, port, directory, password))
    ended = asyncio.ensure_future(process.wait())
    try:
        await asyncio.wait({ready, ended}, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            return False
        await ready
        return process.returncode is None
    finally:
        for one in (ready, ended):
            one.cancel()
        await asyncio.gather(ready, ended, return_exceptions=True)


async def _spawn(binary: str, directory: Path, port: int) -> Process:
    data, log_file = directory / "db", directory / LOG_FILE
    data.mkdir(mode=0o700, exist_ok=True)
    make_private(data)
    with log_file.open("ab") as output:  # see mongod_log
        make_private(log_file)
        # A session of its own: Ctrl-C goes to the server, which stops mongod in order.
        return await asyncio.create_subprocess_exec(
            binary, "--dbpath", str(data), "--port", str(port), "--keyFile", str(directory / "key"), *_FLAGS,
            stdout=output, stderr=output, stdin=subprocess.DEVNULL, start_new_session=True, env=_environment(),
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )  # fmt: skip


def _environment() -> dict[str, str]:
    """The environment without jobyard's settings, which may have the administrator's password."""
    return {name: value for name, value in os.environ.items() if not name.startswith("JOBYARD_")}


def _die_with_parent() -> None:
    """Ask Linux for SIGTERM when the server dies, also by kill -9: no mongod outlives its server."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def _until_it_listens(process: Process, port: int) -> None:
    while process.returncode is None:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
            continue
        writer.close()
        await writer.wait_closed()
        return


async def _make_ready(process: Process, port: int, directory: Path, password: str) -> None:
    """Make mongod the primary of its replica set, under its current port, with our user."""
    await _until_it_listens(process, port)
    try:
        for _ in range(SIGN_INS):
            if await _reconfigure(port, password) or await _initiate(port, password):
                return
            await asyncio.sleep(0.2)
    except PyMongoError as fault:
        raise StoreProblem(f"The local mongod could not be set up: {fault}") from fault
    raise StoreProblem(f"The local mongod of {directory} does not take the password in its jobyard.json.")


async def _reconfigure(port: int, password: str) -> bool:
    """Give the replica set its new port; False if the sign-in fails, as for a mongod that was never set up."""
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


async def _initiate(port: int, password: str) -> bool:
    """Set mongod up for the first time; False if it has a user already."""
    # Without a user, mongod allows set-up over loopback, and nothing else.
    async with _client(port) as client:
        member = {"_id": 0, "host": f"127.0.0.1:{port}"}
        try:
            await client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": [member]})
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
        # mongod does not announce that it is primary: it has to be asked.
        while not (await client.admin.command("hello")).get("isWritablePrimary"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def stop_mongod(process: Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()


def end_of_log(directory: Path) -> str:
    file = directory / LOG_FILE
    lines = file.read_text(errors="replace").splitlines()[-5:]
    return "\n".join([f"Its log {file} ends:", *lines])


LARGEST: Final = 16 * 2**20  # bytes
PARTS: Final = 3  # rotated files: mongod.log.1 is the latest
LOOK_SECONDS: Final = 30.0

log = logging.getLogger("jobyard")


async def keep_small(file: Path, largest: int = LARGEST, seconds: float = LOOK_SECONDS) -> None:
    """Rotate the log regularly, without an end."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await asyncio.to_thread(rotate, file, largest)
        except OSError as fault:  # a disk that is full, for one: the next look tries again
            log.warning("%s could not be rotated: %s", file, fault.strerror, extra=about("mongod_log_not_rotated"))


def rotate(file: Path, largest: int = LARGEST) -> bool:
    """Rotate the log if it is too large; whether it was. mongod appends to the emptied file."""
    if not file.exists() or file.stat().st_size <= largest:
        return False
    for number in range(PARTS - 1, 0, -1):
        if (part := _part(file, number)).exists():
            part.replace(_part(file, number + 1))
    first = _part(file, 1)
    shutil.copyfile(file, first)
    make_private(first)
    os.truncate(file, 0)
    return True


def _part(file: Path, number: int) -> Path:
    return file.with_name(f"{file.name}.{number}")
