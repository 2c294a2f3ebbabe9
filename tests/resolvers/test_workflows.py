"""Importing: every field is kept, and the same file twice does no harm."""

import json
from typing import Any

import pytest
from beanie import init_beanie
from jobyard.models.documents.workflow import Transformation, Workflow
from jobyard.models.errors import WorkflowNotFound
from jobyard.resolvers import workflows
from jobyard.resolvers.store.connect import Store

from ..documents import chain, greeting, task
from ..parts import shared

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
async def collections(store: Store) -> None:
    await init_beanie(database=store.database, document_models=[Workflow, Transformation])


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
    assert await workflows.find("greet") == {"_id": one.id, **ODD}


async def test_published_documents_come_back_as_they_were() -> None:
    for path in sorted(shared("acceptance").glob("[NA]0*.json")):
        for document in json.loads(path.read_text())["workflows"]:
            one = await imported(document)
            assert await workflows.find(document["name"]) == {"_id": one.id, **document}


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
    assert (await workflows.find("greet"))["description"] == "two"
    assert len(await workflows.find_all(10)) == 1


async def test_a_copy_under_another_name_gets_an_id_of_its_own() -> None:
    first = await imported({**chain("one"), "_id": "shared-id"})
    second = await imported({**chain("two"), "_id": "shared-id"})
    assert first.id == "shared-id"
    assert second.id != "shared-id"
    assert [workflow["name"] for workflow in await workflows.find_all(10)] == ["one", "two"]


async def test_names_match_exactly() -> None:
    await imported(chain("with a space at the end "))
    with pytest.raises(WorkflowNotFound, match="Cannot find workflow 'with a space at the end'"):
        await workflows.find("with a space at the end")


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
    if store.kept:  # memory has no limit
        (skipped,) = report.skipped
        assert skipped.reason.startswith("workflow 'large' cannot be stored: ")
    assert "small" in [one.name for one in report.imported]
