"""importWorkflows, through the door."""

from typing import Any

import pytest
from jobyard.models.documents.project import plain_name

from ..documents import chain, task
from ..doors import Doors

pytestmark = pytest.mark.anyio

IMPORT = """
mutation($d: [JSON!]!) {
  importWorkflows(documents: $d) { imported { kind id name where replaced warnings } skipped { where reason } }
}
"""


async def test_each_kind_of_document_is_reported_as_what_it_is(doors: Doors) -> None:
    bundles = [
        {"type": "workflow", "data": {**chain("w"), "_id": "w1"}},
        {"type": "transformation", "data": {"_id": "0123456789abcdef01234567", "name": "t", "steps": []}},
        {"type": "template", "data": {"_id": "t1", "name": "hello", "type": "jinja2", "template": "Hello"}},
        {"type": "jsonForm", "data": {"id": "f1", "name": "ask", "struct": {}, "schema": {}}},
        {"type": "mopTemplate", "data": {"name": "clock", "os": "ios", "commands": []}},
    ]
    report = (await doors.graphql(IMPORT, d=[{"metadata": {}, "bundles": bundles}]))["data"]["importWorkflows"]
    assert [(one["kind"], one["id"], one["name"], one["replaced"], one["warnings"]) for one in report["imported"]] == [
        ("WORKFLOW", "w1", "w", False, ["There is nothing to do between workflow_start and workflow_end"]),
        ("TRANSFORMATION", "0123456789abcdef01234567", "t", False, []),
        ("TEMPLATE", "t1", "hello", False, []),
        ("FORM", "f1", "ask", False, []),
    ]
    assert report["skipped"] == [
        {
            "where": "documents[0].bundles[4] (mopTemplate)",
            "reason": "a command template runs on devices, which this server does not do: its tasks need a provider",
        }
    ]


PROJECT = "0123456789abcdef01234567"
OTHER = "fedcba9876543210fedcba98"
TRANSFORMATION = "aaaaaaaaaaaaaaaaaaaaaaaa"


def documents(said: str) -> dict[str, dict[str, Any]]:
    """One of each kind, known by the same names and ids whatever they say."""
    return {
        "workflow": chain("same", a1=task("stub", response=said)),
        "transformation": {"_id": TRANSFORMATION, "name": said, "incoming": [], "outgoing": [], "steps": []},
        "template": {"name": "same", "type": "jinja2", "template": said},
        "jsonForm": {"id": "same", "name": "same", "struct": {}, "schema": {"title": said}},
    }


KINDS = list(documents(""))


def project(kind: str, said: str, id: str = PROJECT, name: str = "Campus") -> dict[str, Any]:
    component = {"iid": 1, "type": kind, "folder": "/", "document": documents(said)[kind]}
    return {**({"_id": id} if id else {}), "name": name, "components": [component]}


async def imported(doors: Doors, *given: Any) -> tuple[list[bool], list[str]]:
    """What replaced something and what did not, and why what was skipped was."""
    report = (await doors.graphql(IMPORT, d=list(given)))["data"]["importWorkflows"]
    return [one["replaced"] for one in report["imported"]], [one["reason"] for one in report["skipped"]]


async def stored(doors: Doors, kind: str) -> list[str]:
    """What the documents of the kind say, in the order of their names."""
    collection = {"jsonForm": "forms", "workflow": "workflows"}.get(kind, f"{kind}s")
    said: dict[str, Any] = {
        "workflow": lambda one: one["tasks"]["a1"]["variables"]["incoming"]["response"],
        "transformation": lambda one: plain_name(one["name"]),
        "template": lambda one: one["template"],
        "jsonForm": lambda one: one["schema"]["title"],
    }
    found = doors.services.store.database[collection].find({}).sort([("name", 1)])
    return [said[kind](one) async for one in found]


def given(project_name: str | None, kind: str, said: str) -> dict[str, Any]:
    id = OTHER if project_name == "Branch" else PROJECT
    return documents(said)[kind] if project_name is None else project(kind, said, id, project_name)


BESIDE = [
    ("Campus", "Branch", f"of the project 'Campus' ({PROJECT})"),
    ("Campus", None, f"of the project 'Campus' ({PROJECT})"),
    (None, "Campus", "that is in no project"),
]


@pytest.mark.parametrize("kind", ["transformation", "jsonForm"])
@pytest.mark.parametrize(("first", "second", "owner"), BESIDE)
async def test_what_is_known_by_its_id_is_not_overwritten_by_another_project_or_none(
    doors: Doors, kind: str, first: str | None, second: str | None, owner: str
) -> None:
    assert await imported(doors, given(first, kind, "first")) == ([False], [])
    replaced, (reason,) = await imported(doors, given(second, kind, "second"))
    assert (replaced, await stored(doors, kind)) == ([], ["first"])
    assert f"is that of a {'form' if kind == 'jsonForm' else kind} {owner}, which it would overwrite" in reason
    # Who it belongs to still replaces it.
    assert await imported(doors, given(first, kind, "third")) == ([True], [])
    assert await stored(doors, kind) == ["third"]


