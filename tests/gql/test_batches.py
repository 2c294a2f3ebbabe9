"""Several operations in one request: in order, bounded in number and in what all of them cost."""

from typing import Any

import pytest
from jobyard.gql.execution.batching import MOST_BATCHED
from jobyard.gql.execution.limits import MOST_COST

from ..documents import chain, task
from ..doors import Doors
from .people import people

pytestmark = pytest.mark.anyio

VIEWER = {"query": "{ viewer { username } }"}
START = {"query": 'mutation { startJob(workflow: "w", options: {}) { id } }'}
COUNT = {"query": "{ jobs { totalCount } }"}


async def ask(doors: Doors, body: Any, status: int = 200, **headers: str) -> Any:
    answer = await doors.http.post("/graphql", json=body, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_a_batch_is_answered_in_its_order_and_later_ones_see_what_earlier_ones_did(doors: Doors) -> None:
    await doors.import_documents(chain("w", a1={**task("ViewData", header="h"), "type": "manual"}))
    named = {"query": "query($n: Int!) { jobs(first: $n) { nodes { status } } }", "variables": {"n": 1}}
    viewer, before, started, after, jobs = await ask(doors, [VIEWER, COUNT, START, COUNT, named])
    assert viewer == {"data": {"viewer": {"username": "admin"}}}
    assert (before["data"]["jobs"], after["data"]["jobs"]) == ({"totalCount": 0}, {"totalCount": 1})
    assert jobs["data"]["jobs"]["nodes"] == [{"status": "RUNNING"}]
    job = {"query": f'{{ job(id: "{started["data"]["startJob"]["id"]}") {{ status }} }}'}
    cancel = {"query": f'mutation {{ cancelJobs(ids: ["{started["data"]["startJob"]["id"]}"]) {{ __typename }} }}'}
    first, _, second = await ask(doors, [job, cancel, job])
    assert (first["data"]["job"]["status"], second["data"]["job"]["status"]) == ("RUNNING", "CANCELED")


async def test_one_that_is_refused_leaves_the_others(doors: Doors) -> None:
    subscription = {"query": "subscription { jobsChanged { number } }"}
    wrong, viewer, nothing, stream = await ask(doors, [{"query": "{ nope }"}, VIEWER, {}, subscription])
    assert wrong["errors"][0]["extensions"]["code"] == "GRAPHQL_REFUSED"
    assert viewer == {"data": {"viewer": {"username": "admin"}}}
    assert nothing["errors"][0]["extensions"]["code"] == "REQUEST_REFUSED"
    assert "A batch must not contain a subscription" in stream["errors"][0]["message"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ([], f"1 to {MOST_BATCHED} operations, and this batch has 0"),
        ([VIEWER] * (MOST_BATCHED + 1), f"this batch has {MOST_BATCHED + 1}"),
        ([VIEWER, 5], "Operation 1 of the batch"),
        ([{"query": 5}], "`query` of operation 0"),
        ([{**VIEWER, "variables": []}], "`variables` of operation 0"),
        ([{**VIEWER, "extensions": "x"}], "`extensions` of operation 0"),
        ([[VIEWER]], "Operation 0 of the batch"),
    ],
)
async def test_what_is_no_batch_is_refused_as_a_whole(doors: Doors, body: Any, said: str) -> None:
    refused = await ask(doors, body, 400)
    assert said in refused["errors"][0]["message"]
    assert refused["errors"][0]["extensions"] == {"code": "REQUEST_REFUSED"}


async def test_all_of_them_together_cost_no_more_than_one_may(doors: Doors) -> None:
    await doors.import_documents(chain("w"))
    page = {"query": "{ jobs(first: 1000) { nodes { id tasks { id previous { __typename } } } } }"}
    costly = {"query": "{ " + " ".join(f"a{at}: {page['query'][2:-2]}" for at in range(30)) + " }"}
    await ask(doors, costly)
    refused = await ask(doors, [START, costly, costly, costly], 200)
    (error,) = refused["errors"]
    assert f"the limit is {MOST_COST:,}. Send fewer operations at a time" in error["message"]
    assert error["extensions"]["cost"] > MOST_COST
    assert await doors.stored_jobs() == 0


async def test_a_batch_is_json_whatever_else_is_accepted(doors: Doors) -> None:
    for accept in ("text/event-stream", "multipart/mixed;subscriptionSpec=1.0, application/json", "*/*"):
        assert await ask(doors, [VIEWER], accept=accept) == [{"data": {"viewer": {"username": "admin"}}}]


async def test_nobody_sends_batches() -> None:
    async with people() as found:
        login = 'mutation { login(username: "admin", password: "the password of admin") { token } }'
        for body in ([{"query": "{ __typename }"}], [{"query": login}] * 2):
            answer = await found.ask("nobody", "POST", "/graphql", json=body)
            assert answer.status_code == 401
            assert answer.json()["errors"][0]["extensions"] == {"code": "NOT_SIGNED_IN"}


async def test_variables_are_no_array(doors: Doors) -> None:
    query = {"query": "{ __typename }", "variables": "[1]"}
    assert (await doors.http.get("/graphql", params=query)).status_code == 400
