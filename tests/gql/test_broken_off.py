"""What breaks off between a real server and its database, or between two servers, goes on: no job stops for it."""

import os
from collections import Counter
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from queue import Queue
from signal import SIGCONT, SIGSTOP, SIGTERM
from threading import Event
from typing import Any

import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from pymongo import MongoClient
from pymongo.database import Database

from ..documents import chain, task
from ..endpoints import Asked, Reply, answering
from ..mongo_proxy import Command, MongoProxy, mongo_proxy
from ..servers import Server, graphql, import_documents, serving

SECONDS = 30
JOBS = 5
MANY = 400  # of which a server that takes over takes 200 at once
RUNS_AND_DRIVERS_OWN = 2  # the driver repeats a command once by itself
FOR_EVER = 1_000_000
QUICK = {"JOBYARD_LEASE_MS": "1000"}
AT_ONCE = 100
STARTS = " ".join(f'a{at}: startJob(workflow: "asks", options: {{}}) {{ id }}' for at in range(AT_ONCE))

Stored = Database[dict[str, Any]]


@pytest.fixture
def database(mongodb: MongoClient[dict[str, Any]], new_database: str) -> Stored:
    return mongodb[new_database]


@pytest.fixture
def proxy(mongodb_uri: str) -> Generator[MongoProxy]:
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(mongo_proxy(mongodb_uri)) as one,
    ):
        yield one


@pytest.fixture
def shared(mongodb_uri: str, new_database: str) -> dict[str, Any]:
    """The environment of a server on the database; another one has the same, or the address of the proxy."""
    return {**QUICK, "MONGODB_URI": mongodb_uri, "JOBYARD_DATABASE": new_database}


@pytest.fixture
def behind_proxy(shared: dict[str, Any], proxy: MongoProxy) -> dict[str, Any]:
    return {**shared, "MONGODB_URI": proxy.uri}


def asks() -> dict[str, Any]:
    view = {**task("ViewData", header="h", outgoing={"choice": "$var.job.choice"}), "type": "manual"}
    return chain("asks", a1=view, b2=task("newVariable", name="copied", value="$var.job.choice"))


def start(server: Server, workflow: str, **headers: str) -> httpx.Response:
    url = f"{server.address}/operations-manager/jobs/start"
    return httpx.post(url, json={"workflow": workflow, "options": {}}, headers=headers, timeout=SECONDS)


def started(server: Server, workflow: str) -> str:
    answer = start(server, workflow)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]["_id"]


def finish(server: Server, job: str, task_id: str = "a1") -> httpx.Response:
    url = f"{server.address}/operations-manager/jobs/{job}/tasks/{task_id}/finish"
    body = {"taskData": {"finish_state": "success", "variables": {"choice": job}}}
    return httpx.post(url, json=body, timeout=SECONDS)


def finished(server: Server, job: str) -> int:
    """As a client does it: until the answer is there."""
    while (code := finish(server, job).status_code) == 503:
        pass
    return code


def waiting(database: Stored, *jobs: str) -> None:
    """Return once a person is asked by each of the jobs, as it is stored."""
    query = {"job._id": {"$in": list(jobs)}, "waits_for": "person"}
    while database["tasks"].count_documents(query) < len(jobs):
        pass


def asked(server: Server, database: Stored, number: int = 1) -> list[str]:
    """Jobs that wait for a person."""
    import_documents(server, asks())
    jobs = [started(server, "asks") for _ in range(number)]
    waiting(database, *jobs)
    return jobs


def ended(database: Stored, *jobs: str) -> list[dict[str, Any]]:
    """The jobs once none of them goes on; each look is a command, past the proxy and the servers."""
    query = {"_id": {"$in": list(jobs)}}
    while database["jobs"].count_documents({**query, "status": {"$in": ["running", "paused"]}}):
        pass
    return list(database["jobs"].find(query))


def until(database: Stored, holds: Callable[[], bool]) -> None:
    """For what the proxy sees; each look is a command."""
    while not holds():
        database.command("ping")


def check_answered(database: Stored, *jobs: str) -> None:
    """Each is complete with the answer of its own person."""
    for job in ended(database, *jobs):
        assert (job["status"], job.get("error", [])) == ("complete", [])
        assert job["variables"]["copied"] == job["_id"]


