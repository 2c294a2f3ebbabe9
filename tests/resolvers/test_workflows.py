"""Importing: every field is kept, and the same file twice does no harm."""

import json
from typing import Any

import pytest
from beanie import init_beanie
from jobyard.models.documents.project import Project
from jobyard.models.documents.workflow import Form, Template, Transformation, Workflow
from jobyard.models.errors import FormNotFound, WorkflowNotFound
from jobyard.models.visibility import SYSTEM
from jobyard.resolvers.store.connect import Store
from jobyard.resolvers.tasks import forms
from jobyard.resolvers.workflows import assets
from jobyard.resolvers.workflows import imports as workflows

from ..documents import chain, greeting, task
from ..parts import shared

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
async def collections(store: Store) -> None:
    kinds = [Workflow, Transformation, Template, Form, Project]
    await init_beanie(database=store.database, document_models=kinds)


async def imported(document: Any) -> workflows.Imported:
    report = await workflows.import_documents([document])
    assert report.skipped == []
    (one,) = report.imported
    return one


ODD = greeting(
    id="an id of its own",
    _meta={"kept": True},
    created_by={"username": "ada", "_id": "1"},
    canvasVersion=1.5,
    inputSchema={"$schema": "s", "properties": {"a": {"$ref": "#/definitions/x", "$id": "y"}, "b.c": {"°$d": 1}}},
    empty={},
    nothing=None,
)


async def test_every_field_comes_back_as_it_was_known_or_not() -> None:
    one = await imported(ODD)
    assert await workflows.find("greet", SYSTEM) == {"_id": one.id, **ODD}


async def test_published_documents_come_back_as_they_were() -> None:
    for path in sorted(shared("acceptance").glob("[NA]0*.json")):
        for document in json.loads(path.read_text())["workflows"]:
            one = await imported(document)
            assert await workflows.find(document["name"], SYSTEM) == {"_id": one.id, **document}


async def test_a_transformation_keeps_its_id() -> None:
    document = {"_id": "0123456789abcdef01234567", "name": "t", "incoming": [{"$id": "a"}], "outgoing": [], "steps": []}
    assert (await imported(document)).id == document["_id"]
    found = await Transformation.get(document["_id"])
    assert found is not None
    assert found.document == document


async def test_the_same_name_again_replaces_the_document_and_keeps_its_id() -> None:
    first = await imported(greeting(description="one"))
    second = await imported(greeting(description="two", _id="another"))
    assert (first.replaced, second.replaced, second.id) == (False, True, first.id)
    assert (await workflows.find("greet", SYSTEM))["description"] == "two"
    assert len(await workflows.find_all(10, SYSTEM)) == 1


async def test_a_copy_under_another_name_gets_an_id_of_its_own() -> None:
    first = await imported({**chain("one"), "_id": "shared-id"})
    second = await imported({**chain("two"), "_id": "shared-id"})
    assert first.id == "shared-id"
    assert second.id != "shared-id"
    assert [workflow["name"] for workflow in await workflows.find_all(10, SYSTEM)] == ["one", "two"]


TEMPLATE = {
    "_id": "65a0b1c2d3e4f5061728394a",
    "name": "hello",
    "type": "jinja2",
    "template": "Hello, {{ name }}",
    "data": '{"name": "Ada"}',
    "group": "greetings",
    "$odd": {"kept": [1.5, None]},
}
FORM = {
    "id": "f1",
    "name": "ask",
    "struct": {"type": "array", "items": [{"customKey": "size", "type": "number"}]},
    "schema": {"$schema": "s", "type": "object", "properties": {"size": {"type": "number"}}},
    "uiSchema": {},
    "version": 3,
}


async def test_every_field_of_a_template_comes_back_as_it_was() -> None:
    one = await imported(TEMPLATE)
    assert (one.kind, one.id, one.replaced) == ("template", TEMPLATE["_id"], False)
    assert await assets.find_template("hello") == TEMPLATE
    assert await assets.find_template("Hello") is None


async def test_the_same_template_name_again_replaces_the_template_and_keeps_its_id() -> None:
    await imported(TEMPLATE)
    again = await imported({**TEMPLATE, "_id": "another", "template": "Bye"})
    assert (again.id, again.replaced) == (TEMPLATE["_id"], True)
    assert await assets.find_template("hello") == {**TEMPLATE, "template": "Bye"}


async def test_every_field_of_a_form_comes_back_as_it_was_by_id_and_by_name() -> None:
    one = await imported(FORM)
    assert (one.kind, one.id, one.replaced) == ("form", "f1", False)
    assert await forms.find("f1") == {"_id": "f1", **FORM}
    assert await forms.find("ask") == {"_id": "f1", **FORM}


@pytest.mark.parametrize(
    "again", [{**FORM, "name": "ask again", "version": 4}, {**FORM, "id": "f2", "version": 4}], ids=["id", "name"]
)
async def test_a_form_of_the_same_id_or_name_replaces_the_form(again: dict[str, Any]) -> None:
    await imported(FORM)
    second = await imported(again)
    assert (second.id, second.replaced) == ("f1", True)
    for known in (again["id"], again["name"], "f1"):
        assert await forms.find(known) == {"_id": "f1", **again}


async def test_a_form_with_a_name_alone_gets_an_id() -> None:
    one = await imported({key: value for key, value in FORM.items() if key != "id"})
    assert (await forms.find("ask"))["_id"] == one.id


async def test_an_unknown_form_is_not_found() -> None:
    await imported(FORM)
    with pytest.raises(FormNotFound, match="Cannot find form 'Ask', neither as an id nor as a name"):
        await forms.find("Ask")


async def test_names_match_exactly() -> None:
    await imported(chain("with a space at the end "))
    with pytest.raises(WorkflowNotFound, match="Cannot find workflow 'with a space at the end'"):
        await workflows.find("with a space at the end", SYSTEM)


async def test_a_document_that_the_database_cannot_hold_is_skipped_with_its_reason() -> None:
    deep: Any = 1
    for _ in range(120):
        deep = [deep]
    report = await workflows.import_documents([chain("deep", a1=task("newVariable", value=deep)), chain("flat")])
    assert [one.name for one in report.imported] == ["flat"]
    (skipped,) = report.skipped
    assert skipped.reason == "workflow 'deep' cannot be stored: it is nested more than 90 levels deep"


async def test_a_document_larger_than_the_database_takes_is_skipped_with_its_reason(store: Store) -> None:
    large = chain("large", a1=task("newVariable", value="x" * 17_000_000))
    report = await workflows.import_documents([large, chain("small")])
    if store.durable:  # memory has no limit
        (skipped,) = report.skipped
        assert skipped.reason.startswith("workflow 'large' cannot be stored: ")
    assert "small" in [one.name for one in report.imported]
