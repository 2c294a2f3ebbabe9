"""Values that are written into an operation, with variables inside of them."""

import json
from typing import Any

import pytest

from ..documents import chain, task
from ..doors import Doors

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("{a: 1, n: $x}", {"a": 1}),
        ("{n: [$x, 2]}", {"n": [None, 2]}),
        ("{n: {b: $x, c: [{d: $x}]}}", {"n": {"c": [{}]}}),
        ("{n: $x, n2: [[$x]]}", {"n2": [[None]]}),
    ],
)
@pytest.mark.parametrize("type", ["JSON", "String", "[ID!]", "Int"])
async def test_a_variable_that_was_not_given_inside_a_json_literal(
    doors: Doors, literal: str, value: Any, type: str
) -> None:
    await doors.import_documents(chain("w", a1={**task("ViewData", header="h"), "type": "manual"}))
    query = f'mutation($x: {type}) {{ startJob(workflow: "w", options: {{variables: {literal}}}) {{ id variables }} }}'
    job = (await doors.graphql(query))["data"]["startJob"]
    assert {key: one for key, one in job["variables"].items() if key not in ("_id", "initiator")} == value
    await doors.waiting(job["id"], "a1")
    ending = f'jobId: $id, taskId: "a1", finishState: SUCCESS, variables: {literal}'
    finish = f"mutation($x: {type}, $id: ID!) {{ finishTask({ending}) {{ id }} }}"
    assert "errors" not in await doors.graphql(finish, id=job["id"])
    stored = await doors.services.store.database["tasks"].find_one({"job._id": job["id"], "name": "ViewData"})
    assert json.dumps(stored, default=str).count("Undefined") == 0


async def test_what_is_given_inside_a_json_literal_is_kept(doors: Doors) -> None:
    await doors.import_documents(chain("w"))
    query = (
        "mutation($x: JSON, $y: Int = 3) {"
        ' startJob(workflow: "w", options: {variables: {x: $x, y: [$y], z: {n: null, e: enumlike}}}) { variables } }'
    )
    variables = (await doors.graphql(query, x={"a": [None, 1.5]}))["data"]["startJob"]["variables"]
    assert {name: variables[name] for name in "xyz"} == {
        "x": {"a": [None, 1.5]}, "y": [3], "z": {"n": None, "e": "enumlike"},
    }  # fmt: skip


async def test_documents_and_moments_with_variables_that_were_not_given(doors: Doors) -> None:
    query = (
        'mutation($x: JSON) { importWorkflows(documents: [{name: "q", tasks: $x, tags: [$x]}]) { skipped { reason } } }'
    )
    answer = await doors.graphql(query)
    assert "INTERNAL_ERROR" not in json.dumps(answer)
    query = "query($x: String) { jobs(filter: { startTime: { since: [$x] } }) { totalCount } }"
    answer = await doors.graphql(query)
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_REFUSED"


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1" * 5000])
async def test_a_number_in_a_literal_that_json_cannot_have_is_refused(doors: Doors, number: str) -> None:
    await doors.import_documents(chain("w"))
    query = f'mutation {{ startJob(workflow: "w", options: {{variables: {{n: {number}}}}}) {{ id }} }}'
    answer = await doors.graphql(query)
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_REFUSED"
    assert await doors.stored_jobs() == 0