@pytest.mark.parametrize("kind", ["workflow", "template"])
@pytest.mark.parametrize(("first", "second", "owner"), BESIDE)
async def test_what_is_known_by_its_name_stands_beside_that_of_another_project_or_none(
    doors: Doors, kind: str, first: str | None, second: str | None, owner: str
) -> None:
    assert await imported(doors, given(first, kind, "first")) == ([False], [])
    assert await imported(doors, given(second, kind, "second")) == ([False], [])
    assert sorted(await stored(doors, kind)) == ["first", "second"]
    assert await imported(doors, given(first, kind, "third")) == ([True], [])
    assert sorted(await stored(doors, kind)) == ["second", "third"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("first", "again", "same"),
    [
        ((PROJECT, "Campus"), (PROJECT, "Campus"), True),
        ((PROJECT, "Campus"), (PROJECT, "renamed"), True),
        ((PROJECT, "Campus"), ("", "Campus"), True),
        (("", "Campus"), ("", "Campus"), True),
        (("", "Campus"), ("", "Branch"), False),
        ((PROJECT, "Campus"), (OTHER, "Campus"), False),
    ],
)
async def test_a_project_replaces_its_own(
    doors: Doors, kind: str, first: tuple[str, str], again: tuple[str, str], *, same: bool
) -> None:
    await imported(doors, project(kind, "one", *first))
    await imported(doors, {"project": project(kind, "two", *again)})
    beside = ["one", "two"] if kind in ("workflow", "template") else ["one"]
    assert sorted(await stored(doors, kind)) == (["two"] if same else beside)


@pytest.mark.parametrize("kind", KINDS)
async def test_of_two_in_one_import_the_first_comes_in(doors: Doors, kind: str) -> None:
    one, other, again = (documents(said)[kind] for said in ("one", "other", "one"))
    replaced, (reason,) = await imported(doors, one, other, again)
    assert (replaced, await stored(doors, kind)) == ([False, True], ["one"])
    assert f"is that of another {'form' if kind == 'jsonForm' else kind}, documents[0], which it would" in reason


@pytest.mark.parametrize("kind", KINDS)
async def test_of_two_in_one_project_the_first_comes_in(doors: Doors, kind: str) -> None:
    both = project(kind, "one")
    both["components"].append({**both["components"][0], "iid": 2, "document": documents("other")[kind]})
    _, (reason,) = await imported(doors, both)
    assert ", documents[0].components[0] (" in reason
    assert await stored(doors, kind) == ["one"]


@pytest.mark.parametrize("kind", ["transformation", "jsonForm"])
async def test_what_is_the_same_word_for_word_is_shared(doors: Doors, kind: str) -> None:
    assert await imported(doors, documents("one")[kind]) == ([False], [])
    assert await imported(doors, project(kind, "one")) == ([True], [])
    assert await imported(doors, project(kind, "one", OTHER, "Branch")) == ([True], [])
    # From then on neither changes what the other has.
    for mine, (id, other) in (((PROJECT, "Campus"), (OTHER, "Branch")), ((OTHER, "Branch"), (PROJECT, "Campus"))):
        _, (reason,) = await imported(doors, project(kind, "two", *mine))
        assert f"of the project '{other}' ({id})" in reason
    assert await stored(doors, kind) == ["one"]


async def test_a_workflow_that_was_deleted_is_nobodys(doors: Doors) -> None:
    of_project = project("workflow", "one")
    of_project["components"][0]["document"]["_id"] = "w1"
    await imported(doors, of_project)
    deleted = await doors.http.delete("/workflow_builder/workflows/delete/same")
    assert (deleted.status_code, deleted.json()["name"]) == (200, f"@{PROJECT}: same")
    assert await imported(doors, {**documents("two")["workflow"], "_id": "w1"}) == ([False], [])
    assert await imported(doors, documents("three")["workflow"]) == ([True], [])


async def test_documents_that_came_before_are_kept_by_their_ids(doors: Doors) -> None:
    report = (await doors.graphql(IMPORT, d=[documents("one")["template"]]))["data"]["importWorkflows"]
    query = IMPORT.replace("$d: [JSON!]!", "$d: [JSON!]!, $k: [ID!]!").replace(
        "documents: $d", "documents: $d, keep: $k"
    )
    ids = [one["id"] for one in report["imported"]]
    kept = (await doors.graphql(query, d=[documents("two")["template"]], k=ids))["data"]["importWorkflows"]
    (skipped,) = kept["skipped"]
    assert "is that of another template, which came in before with this import" in skipped["reason"]
    assert await stored(doors, "template") == ["one"]
    many = await doors.graphql(query, d=[], k=["x"] * 10_001)
    assert many["errors"][0]["message"].startswith("The request is not as documented: /keep must NOT have more than")


async def test_a_workflow_of_a_project_is_found_by_the_name_that_its_neighbours_use(doors: Doors) -> None:
    of, other = "0123456789abcdef01234567", "f" * 24
    await doors.import_documents(chain("lone"))
    project = {"_id": of, "name": "p", "iid": 1, "components": [{"type": "workflow", "document": chain("Child")}]}
    await doors.import_documents(project)
    query = "query($n: String!) { workflow(name: $n) { name } }"
    for name, found in ((f"@{of}: Child", True), ("Child", True), (f"@{other}: Child", False), (f"@{of}: lone", False)):
        answer = await doors.graphql(query, n=name)
        assert (answer["data"]["workflow"] is not None) is found, name
