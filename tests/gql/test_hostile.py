"""Bad requests get a clear error, write nothing, and the server goes on."""

import json
from dataclasses import replace

import pytest
from jobyard.models.settings import Settings

from ..documents import greeting
from ..doors import Doors

pytestmark = pytest.mark.anyio

GREET = {"workflow": "greet", "options": {"variables": {"name": "Ada"}}}


async def serves_on(doors: Doors) -> None:
    assert await doors.stored_jobs() == 0
    await doors.import_documents(greeting())
    assert (await doors.start(GREET)).status_code == 200


async def test_a_body_of_30_megabytes(doors: Doors) -> None:
    body = json.dumps({"workflow": "greet", "options": {"variables": {"name": "x" * 30_000_000}}})
    for path in ("/operations-manager/jobs/start", "/graphql"):
        answer = await doors.http.post(path, content=body, headers={"content-type": "application/json"})
        assert answer.status_code == 413
        assert answer.json()["message"] == (
            "The request body is over the limit of 16,777,216 bytes. "
            "Send less at a time, or raise JOBYARD_LARGEST_BODY."
        )
        assert answer.json()["errors"][0]["extensions"] == {"code": "BODY_TOO_LARGE"}
    await serves_on(doors)


async def test_a_body_of_very_many_objects(doors: Doors) -> None:
    body = b'{"query": "{ __typename }", "variables": {"v": [' + b"{}," * 500_000 + b"{}]}}"
    for path in ("/operations-manager/jobs/start", "/graphql"):
        answer = await doors.http.post(path, content=body, headers={"content-type": "application/json"})
        assert answer.status_code == 413
        assert answer.json()["message"] == (
            "The request body has more than 500,000 objects and arrays. Send fewer at a time."
        )
        assert answer.json()["errors"][0]["extensions"] == {"code": "BODY_TOO_LARGE"}
    await serves_on(doors)


async def test_json_that_is_malformed(doors: Doors) -> None:
    content = '{"workflow": "greet", '
    rest = await doors.http.post("/operations-manager/jobs/start", content=content)
    assert rest.status_code == 400
    assert "is not JSON" in rest.json()["message"]
    graphql = await doors.http.post("/graphql", content=content, headers={"content-type": "application/json"})
    assert graphql.status_code == 400
    assert "is not JSON" in graphql.json()["errors"][0]["message"]
    await serves_on(doors)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("mutation { startJob(", "Syntax Error"),
        ("{ nope }", "Cannot query field 'nope'"),
        ("mutation { startJob { id } }", "of type 'String!' is required"),
        ("{ job(id: 7.5) { id } }", "ID cannot represent"),
        ("{ __typename " + "a: __typename " * 6000 + "}", "more than 10000 tokens"),
        ("query { ...a } fragment a on Query { ...a }", "Cannot spread fragment 'a' within itself"),
    ],
)
async def test_graphql_that_is_malformed(doors: Doors, query: str, message: str) -> None:
    answer = await doors.http.post("/graphql", json={"query": query})
    assert message in answer.json()["errors"][0]["message"]
    assert answer.json()["errors"][0]["extensions"]["code"] == "GRAPHQL_REFUSED"
    await serves_on(doors)


async def test_fragments_that_unfold_into_millions_of_fields(doors: Doors) -> None:
    bomb = "".join(f"fragment f{i} on Query {{ ...f{i + 1} ...f{i + 1} }} " for i in range(40))
    query = f"{{ ...f0 }} {bomb} fragment f40 on Query {{ __typename }}"
    answer = await doors.http.post("/graphql", json={"query": query})
    assert "the limit is 5000" in answer.json()["errors"][0]["message"]
    await serves_on(doors)


@pytest.mark.parametrize(
    "variables",
    [{"name": "x", "deep": None}, {"name": "x", "nul\0key": 1}],
)
async def test_variables_that_the_database_cannot_hold(doors: Doors, variables: dict[str, object]) -> None:
    if "deep" in variables:
        deep: object = 1
        for _ in range(120):
            deep = [deep]
        variables = {**variables, "deep": deep}
    await doors.import_documents(greeting())
    answer = await doors.start({"workflow": "greet", "options": {"variables": variables}})
    assert (answer.status_code, answer.json()["metadata"]["code"]) == (400, "REQUEST_INVALID")
    await serves_on(doors)


@pytest.mark.parametrize("variables", [{"name": "x", "$where": {"$ref": "#", "$id": 1}, "a.b": {"$x": 2**70}}])
async def test_variables_that_look_like_operators_are_values(doors: Doors, variables: dict[str, object]) -> None:
    await doors.import_documents(greeting())
    job = (await doors.start({"workflow": "greet", "options": {"variables": variables}})).json()["data"]
    over = await doors.over(job["_id"])
    assert {name: over["variables"][name] for name in variables} == {**variables, "a.b": {"$x": float(2**70)}}


async def test_a_path_that_does_not_exist_is_json_too(doors: Doors) -> None:
    answer = await doors.http.get("/operations-manager/nope")
    assert answer.status_code == 404
    assert answer.json() == {
        "message": "No such Method: GET /operations-manager/nope",
        "data": None,
        "metadata": {"code": "PATH_UNKNOWN"},
    }


async def test_an_unknown_job_through_both_doors(doors: Doors) -> None:
    rest = await doors.http.get("/operations-manager/jobs/000000000000000000000000")
    graphql = await doors.graphql('{ job(id: "000000000000000000000000") { id } }')
    assert rest.status_code == 404
    assert graphql["data"] == {"job": None}
    assert graphql["errors"][0]["message"] == rest.json()["message"]
    assert graphql["errors"][0]["extensions"]["code"] == "JOB_NOT_FOUND"


class TestVendorStatus:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, vendor_status=True)

    @pytest.mark.parametrize("body", [{}, {"workflow": "nope", "options": {}}])
    async def test_the_documented_system_answers_500_to_all_of_these(self, doors: Doors, body: object) -> None:
        assert (await doors.start(body)).status_code == 500

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/operations-manager/jobs/nope", 404),
            ("/operations-manager/jobs?limit=-1", 400),
            ("/workflow_engine/getJob/nope", 404),
        ],
    )
    async def test_but_not_to_a_look_that_clients_would_repeat(self, doors: Doors, path: str, status: int) -> None:
        assert (await doors.http.get(path)).status_code == status


class TestOrigins:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, origins=("https://app.example",))

    @pytest.mark.parametrize(("origin", "allowed"), [("https://app.example", True), ("https://other.example", False)])
    async def test_only_named_origins_may_call(self, doors: Doors, origin: str, allowed: bool) -> None:
        answer = await doors.http.post("/graphql", json={"query": "{__typename}"}, headers={"origin": origin})
        assert (answer.headers.get("access-control-allow-origin") == origin) is allowed


async def test_no_other_origin_may_call_by_default(doors: Doors) -> None:
    answer = await doors.http.post("/graphql", json={"query": "{__typename}"}, headers={"origin": "https://a.example"})
    assert "access-control-allow-origin" not in answer.headers
