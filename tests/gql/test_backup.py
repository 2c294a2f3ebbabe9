"""`jobyard backup` and `restore` against a real database, beside a server that works; `jobyard upgrade --check`."""

import gzip
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from .. import processes
from ..documents import chain, task
from ..families import COLLECTIONS, counts, plant_family, plant_whole_families
from ..parts import ROOT
from ..servers import Server, graphql, import_documents, serving

Client = MongoClient[dict[str, Any]]
FAMILIES = 3000
START = 'mutation($v: JSON) { startJob(workflow: "w", options: {variables: $v}, waitSeconds: 20) { id status } }'


def command(uri: str, database: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "MONGODB_URI": uri, "JOBYARD_DATABASE": database}
    return processes.run([sys.executable, str(ROOT / "tests/serve.py"), *arguments], env=environment, timeout=100)


def stored(database: Any) -> dict[str, list[Any]]:
    names = set(database.list_collection_names()) - {"servers", "duties"}
    found = {name: sorted(database[name].find({}), key=lambda one: str(one["_id"])) for name in names}
    return {name: documents for name, documents in found.items() if documents}


def indexes(database: Any) -> dict[str, list[str]]:
    names = set(database.list_collection_names()) - {"servers", "duties", "removals"}
    return {name: sorted(database[name].index_information()) for name in names}


