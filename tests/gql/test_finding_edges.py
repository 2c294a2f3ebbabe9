"""What is found by values that need care: commas, moments of all years; and requests with a mark before their JSON."""

from typing import Any
from urllib.parse import quote

import pytest

from ..documents import chain, task
from ..doors import Doors

pytestmark = pytest.mark.anyio
NAME = "N a,b"


async def found(doors: Doors, **parameters: Any) -> int:
    answer = await doors.http.get("/operations-manager/jobs", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()["metadata"]["total"]


async def test_an_element_of_an_array_is_one_value(doors: Doors) -> None:
    await doors.import_documents(chain(NAME, a1=task("delay", time=0)), chain("c", a1=task("delay", time=0)))
    for name in (NAME, "c"):
        await doors.over((await doors.start({"workflow": name, "options": {}})).json()["data"]["_id"])
    assert await found(doors, q='{"in": {"name": ["N a,b"]}}') == 1
    assert await found(doors, q='{"in": {"name": ["N a,b", "c"]}}') == 2
    assert await found(doors, q='{"not-in": {"name": ["N a,b"]}}') == 1
    assert await found(doors, **{"in[name]": [NAME, "c"]}) == 2
    assert await found(doors, **{"in[name]": "x,c"}) == 1  # a text has commas between its values


@pytest.mark.parametrize(
    "late",
    ["9999-12-31", "9999-12-31T23:59:59Z", "253402300799000", "+012345-01-01T00:00:00Z", "8640000000000000"],
)
async def test_moments_of_all_years_are_compared(doors: Doors, late: str) -> None:
    await doors.import_documents(chain("c", a1=task("delay", time=0)))
    await doors.over((await doors.start({"workflow": "c", "options": {}})).json()["data"]["_id"])
    assert await found(doors, **{"lt[metrics.start_time]": late}) == 1
    assert await found(doors, **{"gt[metrics.start_time]": late}) == 0
    for early in ("0001-01-01T00:00:00Z", "-62135596800000", "-000044-03-15T00:00:00Z"):
        assert await found(doors, **{"gt[metrics.start_time]": early}) == 1
    assert await found(doors, **{"lt[metrics.start_time]": "2024-12-04T24:00:00Z"}) == 1
    assert await found(doors, **{"gt[metrics.start_time]": "2024-12-04T24:00:00Z"}) == 0
    tasks = await doors.http.get("/operations-manager/tasks", params={"lt[metrics.start_time]": late})
    assert tasks.status_code == 200
    assert tasks.json()["metadata"]["total"] > 0


async def test_a_moment_beyond_all_says_the_range(doors: Doors) -> None:
    answer = await doors.http.get("/operations-manager/jobs", params={"lt[metrics.start_time]": "8640000000000001"})
    assert answer.status_code == 400
    assert "of the years -271821 to 275760" in answer.json()["message"]


async def test_a_body_may_begin_with_a_byte_order_mark(doors: Doors) -> None:
    await doors.import_documents(chain("c", a1=task("delay", time=0)))
    body = '\ufeff{"workflow": "c", "options": {}}'.encode()
    headers = {"content-type": "application/json"}
    answer = await doors.http.post("/operations-manager/jobs/start", content=body, headers=headers)
    assert answer.status_code == 200
    operation = '\ufeff{"query": "{ __typename }"}'.encode()
    for content in (operation, b"[" + operation.removeprefix(b"\xef\xbb\xbf") + b"]"):
        answer = await doors.http.post("/graphql", content=content, headers=headers)
        assert "errors" not in answer.json(), answer.text


async def test_letters_are_the_same_small_and_capital_and_no_others(doors: Doors) -> None:
    await doors.import_documents(
        *(chain(name, a1=task("delay", time=0)) for name in ("Ivy", "B\u0131s\u0130", "\u00c4x"))
    )
    for name in ("Ivy", "B\u0131s\u0130", "\u00c4x"):
        await doors.over((await doors.start({"workflow": name, "options": {}})).json()["data"]["_id"])
    assert await found(doors, **{"contains[name]": "iv"}) == 1
    assert await found(doors, **{"contains[name]": "\u0130"}) == 1
    assert await found(doors, **{"contains[name]": "\u0131"}) == 1
    assert await found(doors, **{"contains[name]": "\u017f"}) == 0
    assert await found(doors, **{"starts-with[name]": "\u00e4X"}) == 1


@pytest.mark.parametrize(
    ("verb", "path", "allowed"),
    [
        ("PATCH", "/operations-manager/jobs/start", "DELETE, GET, HEAD, POST"),  # `start` may be an id
        ("PUT", "/operations-manager/jobs", "GET, HEAD"),
        ("PUT", f"/workflow_builder/workflows/delete/{quote('a')}", "DELETE"),
        ("OPTIONS", "/graphql", "GET, POST"),
        ("PUT", "/graphql", "GET, POST"),
        ("PUT", "/login", "POST"),
    ],
)
async def test_a_method_that_there_is_not_names_those_that_there_are(
    doors: Doors, verb: str, path: str, allowed: str
) -> None:
    answer = await doors.http.request(verb, path)
    assert (answer.status_code, answer.headers.get("allow")) == (405, allowed)