def is_advance(name: str, command: Command) -> bool:
    """Whether it stores that a job went on: guarded by the number of its last advance."""
    return any("seq" in query for query in queries_of(name, command))


def is_takeover(name: str, command: Command) -> bool:
    return bool(queries_of(name, command)) and "lease.owner" in str(command.get("updates", command.get("update")))


def queries_of(name: str, command: Command) -> list[Any]:
    """Of a write to jobs that are stored."""
    if name not in ("update", "findAndModify") or command[name] != "jobs":
        return []
    return [command["query"]] if name == "findAndModify" else [one["q"] for one in command["updates"]]


def test_an_answer_that_came_while_nobody_ran_the_job_counts(database: Stored, shared: dict[str, Any]) -> None:
    with serving(**shared) as first, serving(**shared) as second:
        jobs = asked(first, database, JOBS)
        first.kill()
        assert {finish(second, job).status_code for job in jobs} == {200}
        check_answered(database, *jobs)


def test_a_look_of_the_sweep_that_fails_forgets_none_of_the_jobs_that_broke_off(
    database: Stored, behind_proxy: dict[str, Any], proxy: MongoProxy
) -> None:
    lost = Counter[str]()

    def advances(name: str, command: Command) -> bool:
        lost.update(query["_id"] for query in queries_of(name, command) if "seq" in query)
        return is_advance(name, command)

    def looks(name: str, command: Command) -> bool:
        return name in ("find", "aggregate") and command[name] == "jobs"

    with serving(**behind_proxy) as server, ThreadPoolExecutor(JOBS) as pool:
        jobs = asked(server, database, JOBS)
        proxy.lose(advances, before=True, times=FOR_EVER)
        answers = [pool.submit(finished, server, job) for job in jobs]
        until(database, lambda: all(lost[job] >= RUNS_AND_DRIVERS_OWN for job in jobs))
        fault = proxy.lose(looks, before=True, times=RUNS_AND_DRIVERS_OWN)
        proxy.faults[:] = [fault]
        until(database, lambda: fault.times == 0)
        check_answered(database, *jobs)
        assert {one.result(SECONDS) for one in answers} <= {
            200,
            409,
        }  # the answer of one that was told 503 may be there


def test_an_answer_that_was_acknowledged_is_not_lost_with_the_advance_that_takes_it(
    database: Stored, behind_proxy: dict[str, Any], proxy: MongoProxy
) -> None:
    with serving(**behind_proxy) as server:
        (job,) = asked(server, database)
        fault = proxy.lose(is_advance, before=True, times=RUNS_AND_DRIVERS_OWN)
        assert finish(server, job).status_code == 200
        until(database, lambda: fault.times == 0)
        check_answered(database, job)


def test_a_start_whose_answer_was_lost_runs_once_when_it_is_repeated_with_its_key(
    database: Stored, behind_proxy: dict[str, Any], proxy: MongoProxy
) -> None:
    with serving(**behind_proxy) as server:
        import_documents(server, chain("w", a1=task("delay", time=0)))
        fault = proxy.lose(
            lambda name, command: (name, command.get(name)) == ("insert", "jobs"),
            before=False, times=RUNS_AND_DRIVERS_OWN,
        )  # fmt: skip
        first = start(server, "w", **{"idempotency-key": "k"})
        assert fault.times == 0
        while (answer := start(server, "w", **{"idempotency-key": "k"})).status_code != 200:
            pass
        assert first.status_code in (200, 503)
        (job,) = ended(database, answer.json()["data"]["_id"])
        assert (job["status"], database["jobs"].count_documents({})) == ("complete", 1)


def test_a_child_whose_start_failed_on_the_database_is_started_again(
    database: Stored, behind_proxy: dict[str, Any], proxy: MongoProxy
) -> None:
    given = {"task": "", "workflow": "leaf", "variables": {}, "data_array": "", "transformation": "", "loopType": ""}
    with serving(**behind_proxy) as server:
        import_documents(server, chain("leaf"), chain("parent", a1=asks()["tasks"]["a1"], b2=task("childJob", **given)))
        job = started(server, "parent")
        waiting(database, job)
        fault = proxy.lose(
            lambda name, command: (name, command.get(name)) == ("insert", "jobs"),
            before=True, times=RUNS_AND_DRIVERS_OWN,
        )  # fmt: skip
        finish(server, job)
        until(database, lambda: fault.times == 0)
        (parent,) = ended(database, job)
        assert (parent["status"], database["jobs"].count_documents({"parent.job": job})) == ("complete", 1)