def start_large(server: Server, megabytes: int) -> str:
    variables = {"text": "x" * (megabytes * 1024 * 1024)}
    job: dict[str, Any] = graphql(server, START, v=variables)["startJob"]
    assert job["status"] == "COMPLETE"
    return job["id"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "jobs.backup"


def test_what_is_backed_up_is_restored_with_large_values_and_indexes(
    mongodb_uri: str, mongodb: Client, new_database: str, file: Path
) -> None:
    database, other = mongodb[new_database], f"{new_database}_b"
    document = chain("w", a1=task("newVariable", name="y", value=1))
    try:
        with serving(MONGODB_URI=mongodb_uri, JOBYARD_DATABASE=new_database) as server:
            import_documents(server, document)
            job = start_large(server, 9)
            assert database["job_data.files"].count_documents({}) > 0
        done = command(mongodb_uri, new_database, "backup", str(file))
        assert done.returncode == 0, done.stderr
        assert "read back and compared" in done.stderr
        assert file.stat().st_mode & 0o777 == 0o600
        assert not file.with_name("jobs.backup.partial").exists()
        before = stored(database)
        back = command(mongodb_uri, other, "restore", str(file))
        assert back.returncode == 0, back.stderr
        assert stored(mongodb[other]) == before
        assert indexes(mongodb[other]) == indexes(database)
        with serving(MONGODB_URI=mongodb_uri, JOBYARD_DATABASE=other) as server:
            variables = graphql(server, "query($id: ID!) { job(id: $id) { variables } }", id=job)["job"]["variables"]
            assert len(variables["text"]) == 9 * 1024 * 1024
            refused = command(mongodb_uri, other, "restore", str(file), "--force")
            assert (refused.returncode, "runs on this database: stop it first" in refused.stderr) == (1, True)
    finally:
        mongodb.drop_database(other)


def test_a_backup_is_of_one_moment_beside_a_server_that_works(
    mongodb_uri: str, mongodb: Client, new_database: str, file: Path
) -> None:
    """Families are planted and removed meanwhile: each is in the file with all that belongs to it, or not at all."""
    database, other = mongodb[new_database], f"{new_database}_b"
    plant_whole_families(database, FAMILIES, 1)  # their removal takes longer than the command to begin
    keep = ("--keep-jobs", "complete=1d")
    try:
        with serving(*keep, MONGODB_URI=mongodb_uri, JOBYARD_DATABASE=new_database):
            changes = database["jobs"].watch([{"$match": {"operationType": "delete"}}], max_await_time_ms=30_000)
            with changes:
                assert changes.try_next() is not None, "the duty of retention has begun"
                done = command(mongodb_uri, new_database, "backup", str(file))
                assert done.returncode == 0, done.stderr
        assert command(mongodb_uri, other, "restore", str(file)).returncode == 0
        found = counts(mongodb[other])
        assert 0 < found["jobs"] < 2 * FAMILIES
        assert found["jobs"] == found["tasks"]
        assert all(found["jobs"] <= found[name] for name in COLLECTIONS)
    finally:
        mongodb.drop_database(other)


@pytest.mark.parametrize("damage", ["cut", "end", "byte", "text", "empty"])
def test_a_file_that_is_damaged_is_refused_before_anything_is_written(
    damage: str, mongodb_uri: str, mongodb: Client, new_database: str, file: Path
) -> None:
    database, other = mongodb[new_database], f"{new_database}_b"
    plant_family(database, 1, 1, children=50)
    plant_family(mongodb[other], 7, 7)
    try:
        assert command(mongodb_uri, new_database, "backup", str(file)).returncode == 0
        whole, frames = file.read_bytes(), gzip.decompress(file.read_bytes())
        damaged = {
            "cut": whole[: len(whole) // 2],
            "end": gzip.compress(frames[: frames.rindex(b"E")]),
            "byte": gzip.compress(frames.replace(b"complete", b"canceled", 1)),
            "text": b"no backup",
            "empty": b"",
        }[damage]
        file.write_bytes(damaged)
        before = stored(mongodb[other])
        done = command(mongodb_uri, other, "restore", str(file), "--force")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.endswith("Nothing was restored.\n")
        assert done.stderr.count("\n") == 1
        assert stored(mongodb[other]) == before
    finally:
        mongodb.drop_database(other)


def test_what_would_overwrite_is_refused_unless_forced(
    mongodb_uri: str, mongodb: Client, new_database: str, file: Path
) -> None:
    database = mongodb[new_database]
    plant_family(database, 1, 1)
    assert command(mongodb_uri, new_database, "backup", str(file)).returncode == 0
    again = command(mongodb_uri, new_database, "backup", str(file))
    assert (again.returncode, again.stderr) == (1, f"jobyard: {file} exists: name another file, or remove it.\n")
    plant_family(database, 2, 2)
    refused = command(mongodb_uri, new_database, "restore", str(file))
    assert (refused.returncode, "is not empty (" in refused.stderr) == (1, True)
    assert database["jobs"].count_documents({}) == 4
    assert command(mongodb_uri, new_database, "restore", str(file), "--force").returncode == 0
    assert database["jobs"].count_documents({}) == 2


def test_an_interrupted_restore_keeps_servers_away_until_it_is_repeated(
    mongodb_uri: str, mongodb: Client, new_database: str, file: Path
) -> None:
    database = mongodb[new_database]
    plant_family(database, 1, 1)
    assert command(mongodb_uri, new_database, "backup", str(file)).returncode == 0
    database["duties"].insert_one({"_id": "restore", "owner": str(file)})
    refused = command(mongodb_uri, new_database, "serve", "--port", "0", "--open")
    assert (refused.returncode, "was interrupted: repeat it with --force" in refused.stderr) == (1, True)
    assert command(mongodb_uri, new_database, "restore", str(file), "--force").returncode == 0
    with serving(MONGODB_URI=mongodb_uri, JOBYARD_DATABASE=new_database) as server:
        assert graphql(server, "{ jobs { totalCount } }") == {"jobs": {"totalCount": 2}}


def test_upgrade_check_counts_by_version_and_names_missing_indexes(
    mongodb_uri: str, mongodb: Client, new_database: str
) -> None:
    database = mongodb[new_database]
    plant_family(database, 1, 1)
    done = command(mongodb_uri, new_database, "upgrade", "--check")
    assert done.returncode == 0, done.stderr
    jobs = next(line for line in done.stdout.splitlines() if line.startswith("jobs "))
    assert jobs.split()[:4] == ["jobs", "2", "0", "0"]
    assert "itential_status" in jobs
    assert "This release reads everything; 2 older documents" in done.stderr  # the tasks have no version
    database["jobs"].update_one({}, {"$set": {"state_version": 99}})
    newer = command(mongodb_uri, new_database, "upgrade", "--check")
    assert (newer.returncode, "1 documents are of a newer release" in newer.stderr) == (1, True)


def test_a_database_that_is_not_there_is_one_line_and_5(file: Path) -> None:
    uri = "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100"
    done = command(uri, "nothing", "backup", str(file))
    assert done.returncode == 5
    assert done.stderr.splitlines()[-1].startswith("jobyard: MongoDB 127.0.0.1:1, database nothing does not answer")
    assert not file.exists()
