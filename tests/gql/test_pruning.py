"""`jobyard prune` and the retention of a server, over real processes."""

import json
import time
from collections.abc import Generator
from typing import Any

import pytest
from pymongo import MongoClient

from ..families import COLLECTIONS, DAY, counts, plant_family
from ..servers import Server, graphql, serving
from .test_cli import jobyard


def now() -> int:
    return time.time_ns() // 1_000_000


@pytest.fixture
def server(mongodb_uri: str, new_database: str) -> Generator[Server]:
    with serving(MONGODB_URI=mongodb_uri, JOBYARD_DATABASE=new_database) as one:
        yield one


def pruned(server: Server, *arguments: str) -> Any:
    done = jobyard("prune", *arguments, "--output", "json", server=server)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_dry_run_says_what_goes_and_the_command_removes_just_that(
    server: Server, mongodb: MongoClient[dict[str, Any]], new_database: str
) -> None:
    database = mongodb[new_database]
    for number in range(1, 131):
        plant_family(database, number, now() - 40 * DAY - number)
    plant_family(database, 200, now() - 40 * DAY, status="canceled")
    stays = plant_family(database, 300, now() - DAY)
    blocked = plant_family(database, 400, now() - 50 * DAY)
    database["jobs"].update_one(
        {"ancestors.0": blocked, "ancestors.1": {"$exists": True}}, {"$set": {"status": "error"}}
    )
    before = counts(database)
    dry = pruned(server, "--older-than", "30d", "--dry-run")
    assert counts(database) == before
    assert [(row["status"], row["families"]) for row in dry["byStatus"]] == [("canceled", 1), ("complete", 130)]
    assert (dry["dryRun"], dry["deleted"]["jobs"], dry["skipped"]) == (True, 0, 1)
    done = pruned(server, "--older-than", "30d")
    assert done["byStatus"] == dry["byStatus"]
    assert done["deleted"] == {"jobs": 262, "tasks": 262, "events": 262, "values": 262, "largeValues": 262}
    assert done["skipped"] == 1
    assert counts(database) == {**dict.fromkeys(COLLECTIONS, 4), "removals": 0}
    assert {one["_id"] for one in database["jobs"].find({"ancestors.1": {"$exists": False}})} == {stays, blocked}
    text = graphql(server, "{ prometheusMetrics }")["prometheusMetrics"]
    assert 'jobyard_jobs_removed_total{by="prune"} 262.0' in text


def test_the_newest_stay_and_only_the_status_goes(
    server: Server, mongodb: MongoClient[dict[str, Any]], new_database: str
) -> None:
    database = mongodb[new_database]
    roots = [plant_family(database, number, now() - number * DAY) for number in range(1, 6)]
    canceled = plant_family(database, 9, now() - 90 * DAY, status="canceled")
    assert pruned(server, "--keep", "2", "--status", "complete")["deleted"]["jobs"] == 6
    assert {one["_id"] for one in database["jobs"].find({"ancestors.1": {"$exists": False}})} == {*roots[:2], canceled}
    # Both conditions hold together: nothing that is young goes, and none of the newest.
    assert pruned(server, "--older-than", "36h", "--keep", "2")["deleted"]["jobs"] == 0
    done = jobyard("prune", "--older-than", "36h", "--keep", "1", server=server)
    assert done.stdout.split()[:6] == ["STATUS", "FAMILIES", "OLDEST", "NEWEST", "complete", "1"]
    assert done.stderr == "jobyard: 1 families removed: 2 jobs, 2 iterations, 2 events.\n"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            [],
            2,
            "jobyard: --older-than must be an age, such as 30d: "
            "neither an age nor --keep nor JOBYARD_KEEP_JOBS says what may go.\n",
        ),
        (["--older-than", "soon"], 2, "argument --older-than: 'soon' is no age: write a number and s, m, h or d"),
        (["--keep", "1000001"], 2, "jobyard: --keep must be from 1 to 1000000, not 1000001.\n"),
        (["--older-than", "1d", "--status", "running"], 2, "running: jobs that are over are complete or canceled"),
        (["--keep", "0"], 2, "0 is no whole number of at least 1"),
    ],
)
def test_what_makes_no_sense_is_refused(server: Server, arguments: list[str], code: int, message: str) -> None:
    done = jobyard("prune", *arguments, server=server)
    assert (done.returncode, message in done.stderr) == (code, True), done.stderr


def test_a_server_removes_by_itself_what_its_settings_do_not_keep(
    mongodb_uri: str, mongodb: MongoClient[dict[str, Any]], new_database: str
) -> None:
    database = mongodb[new_database]
    plant_family(database, 1, now() - 2 * DAY)
    stays = plant_family(database, 2, now())
    flags = ("--keep-jobs", "complete=1d", "--log-format", "json")
    with serving(*flags, MONGODB_URI=mongodb_uri, JOBYARD_DATABASE=new_database) as server:
        assert pruned(server, "--dry-run")["byStatus"][0]["families"] == 1
        with database["jobs"].watch([{"$match": {"operationType": "delete"}}], max_await_time_ms=1000) as changes:
            until = time.monotonic() + 60
            while database["jobs"].count_documents({}) > 2:
                assert time.monotonic() < until
                changes.try_next()
        assert [one["_id"] for one in database["jobs"].find({"ancestors.1": {"$exists": False}})] == [stays]