def test_a_takeover_whose_answer_was_lost_is_one(
    database: Stored, shared: dict[str, Any], behind_proxy: dict[str, Any], proxy: MongoProxy
) -> None:
    with serving(**shared) as first:
        jobs = asked(first, database, JOBS)
        first.kill()
    fault = proxy.lose(is_takeover, before=False, times=RUNS_AND_DRIVERS_OWN)
    with serving(**behind_proxy) as second:
        until(database, lambda: fault.times < RUNS_AND_DRIVERS_OWN)  # not every one is repeated
        assert {finish(second, job).status_code for job in jobs} == {200}
        check_answered(database, *jobs)


def test_a_server_says_that_it_lives_however_long_it_takes_jobs_over(
    database: Stored, shared: dict[str, Any], behind_proxy: dict[str, Any], proxy: MongoProxy
) -> None:
    with serving(**shared) as first:
        jobs = asked(first, database, JOBS)
        first.kill()
    hold = proxy.hold(is_takeover)
    with serving(**behind_proxy) as second:
        assert hold.reached.wait(SECONDS)
        before = proxy.seen.count(("update", "servers"))
        until(database, lambda: proxy.seen.count(("update", "servers")) >= before + 5)
        hold.release()
        assert {finish(second, job).status_code for job in jobs} == {200}
        check_answered(database, *jobs)


def test_a_server_that_is_being_stopped_takes_no_more_jobs_over(
    database: Stored, shared: dict[str, Any], behind_proxy: dict[str, Any], proxy: MongoProxy
) -> None:
    with serving(**shared) as first:
        import_documents(first, asks())
        for _ in range(MANY // AT_ONCE):
            graphql(first, f"mutation {{ {STARTS} }}")
        first.kill()
    (owner,) = database["jobs"].distinct("lease.owner")
    hold = proxy.hold(is_takeover)
    with serving(**behind_proxy) as second:
        assert hold.reached.wait(SECONDS)
        second.process.send_signal(SIGTERM)
        assert second.process.stdout is not None
        while "is being stopped" not in second.process.stdout.readline():
            assert second.process.poll() is None
        hold.release()
        second.process.communicate(timeout=SECONDS)
        assert second.process.returncode == 0
    left = database["jobs"].count_documents({"lease.owner": owner})
    assert 0 < left < MANY


def test_a_server_that_was_taken_for_dead_changes_nothing_any_more(
    database: Stored, shared: dict[str, Any], tmp_path: Path
) -> None:
    """It was frozen while a provider worked for it; another one ended its job meanwhile."""
    numbers, calls, goes_on = count(1), Queue[int](), Event()

    def answer(call: Asked) -> Reply:
        number = next(numbers)
        calls.put(number)
        goes_on.wait(SECONDS)
        return Reply(b'{"state": "success", "outgoing": {"seen": %d}}' % number)

    push = {**task("push", app="Device", outgoing={"seen": "$var.job.seen"}), "location": "Adapter"}
    with answering(answer) as provider:
        (tmp_path / "providers.yaml").write_text(f"providers: [{{app: Device, url: {provider.address}}}]")
        shared = {**shared, "JOBYARD_PROVIDERS": str(tmp_path / "providers.yaml")}
        with serving(**shared) as first, serving(**shared) as second:
            import_documents(first, chain("push", a1=push, b2=asks()["tasks"]["a1"]))
            job = started(first, "push")
            calls.get(timeout=SECONDS)
            os.kill(first.process.pid, SIGSTOP)
            calls.get(timeout=SECONDS)
            goes_on.set()
            waiting(database, job)
            assert finish(second, job, "b2").status_code == 200
            (over,) = ended(database, job)
            os.kill(first.process.pid, SIGCONT)
            assert first.process.stdout is not None
            while "is run by another process now" not in first.process.stdout.readline():
                assert first.process.poll() is None
    iterations = {one["job"]["task"]: one for one in database["tasks"].find({"job._id": job})}
    assert {one["status"] for one in iterations.values()} == {over["status"]} == {"complete"}
    assert iterations["a1"]["variables"]["outgoing"]["seen"] == over["variables"]["seen"] == 2
