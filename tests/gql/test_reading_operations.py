"""What is executed is read first: within a bound, the operation that was asked for, and of nobody next to nothing."""

from typing import Any

import pytest
from jobyard.gql.execution.documents import Documents
from jobyard.gql.schema import schema

from ..documents import chain, task
from ..doors import Doors
from .people import People, people

pytestmark = pytest.mark.anyio

LIMIT = 100_000
TOO_LARGE = {"code": "OPERATION_TOO_LARGE", "most": LIMIT}
SEVERAL = "Must provide operation name if query contains multiple operations."


@pytest.fixture
async def world() -> Any:
    async with people() as found:
        yield found


def of_size(size: int, filler: str, before: str = "{ __typename ", after: str = "}") -> str:
    return before + filler * (size - len(before) - len(after)) + after


LARGE = {
    "comment": of_size(LIMIT + 1, "x", "{ __typename } #", ""),
    "blanks": of_size(LIMIT + 1, " "),
    "lines": of_size(LIMIT + 1, "\n"),
    "name": of_size(LIMIT + 1, "x", "{ "),
    "text": of_size(LIMIT + 1, "x", '{ job(id: "', '") { id } }'),
    "bytes": of_size(LIMIT // 2 + 40, "é", '{ job(id: "', '") { id } }'),
    "no GraphQL": of_size(LIMIT + 1, "%"),
}


@pytest.mark.parametrize("kind", LARGE)
@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json", "text/event-stream"])
async def test_an_operation_of_more_than_100_kb_is_refused(doors: Doors, kind: str, accept: str) -> None:
    answer = await doors.http.post("/graphql", json={"query": LARGE[kind]}, headers={"accept": accept})
    assert answer.status_code == 413
    assert "json" in answer.headers["content-type"]
    (error,) = answer.json()["errors"]
    assert error["extensions"] == TOO_LARGE
    assert "the limit of 100,000 bytes" in error["message"]


async def test_an_operation_of_100_kb_with_variables_of_megabytes_is_not(doors: Doors) -> None:
    documents = [chain(f"w{number}", a1=task("stub", response="x" * 1_000_000)) for number in range(3)]
    query = "mutation($d: [JSON!]!) { importWorkflows(documents: $d) { skipped { reason } } } #"
    answer = await doors.graphql(of_size(LIMIT, "x", query, ""), d=documents)
    assert answer["data"] == {"importWorkflows": {"skipped": []}}


@pytest.mark.parametrize(
    "body",
    [
        {"query": "{ " + "x" * 90_000 + " }"},
        {"query": 'query { job(id: "' + "x " * 40_000 + '") { id } }'},
        {"query": "query($i: ID!) { job(id: $i) { id } }", "variables": {"i": "x" * 1_000_000}},
        {"query": "query A { __typename }", "operationName": "x" * 1_000_000},
        {"query": "query($i: Int!) { jobs(first: $i) { totalCount } }", "variables": {"i": "x" * 1_000_000}},
        {"query": "mutation { a: startJob(workflow: 5, options: {variables: {" + "x" * 50_000 + ": 1}}) { id } }"},
    ],
)
async def test_an_error_does_not_repeat_a_long_name(doors: Doors, body: Any) -> None:
    answer = await doors.http.post("/graphql", json=body)
    (error, *_) = answer.json()["errors"]
    assert error["extensions"]["code"] in (
        "GRAPHQL_REFUSED",
        "JOB_NOT_FOUND",
        "REQUEST_REFUSED",
        "GRAPHQL_VALUE_INVALID",
    )
    assert len(answer.text) < 1000


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream", "*/*"])
@pytest.mark.parametrize(
    "query",
    [
        'mutation A { startJob(workflow: "greet", options: {}) { id } } mutation B { __typename }',
        'query A { __typename } mutation B { startJob(workflow: "greet", options: {}) { id } }',
        "query A { __typename } subscription B { jobsChanged { number } }",
        "subscription B { jobsChanged { number } } { jobs { totalCount } }",
    ],
)
async def test_several_operations_without_a_name_run_nothing(doors: Doors, query: str, accept: str) -> None:
    await doors.import_documents(chain("greet"))
    for answer in (
        await doors.http.post("/graphql", json={"query": query}, headers={"accept": accept}),
        await doors.http.post("/graphql", json={"query": query, "operationName": None}, headers={"accept": accept}),
        await doors.http.get("/graphql", params={"query": query}, headers={"accept": accept}),
    ):
        assert answer.status_code == 400
        expected = {"message": SEVERAL, "extensions": {"code": "REQUEST_REFUSED"}}
        assert answer.json() == {"errors": [expected]}
    assert await doors.stored_jobs() == 0


async def test_the_operation_that_is_named_runs(doors: Doors) -> None:
    query = "query A { a: __typename } query B { b: __typename }"
    for name, data in (("A", {"a": "Query"}), ("B", {"b": "Query"})):
        answer = await doors.http.post("/graphql", json={"query": query, "operationName": name})
        assert answer.json() == {"data": data}


OF_NOBODY = [
    "{ jobs { totalCount } }",
    "{ __typename " + "__typename " * 300 + "}",
    "{ __typename } #" + "x" * 5000,
    "{ __typename @include(if: $x) }",
    "{ __typename @nope }",
    "query($x: Jobz) { __typename }",
    "subscription { __typename }",
    "{ login }",
    "{ ...f }",
    "{ ... on Jobz { id } }",
    'mutation { login(usernam: "a", password: "b") { token } }',
    'mutation { login(username: "a", password: "b") { ... on Jobz { id } } }',
    'mutation { login(username: "a", password: "b") { ... on Job { statu } } }',
    'mutation { login(username: "a", password: "b") { tokn } }',
    'mutation { login(username: "a", password: "b") { token { id } } }',
    'mutation { login(username: "a", password: "b") }',
    "mutation { startJo }",
    "mutation { login(",
    "{ __typename",
    "login",
]


@pytest.mark.parametrize(
    "accept", ["application/json", "application/graphql-response+json", "text/event-stream", "*/*"]
)
async def test_nobody_is_told_nothing_but_to_sign_in(world: People, accept: str) -> None:
    for query in OF_NOBODY:
        answer = await world.doors.http.post("/graphql", json={"query": query}, headers={"accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/json"), query
        (error,) = answer.json()["errors"]
        assert error["extensions"] == {"code": "NOT_SIGNED_IN"}
        assert error["message"].startswith("You are not signed in")


async def test_nobody_may_ask_for_all_that_a_login_answers(world: People) -> None:
    session = schema._schema.type_map["Session"]
    fields = " ".join(("__typename", *session.fields))  # type: ignore[attr-defined]
    query = f'mutation In($p: String!) {{ __typename in: login(username: "member", password: $p) {{ {fields} }} }}'
    answer = await world.graphql("nobody", query, p="the password of member")
    assert list(answer.json()["data"]["in"]) == fields.split()


async def test_what_nobody_asks_is_not_remembered_and_what_others_ask_is_bounded(world: People) -> None:
    remembered = len(schema.documents)
    for number in range(20):
        answer = await world.graphql("nobody", f"{{ __typename }} #{number}")
        assert answer.json() == {"data": {"__typename": "Query"}}
    assert len(schema.documents) == remembered
    await world.graphql("reader", "{ __typename } # of a reader")
    assert len(schema.documents) == remembered + 1


async def test_documents_are_remembered_up_to_a_number_of_bytes(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = Documents(largest=1_000_000)
    monkeypatch.setattr(schema, "documents", documents)
    for number in range(50):
        query = "{ " + "__typename " * 200 + f"}} #{number}"
        assert (await doors.http.post("/graphql", json={"query": query})).json()["data"] == {"__typename": "Query"}
        assert 0 < documents.bytes <= 1_000_000
    assert 1 < len(documents) < 10
    large = (
        "{ " + " ".join(f"a{number}: __typename" for number in range(1_000)) + " }"
    )  # more than all that may be remembered
    kept = documents.bytes
    assert (await doors.http.post("/graphql", json={"query": large})).json()["data"]["a999"] == "Query"
    assert documents.bytes == kept
