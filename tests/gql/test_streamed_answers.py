"""What is asked over a WebSocket or as server-sent events is answered like any other request."""

from collections.abc import Generator
from typing import Any

import pytest
from jobyard.gql.execution import view
from jobyard.gql.execution.view import GraphQLView

from ..documents import chain, greeting, task
from ..doors import Doors
from ..servers import Server, graphql, import_documents, serving
from ..subscribers import conversation, over_sse, over_websocket
from .test_start import GREET

START = "mutation($workflow: String!) { startJob(workflow: $workflow, options: {}) { id } }"
WITH_CHILDREN = "subscription($id: ID!) { jobChanged(id: $id) { job { status children { status } } } }"


@pytest.fixture(scope="module")
def server() -> Generator[Server]:
    with serving("--memory") as one:
        asking = chain("ask", a1={**task("ViewData", header="h"), "type": "manual"})
        parent = chain("parent", c1=task("childJob", workflow="ask", variables={}, data_array="", loopType=""))
        import_documents(one, asking, parent)
        yield one


@pytest.mark.parametrize("streamed", [over_websocket, over_sse])
def test_trouble_of_a_query_has_its_code(server: Server, streamed: Any) -> None:
    with streamed(server, "query($id: ID!) { job(id: $id) { id } }", id="f" * 24) as results:
        (result,) = results
    assert result["data"] == {"job": None}
    assert result["errors"][0]["extensions"] == {"code": "JOB_NOT_FOUND", "job": "f" * 24}


def test_each_answer_on_a_socket_may_read_as_much_as_the_first(server: Server) -> None:
    with conversation(server) as ask:
        for _ in range(30):  # together more than one answer may read
            (result,) = ask("{ jobs(first: 1000) { pageInfo { hasNextPage } } }")
            assert result == {"data": {"jobs": {"pageInfo": {"hasNextPage": False}}}}


@pytest.mark.parametrize("streamed", [over_websocket, over_sse])
def test_an_event_shows_the_children_as_they_are_then(server: Server, streamed: Any) -> None:
    parent = graphql(server, START, workflow="parent")["startJob"]["id"]
    with streamed(server, WITH_CHILDREN, id=parent) as results:
        before = next(results)["data"]["jobChanged"]["job"]["children"]
        child = waiting_child(server, parent)
        finish = 'mutation($id: ID!) { finishTask(jobId: $id, taskId: "a1", finishState: SUCCESS) { status } }'
        graphql(server, finish, id=child)
        *_, last = results
    assert {one["status"] for one in before} <= {"RUNNING"}
    assert last["data"]["jobChanged"]["job"] == {"status": "COMPLETE", "children": [{"status": "COMPLETE"}]}


def waiting_child(server: Server, parent: str) -> str:
    """The child job, once its task waits for a person."""
    query = "query($id: ID!) { job(id: $id) { children { id tasks { taskId status } } } }"
    while True:
        for child in graphql(server, query, id=parent)["job"]["children"]:
            if {"taskId": "a1", "status": "RUNNING"} in child["tasks"]:
                return child["id"]


@pytest.mark.anyio
async def test_the_answers_of_a_stream_are_not_kept(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    """The task of a stream lives for hours: what it notes of each answer would be memory without an end."""
    noted: list[object] = []
    process = GraphQLView.process_result

    async def process_noted(self: GraphQLView, request: Any, result: Any) -> Any:
        answer = await process(self, request, result)
        written = view._written.get()
        noted.append(None if written is None else len(written))
        return answer

    monkeypatch.setattr(GraphQLView, "process_result", process_noted)
    await doors.import_documents(greeting())
    job = (await doors.start(GREET)).json()["data"]["_id"]
    await doors.over(job)
    noted.clear()
    await doors.graphql("{ __typename }")
    assert noted in ([1], [0])
    noted.clear()
    body = {"query": "subscription($id: ID!) { jobChanged(id: $id) { status } }", "variables": {"id": job}}
    answer = await doors.http.post("/graphql", json=body, headers={"accept": "text/event-stream"})
    assert answer.text.count("event: next") == len(noted) > 2
    assert set(noted) == {None}
