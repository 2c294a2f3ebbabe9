"""The local mongod: private, durable, and never an orphan."""

import asyncio
import stat
from contextlib import suppress
from pathlib import Path

import pytest
from jobyard.resolvers.store import local_mongod, mongod
from jobyard.resolvers.store.connect import open_store
from jobyard.resolvers.store.errors import StoreProblem
from jobyard.resolvers.store.mongod import find_mongod
from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure, PyMongoError

from ...parts import require

pytestmark = pytest.mark.anyio


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    require(find_mongod(), "a mongod: pip install jobyard[mongod]")
    return tmp_path / "data"


async def test_it_keeps_what_was_stored_and_lets_nobody_in_without_its_password(directory: Path) -> None:
    async with open_store(None, directory, memory=False, database_name="x") as store:
        assert (store.durable, store.transactions, store.change_streams) == (True, True, True)
        await store.database["things"].insert_one({"_id": 1})
        host, port = await store.database.client.address
        async with AsyncMongoClient[dict[str, object]](host, port, directConnection=True) as stranger:
            with pytest.raises(OperationFailure) as refusal:
                await stranger["x"]["things"].insert_one({"_id": 2})
            assert refusal.value.code == 13
    async with open_store(None, directory, memory=False, database_name="x") as store:
        assert [found async for found in store.database["things"].find({})] == [{"_id": 1}]


async def test_its_secrets_are_for_their_owner_alone(directory: Path) -> None:
    (directory / "db").mkdir(parents=True)
    for made in (directory, directory / "db"):
        made.chmod(0o755)
    async with open_store(None, directory, memory=False, database_name="x"):
        names = ("key", "jobyard.json", "mongod.log", "db", ".")
        modes = {name: stat.S_IMODE((directory / name).stat().st_mode) for name in names}
        files = [one for one in (directory / "db").rglob("*") if one.is_file() and one.stat().st_mode & 0o077]
    assert modes == {**dict.fromkeys(("key", "jobyard.json", "mongod.log"), 0o600), "db": 0o700, ".": 0o700}
    assert files == []


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="Linux alone shows the environment of a process")
async def test_it_is_not_told_our_settings(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBYARD_ADMIN_PASSWORD", "only for us")
    async with open_store(None, directory, memory=False, database_name="x"):
        told = environments_of(str(directory))
        assert told != []
        assert all(b"only for us" not in one for one in told)


def environments_of(argument: str) -> list[bytes]:
    """Of the processes that have it in their command."""
    commands = Path("/proc").glob("[0-9]*/cmdline")
    return [contents(one.with_name("environ")) for one in commands if argument.encode() in contents(one)]


def contents(file: Path) -> bytes:
    """Nothing of a process that is gone, or another user's."""
    try:
        return file.read_bytes()
    except OSError:
        return b""


async def test_a_mongod_that_does_not_take_our_password_is_told(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_store(None, directory, memory=False, database_name="x"):
        pass
    (directory / "jobyard.json").write_text('{"password": "another"}')
    monkeypatch.setattr(mongod, "SIGN_INS", 2)
    with pytest.raises(StoreProblem) as problem:
        async with open_store(None, directory, memory=False, database_name="x"):
            pass
    assert str(problem.value) == f"The local mongod of {directory} does not take the password in its jobyard.json."


async def test_it_is_started_again_however_often_that_fails_at_first(
    directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, failures = tmp_path / "mongod", tmp_path / "failures"
    failures.write_text("")
    program.write_text(f"""#!/bin/sh
if [ "$1" != --version ] && [ -s "{failures}" ]; then sed -i 1d "{failures}"; exit 14; fi
exec "{find_mongod()}" "$@"
""")
    program.chmod(0o755)
    monkeypatch.setattr(local_mongod, "FIRST_PAUSE", 0.001)
    async with open_store(None, directory, memory=False, database_name="x", mongod_binary=program) as store:
        await store.database["things"].insert_one({"_id": 1})
        failures.write_text("once\n" * 8)
        with suppress(PyMongoError):  # it is gone before it can answer
            await store.database.client.admin.command("shutdown", force=True)
        async with asyncio.timeout(60):
            assert await store.database["things"].find_one({}) == {"_id": 1}
        assert failures.read_text() == ""
        assert not store.given_up.done()


@pytest.fixture
def broken(directory: Path) -> Path:
    """A data directory whose database files are not MongoDB's."""
    (directory / "db").mkdir(parents=True)
    (directory / "db" / "storage.bson").write_text("nothing that mongod wrote")
    return directory


async def test_a_mongod_that_does_not_start_is_told_with_the_end_of_its_log(broken: Path) -> None:
    with pytest.raises(StoreProblem, match=r"mongod did not start \(exit code \d+\)") as problem:
        async with open_store(None, broken, memory=False, database_name="x"):
            pass
    assert "mongod.log ends:" in str(problem.value)


async def test_without_any_mongod_jobs_are_kept_in_memory_with_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("jobyard.resolvers.store.connect.find_mongod", lambda chosen: None)
    async with open_store(None, tmp_path, memory=False, database_name="x") as store:
        assert not store.durable
        assert "nothing survives the server. Install jobyard[mongod]" in store.description
    assert "jobs are kept in memory" in caplog.text
