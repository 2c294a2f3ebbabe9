"""Subscriptions of a real server: history, then live, each event once and in order."""

from collections.abc import Generator
from typing import Any

import httpx
import pytest

from ..documents import chain, greeting, task
from ..servers import Server, graphql, import_documents, serving
from ..subscribers import over_sse, over_websocket

JOB = """
subscription($id: ID!, $after: String) {
  jobChanged(id: $id, after: $after) {
    cursor number status tasks { task status finishState iteration } job { id status }
  }
}
"""
ALL = "subscription($after: String) { jobsChanged(after: $after) { cursor number jobId status } }"


@pytest.fixture(scope="module")
def server() -> Generator[Server]:
    with serving("--memory") as one:
        import_documents(one, greeting(), asking())
        yield one


def asking() -> dict[str, Any]:
    return chain("ask", a1={**task("ViewData", header="h"), "type": "manual"}, b2=task("delay", time=0))


def start(server: Server, workflow: str, **variables: Any) -> str:
    body = {"workflow": workflow, "options": {"variables": variables}}
    return httpx.post(f"{server.address}/operations-manager/jobs/start", json=body).json()["data"]["_id"]


def finish(server: Server, job: str) -> None:
    mutation = 'mutation($job: ID!) { finishTask(jobId: $job, taskId: "a1", finishState: SUCCESS) { status } }'
    assert graphql(server, mutation, job=job) == {"finishTask": {"status": "COMPLETE"}}


@pytest.mark.parametrize("subscribed", [over_websocket, over_sse])
def test_a_job_is_followed_from_its_start_to_its_end(server: Server, subscribed: Any) -> None:
    id = start(server, "ask")
    with subscribed(server, JOB, id=id) as results:
        events = [next(results)["data"]["jobChanged"] for _ in range(2)]
        finish(server, id)
        events += [result["data"]["jobChanged"] for result in results]
    assert [event["number"] for event in events] == [0, 1, 2]
    assert [event["status"] for event in events] == ["RUNNING", "RUNNING", "COMPLETE"]
    changes = [[(one["task"], one["status"]) for one in event["tasks"]] for event in events]
    assert changes == [
        [],
        [("a1", "RUNNING")],
        [("a1", "COMPLETE"), ("b2", "COMPLETE"), ("workflow_end", "COMPLETE")],
    ]
    assert events[-1]["job"] == {"id": id, "status": "COMPLETE"}


@pytest.mark.parametrize("subscribed", [over_websocket, over_sse])
def test_whoever_comes_back_with_the_last_cursor_hears_the_rest(server: Server, subscribed: Any) -> None:
    id = start(server, "ask")
    with subscribed(server, JOB, id=id) as results:
        cursor = [next(results) for _ in range(2)][-1]["data"]["jobChanged"]["cursor"]
    finish(server, id)
    with subscribed(server, JOB, id=id, after=cursor) as results:
        assert [result["data"]["jobChanged"]["number"] for result in results] == [2]


@pytest.mark.parametrize("subscribed", [over_websocket, over_sse])
@pytest.mark.parametrize("after", ["2", "99"])
def test_who_has_the_last_event_of_a_job_hears_that_it_is_over(server: Server, subscribed: Any, after: str) -> None:
    id = start(server, "ask")
    with subscribed(server, JOB, id=id) as results:
        for _ in range(2):
            next(results)
        finish(server, id)
        assert [result["data"]["jobChanged"]["cursor"] for result in results] == ["2"]
    with subscribed(server, JOB, id=id, after=after) as results:
        assert list(results) == []


@pytest.mark.parametrize("subscribed", [over_websocket, over_sse])
@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        (JOB, {"id": "f" * 24}, "JOB_NOT_FOUND"),
        (ALL, {"after": "nonsense"}, "CURSOR_LOST"),
    ],
)
def test_what_cannot_be_followed_says_why(
    server: Server, subscribed: Any, query: str, variables: dict[str, str], code: str
) -> None:
    with subscribed(server, query, **variables) as results:
        (result,) = results
    assert result["errors"][0]["extensions"]["code"] == code


def test_a_cursor_of_a_job_must_be_one(server: Server) -> None:
    with over_sse(server, JOB, id=start(server, "ask"), after="x") as results:
        (result,) = results
    assert "must be the cursor of an event of this job" in result["errors"][0]["message"]


def test_a_subscriber_that_is_cut_fifty_times_hears_each_event_of_a_hundred_jobs_once_and_in_order(
    mongodb_uri: str, new_database: str
) -> None:
    shared: dict[str, Any] = {"MONGODB_URI": mongodb_uri, "JOBYARD_DATABASE": new_database}
    with serving(**shared) as one, serving(**shared) as other:
        import_documents(one, greeting())
        with over_websocket(one, ALL) as results:
            first = start(one, "greet", name="first")
            cursor = next(results)["data"]["jobsChanged"]["cursor"]
        jobs = [start((one, other)[number % 2], "greet", name=str(number)) for number in range(100)]
        heard: list[tuple[str, int]] = []
        ended: set[str] = set()
        cuts = 0
        while ended < {first, *jobs}:
            subscribed = over_sse if cuts % 2 else over_websocket
            with subscribed((one, other)[cuts % 3 % 2], ALL, after=cursor) as results:
                for _ in range(4 if cuts < 50 else len(jobs) * 4):
                    event = next(results)["data"]["jobsChanged"]
                    heard.append((event["jobId"], event["number"]))
                    cursor = event["cursor"]
                    if event["status"] == "COMPLETE":
                        ended.add(event["jobId"])
                    if ended == {first, *jobs}:
                        break
            cuts += 1
    assert cuts > 50
    assert [number for id, number in heard if id == first] == [1, 2]
    for job in jobs:
        assert [number for id, number in heard if id == job] == [0, 1, 2]
