"""Checking against what is stored."""

from typing import Any

import pytest
from beanie import init_beanie
from jobyard.models.documents.project import Project
from jobyard.models.documents.workflow import Form, Template, Transformation, Workflow
from jobyard.models.errors import RequestInvalid
from jobyard.resolvers.store.connect import Store
from jobyard.resolvers.workflows import checking
from jobyard.resolvers.workflows import imports as workflows

from ..documents import chain, task

pytestmark = pytest.mark.anyio

TRANSFORMATION = {
    "_id": "0123456789abcdef01234567",
    "name": "t",
    "incoming": [{"$id": "a"}],
    "outgoing": [],
    "steps": [],
}


@pytest.fixture(autouse=True)
async def collections(store: Store) -> None:
    await init_beanie(database=store.database, document_models=[Workflow, Transformation, Template, Form, Project])


def everything() -> dict[str, Any]:
    return chain(
        "parent",
        a1=task("transformation", tr_id=TRANSFORMATION["_id"], variableMap={"a": 1}),
        b2=task("childJob", workflow="child"),
        c3=task("renderJinjaTemplate", app="TemplateBuilder", name="greeting"),
        d4=task("ShowJsonForm", app="JsonForms", form_id="order"),
    )


def offers(location: str, app: str, name: str) -> bool:
    return app in ("TemplateBuilder", "JsonForms")


async def messages(document: Any, *beside: Any) -> list[str]:
    return [finding.message for finding in await checking.check(document, list(beside), offers)]


async def test_what_a_workflow_names_is_looked_for_in_the_database(store: Store) -> None:
    assert await messages(everything()) == [
        f"There is no transformation '{TRANSFORMATION['_id']}' here",
        "Cannot find workflow child here",
        "There is no template 'greeting' here",
        "There is no form 'order' here",
    ]
    await workflows.import_documents([TRANSFORMATION, chain("child")])
    await store.database["templates"].insert_one({"_id": "1", "name": "greeting"})
    await store.database["forms"].insert_one({"_id": "2", "id": "order", "name": "An order"})
    assert await messages(everything()) == []


async def test_what_comes_with_it_counts_too() -> None:
    found = await messages(everything(), {"workflows": [chain("child")], "transformations": [TRANSFORMATION]})
    assert found == ["There is no template 'greeting' here", "There is no form 'order' here"]


async def test_a_workflow_in_a_container_is_checked_with_what_is_beside_it_there() -> None:
    bundle = {"bundles": [{"data": TRANSFORMATION}, {"data": chain("w", a1=everything()["tasks"]["a1"])}]}
    assert await messages(bundle) == []


@pytest.mark.parametrize("document", [1, {}, {"workflows": [chain("a"), chain("b")]}])
async def test_anything_but_one_workflow_is_refused(document: Any) -> None:
    with pytest.raises(RequestInvalid, match="must be or hold one workflow, not "):
        await checking.check(document, [])


async def test_an_import_tells_what_the_check_finds_and_takes_the_document_in() -> None:
    broken = chain("broken", a1=task("query", obj="$var.ff.x"), b2=everything()["tasks"]["b2"])
    report = await workflows.import_documents([broken, chain("child", a1=task("stub"))])
    assert [(one.name, one.warnings) for one in report.imported] == [
        ("broken", ("task a1 (query): It reads 'x' of task ff, and there is no such task",)),
        ("child", ()),
    ]


async def test_an_import_tells_twenty_of_many_findings() -> None:
    tasks = {f"a{number}": task("query", obj="$var.ff.x") for number in range(30)}
    report = await workflows.import_documents([chain("w", **tasks)])
    assert len(report.imported[0].warnings) == 21
    assert report.imported[0].warnings[-1] == "10 more: see `jobyard check`"


async def test_more_names_than_one_question_takes() -> None:
    children = {f"a{number}": task("childJob", workflow=f"child {number}") for number in range(1500)}
    await workflows.import_documents([chain("child 7", a1=task("stub")), chain("child 1499", a1=task("stub"))])
    findings = await messages(chain("w", **children))
    assert findings[-1] == "There are 1298 more warnings"


async def test_workflows_that_start_each_other_are_found_in_what_is_checked_together() -> None:
    one, other = (
        chain(name, a1=task("childJob", task="", workflow=child, variables={}, data_array="", loopType=""))
        for name, child in (("one", "other"), ("other", "one"))
    )
    assert [text for text in await messages(one, other) if "leads back" in text] == [
        "It starts other, which leads back to this workflow: unless a condition ends that, until there may be no more "
        "jobs"
    ]
    report = await workflows.import_documents([one, other])
    assert all("leads back" in "".join(part.warnings) for part in report.imported)
