"""All moments are said as DateTime; what a task was given, gave and went wrong with comes in one query."""

import re

import pytest
from graphql import GraphQLObjectType, GraphQLScalarType, get_named_type
from jobyard.gql.schema import schema
from jobyard.models.documents.moments import text_of

from ..documents import chain, task
from ..doors import Doors

pytestmark = pytest.mark.anyio

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
QUERY = """
query($id: ID!) {
  job(id: $id) {
    error { at timestamp }
    metrics { startedAt endedAt startTime }
    tasks {
      taskId startTime endedAt incoming outgoing error
      metrics { startedAt endedAt }
      everyIteration { metrics { startTime endedAt runTime } variables { outgoing } }
    }
  }
}
"""


async def test_one_query_shows_what_each_task_did_and_when(doors: Doors) -> None:
    await doors.import_documents(
        chain(
            "w",
            a1=task("newVariable", outgoing={"value": None}, name="v", value=1),
            a2=task("parse", outgoing={"textObject": None}, text="{"),
        )
    )
    started = await doors.graphql('mutation { startJob(workflow: "w", options: {}) { id } }')
    id = started["data"]["startJob"]["id"]
    await doors.over(id)
    job = (await doors.graphql(QUERY, id=id))["data"]["job"]
    assert ISO.fullmatch(job["error"][0]["at"])
    assert text_of(job["metrics"]["startTime"]) == job["metrics"]["startedAt"]
    tasks = {one["taskId"]: one for one in job["tasks"]}
    assert (tasks["a1"]["incoming"], tasks["a1"]["error"]) == ({"name": "v", "value": 1}, None)
    assert tasks["a1"]["outgoing"] == tasks["a1"]["everyIteration"][0]["variables"]["outgoing"] == {"value": 1}
    assert "JSON" in str(tasks["a2"]["error"])
    for one in (tasks["a1"], tasks["a1"]["everyIteration"][0]["metrics"]):
        assert ISO.fullmatch(one["startTime"])
        assert ISO.fullmatch(one["endedAt"])
    assert isinstance(tasks["a1"]["everyIteration"][0]["metrics"]["runTime"], int | float)


def test_no_moment_is_a_number_but_those_that_have_another_name_now() -> None:
    for type in schema._schema.type_map.values():
        for field in type.fields.values() if isinstance(type, GraphQLObjectType) else ():
            if "since the epoch" in (field.description or "") and field.deprecation_reason is None:
                of = get_named_type(field.type)
                assert isinstance(of, GraphQLScalarType), type.name
                assert of.name in ("DateTime", "JSON"), f"{type.name}: {field.description}"


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        (1_733_346_922_873, "2024-12-04T21:15:22.873Z"),
        (1_733_346_922_873.9, "2024-12-04T21:15:22.873Z"),
        ("2024-12-04T21:15:22.873Z", "2024-12-04T21:15:22.873Z"),
        ("2024-12-04T22:15:22.873+01:00", "2024-12-04T21:15:22.873Z"),
        (10**16, None),
        ("yesterday", None),
        (float("inf"), None),
        (None, None),
        (True, None),
    ],
)
def test_a_moment_of_any_form_is_told_as_text(stored: object, told: str | None) -> None:
    assert text_of(stored) == told  # type: ignore[arg-type]
