"""The server as a process: it is killed, stopped, started again, and no acknowledged job is missing."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from jobyard.resolvers.store.mongod import find_mongod

from ..documents import chain, task
from ..parts import require
from ..servers import Server, import_documents, serving


@pytest.fixture
def data(tmp_path: Path) -> Path:
    require(find_mongod(), "a mongod: pip install jobyard[mongod]")
    return tmp_path / "data"


def start(server: Server, workflow: str) -> str:
    answer = httpx.post(
        f"{server.address}/operations-manager/jobs/start", json={"workflow": workflow, "options": {}}, timeout=30
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]["_id"]


def job(server: Server, id: str) -> Any:
    return httpx.get(f"{server.address}/operations-manager/jobs/{id}", timeout=30).json()["data"]


def over(server: Server, *ids: str) -> list[Any]:
    """The jobs once none of them runs any more; each look is a request, so this takes its time without a sleep."""
    with httpx.Client(base_url=server.address, timeout=120) as client:
        while True:
            jobs = [client.get(f"/operations-manager/jobs/{id}").json()["data"] for id in ids]
            if all(job["status"] != "running" for job in jobs):
                return jobs


DELAY = 8  # seconds: a busy machine needs some of them to start the jobs
SLOW = chain(
    "slow",
    a1=task("newVariable", outgoing={"value": None}, name="before", value="kept"),
    b2=task("delay", time=DELAY),
    c3=task("newVariable", outgoing={"value": None}, name="after", value="$var.a1.value"),
)


def test_jobs_of_a_server_that_was_killed_are_finished_by_the_next_and_none_is_missing(data: Path) -> None:
    flags: tuple[str, ...] = ("--data", str(data))
    environment: dict[str, Any] = {"JOBYARD_LEASE_MS": "1500"}
    with serving(*flags, **environment) as first:
        import_documents(first, SLOW)
        ids = [start(first, "slow") for _ in range(20)]
        assert {job(first, id)["status"] for id in ids} == {"running"}
        first.kill()
    with serving(*flags, **environment) as second:
        jobs = over(second, *ids)
    assert [found["_id"] for found in jobs] == ids
    assert {found["status"] for found in jobs} == {"complete"}
    assert {found["variables"]["after"] for found in jobs} == {"kept"}
    for found in jobs:
        assert found["metrics"]["end_time"] - found["metrics"]["start_time"] >= DELAY * 1000
        assert len(found["tasks"]["b2"]["iterations"]) == 1


def test_a_loop_of_child_jobs_goes_on_after_a_kill_and_starts_none_twice(data: Path) -> None:
    count = 60
    loop = task(
        "childJob", outgoing={"job_details": "$var.job.details"}, task="", workflow="slow", variables={},
        data_array=[{"n": n} for n in range(count)], transformation="", loopType="parallel",
    )  # fmt: skip
    flags: tuple[str, ...] = ("--data", str(data))
    environment: dict[str, Any] = {"JOBYARD_LEASE_MS": "1500"}
    with serving(*flags, **environment) as first:
        import_documents(first, SLOW, chain("parent", a1=loop))
        id = start(first, "parent")
        while not job(first, id)["tasks"]["a1"].get("childJobs"):
            pass
        first.kill()
    with serving(*flags, **environment) as second:
        (found,) = over(second, id)
        children = [job(second, one["_id"]) for one in found["tasks"]["a1"]["childJobs"]]
    assert found["status"] == "complete"
    assert [one["n"] for one in found["variables"]["details"]["loop"]] == list(range(count))
    assert {child["status"] for child in children} == {"complete"}
    assert {len(child["tasks"]["b2"]["iterations"]) for child in children} == {1}
    assert found["tasks"]["a1"]["loop"]["finishedCount"] == count


def test_ctrl_c_stops_the_server_and_its_mongod_and_a_restart_finds_every_job_again(data: Path) -> None:
    with serving("--data", str(data), "--examples") as first:
        assert "playground: " in first.greeting
        assert "try: curl -s " in first.greeting
        assert "a mongod of its own" in first.greeting
        import_documents(first, SLOW)
        id = start(first, "slow")
        assert first.stop() == 0
    with serving("--data", str(data)) as second:
        (found,) = over(second, id)
        assert found["status"] == "complete"


def test_two_servers_cannot_have_one_directory(data: Path) -> None:
    with serving("--data", str(data)), pytest.raises(AssertionError, match="Another jobyard server keeps its jobs in"):
        Server("--data", str(data))


def test_a_directory_that_cannot_be_made_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(AssertionError, match=r"No jobs can be kept in .*/file/jobs: .*--data"),
        serving("--data", str(tmp_path / "file" / "jobs")),
    ):
        pass


def test_memory_says_that_nothing_survives() -> None:
    with serving("--memory") as server:
        assert "memory: nothing survives the server" in server.greeting


def test_the_providers_of_a_server_are_named_when_it_starts(tmp_path: Path) -> None:
    (tmp_path / "providers.yaml").write_text("stub: adapters")
    with serving("--memory", "--providers", str(tmp_path / "providers.yaml")) as server:
        assert f"providers: {tmp_path / 'providers.yaml'}\n" in server.greeting
        assert (
            "a stub answers every task that nobody provides and no person works: nothing of that is real\n"
            in server.greeting
        )


def test_a_providers_file_with_faults_is_refused_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "providers.yaml").write_text("providers:\n  - app: Jira\nstubs: all\n")
    with pytest.raises(AssertionError) as refusal:
        Server("--memory", JOBYARD_PROVIDERS=str(tmp_path / "providers.yaml"))
    assert str(refusal.value) == (
        f"the server ended: jobyard: The providers file {tmp_path / 'providers.yaml'} cannot be used:\n"
        "  line 2: 'url' is missing: the address that does the tasks, or write stub: true\n"
        "  line 3: unknown key 'stubs': the file may have providers, stub, recorded, rest_call\n"
    )


@pytest.mark.parametrize("setting", [{"JOBYARD_SECRETS_KEY": "foo"}, {"JOBYARD_SECRETS_KEY_FILE": "/no such file"}])
def test_a_key_that_is_none_is_refused_in_a_line(setting: Any) -> None:
    with pytest.raises(AssertionError) as refusal:
        Server("--memory", **setting)
    (line,) = str(refusal.value).splitlines()
    assert line.startswith("the server ended: jobyard: ")
    assert "Traceback" not in line


def test_a_mongodb_that_does_not_answer_is_named_without_its_password() -> None:
    uri = "mongodb://ada:secret@127.0.0.1:1/?serverSelectionTimeoutMS=200"
    with pytest.raises(AssertionError) as refusal:
        Server(MONGODB_URI=uri)
    assert "MongoDB 127.0.0.1:1, database jobyard does not answer" in str(refusal.value)
    assert str(refusal.value).endswith("(127.0.0.1:1: [Errno 111] Connect call failed ('127.0.0.1', 1))\n")
    assert "secret" not in str(refusal.value)
