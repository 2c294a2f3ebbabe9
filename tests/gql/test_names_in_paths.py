"""Names of authors in paths: the workflow that was named, whatever its name, or none."""

from typing import Any
from urllib.parse import quote

import httpx
import pytest
from jobyard.gql.app import create_app

from ..documents import chain, task
from ..doors import Doors
from ..servers import graphql, import_documents, serving

pytestmark = pytest.mark.anyio

NAMES = (
    "vX", "vX/", "/vX", "/vX/", "vX//", "/", "//", "vA/B", "vA//B", "vA", "B", "a%2Fb", "a/b", "a%b", "..", ".",
    "a/../b", "a/./b", "b", "+", "?", "#", "%", "%2F", "%252F", "a b", " a ", "ä/ö", "ae", ";", "&=", "\\", ":",
    "groups", "detailed", "delete/vX", "vX/groups", "groups/vX", "rename", "validate", "workflows", "import",
    "vX/groups/vA", "\ud7ff\ue000",
)  # fmt: skip
DETAILED, BUILDER = "/automation-studio/workflows/detailed", "/workflow_builder/workflows"


def written(name: str) -> str:
    """Percent-encoded: also the dots, which clients would take for steps in the path."""
    return quote(name, safe="").replace(".", "%2E")


async def names(doors: Doors) -> set[str]:
    answer = await doors.graphql("{ workflows { name } }")
    return {one["name"] for one in answer["data"]["workflows"]}


async def test_each_route_reaches_the_workflow_that_was_named(doors: Doors) -> None:
    await doors.import_documents(*(chain(name) for name in NAMES))
    for number, name in enumerate(NAMES):
        group = {"group": f"{number:024x}"}
        found = await doors.http.get(f"{DETAILED}/{written(name)}")
        assert found.json()["name"] == name
        started = await doors.http.post(f"/workflow_engine/startJobWithOptions/{written(name)}", json={})
        assert started.json()["name"] == name
        joined = await doors.http.post(f"{BUILDER}/{written(name)}/groups", json=group)
        assert joined.json() == [group["group"]], name
    for number, name in enumerate(NAMES):
        path = f"{BUILDER}/{written(name)}/groups"
        assert (await doors.http.get(path)).json() == [f"{number:024x}"], name
        assert (await doors.http.delete(f"{path}/{number:024x}")).json() == [], name
        assert (await doors.http.put(path, json={"groups": ["a" * 24]})).json() == ["a" * 24], name
        assert (await doors.http.delete(path)).json() == [], name
    left = set(NAMES)
    for name in NAMES:
        gone = await doors.http.delete(f"{BUILDER}/delete/{written(name)}")
        left.remove(name)
        assert (gone.json()["name"], await names(doors)) == (name, left)


@pytest.mark.parametrize("name", ["vX/", "/vX", "vX//", "//vX", "/", "//", "vA//B", "vX/groups", "vX%2F"])
async def test_a_name_that_there_is_not_reaches_no_other_workflow(doors: Doors, name: str) -> None:
    await doors.import_documents(chain("vX"), chain("vA/B"))
    builder, encoded = BUILDER, written(name)
    assert (await doors.http.get(f"{DETAILED}/{encoded}")).json() == {}
    answers = [
        await doors.http.delete(f"{builder}/delete/{encoded}"),
        await doors.http.post(f"/workflow_engine/startJobWithOptions/{encoded}", json={}),
        await doors.http.post(f"{builder}/{encoded}/groups", json={"group": "a" * 24}),
        await doors.http.delete(f"{builder}/{encoded}/groups"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert {answer.json()["metadata"]["code"] for answer in answers} == {"WORKFLOW_NOT_FOUND"}
    assert await names(doors) == {"vX", "vA/B"}


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("DELETE", f"{BUILDER}/delete/vX/"),
        ("DELETE", f"{BUILDER}/delete//vX"),
        ("DELETE", f"{BUILDER}/delete/vA//B"),
        ("DELETE", f"{BUILDER}/delete/vA/B//"),
        ("DELETE", f"{BUILDER}/delete/vX/groups"),
        ("DELETE", f"{BUILDER}/vX//groups"),
        ("DELETE", f"{BUILDER}//vX/groups/{'a' * 24}"),
        ("GET", f"{DETAILED}/vX/"),
        ("POST", "/workflow_engine/startJobWithOptions/vA//B"),
        ("POST", f"{BUILDER}/vX//groups"),
    ],
)
async def test_a_path_that_may_name_one_or_another_is_refused(doors: Doors, verb: str, path: str) -> None:
    everything = {"vX", "vX/", "/vX", "vA/B", "vA//B", "vX/groups", "delete/vX"}
    await doors.import_documents(*map(chain, everything))
    answer = await doors.http.request(verb, path, json={"group": "a" * 24})
    assert (answer.status_code, answer.json()["metadata"]["code"]) == (400, "REQUEST_INVALID")
    assert "write slashes of a name as %2F" in answer.text
    assert (await names(doors), await doors.stored_jobs()) == (everything, 0)


async def test_a_name_may_be_written_with_its_slashes_as_they_are(doors: Doors) -> None:
    await doors.import_documents(*map(chain, ("vA/B", "vA", "B")))
    assert (await doors.http.get(f"{DETAILED}/vA/B")).json()["name"] == "vA/B"
    started = await doors.http.post("http://jobyard//workflow_engine//startJobWithOptions/vA/B", json={})
    assert started.json()["name"] == "vA/B"
    assert (await doors.http.get(f"http://jobyard/{BUILDER}/vA/B/groups/")).json() == []
    assert (await doors.http.delete(f"{BUILDER}/delete/vA/B")).json()["name"] == "vA/B"
    assert await names(doors) == {"vA", "B"}


@pytest.mark.parametrize("raw_path", [None, b"", b"/mounted/elsewhere"])
async def test_a_server_that_does_not_tell_the_path_as_it_came_reaches_no_other_workflow(
    doors: Doors, raw_path: bytes | None
) -> None:
    await doors.import_documents(*map(chain, ("vX", "vX/", "vA/B")))
    app = create_app(doors.services)

    async def untold(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "raw_path": raw_path}, receive, send)

    transport = httpx.ASGITransport(app=untold)
    async with httpx.AsyncClient(transport=transport, base_url="http://jobyard") as http:
        assert (await http.delete(f"{BUILDER}/delete/vX%2F")).status_code == 400
        assert (await http.get(f"{DETAILED}/vA%2FB")).json()["name"] == "vA/B"
        assert (await http.get(f"{DETAILED}/vX")).json()["name"] == "vX"
    assert await names(doors) == {"vX", "vX/", "vA/B"}


async def test_a_path_that_is_not_text_names_nothing(doors: Doors) -> None:
    await doors.import_documents(chain("\ufffd"))
    assert (await doors.http.delete(f"{BUILDER}/delete/%FF")).status_code == 404
    assert await names(doors) == {"\ufffd"}


def test_a_real_server_tells_names_apart_whatever_the_query_says() -> None:
    with serving("--memory") as server:
        import_documents(server, chain("vX"), chain("vX/"), chain("..", a1=task("delay", time=0)))
        gone = httpx.delete(f"{server.address}{BUILDER}/delete/vX%2F?a=//b/&c=%2F", timeout=30)
        assert gone.json()["name"] == "vX/"
        assert httpx.get(f"{server.address}{DETAILED}/%2E%2E?x=%2F", timeout=30).json()["name"] == ".."
        left = graphql(server, "{ workflows { name } }")["workflows"]
    assert {one["name"] for one in left} == {"vX", ".."}
