"""The shapes in which people hold their documents (workflow documents, 2 and 9)."""

from typing import Any

import pytest
from jobyard.models.documents.containers import Found, Skipped, open_container

WORKFLOW = {
    "name": "w",
    "tasks": {"workflow_start": {}, "workflow_end": {}},
    "transitions": {"workflow_start": {"workflow_end": {"type": "standard", "state": "success"}}, "workflow_end": {}},
}
TRANSFORMATION = {"_id": "0123456789abcdef01234567", "name": "t", "incoming": [], "outgoing": [], "steps": []}


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (WORKFLOW, "f"),
        ({"automation": WORKFLOW}, "f.automation"),
        ({"automations": [WORKFLOW]}, "f.automations[0]"),
        ({"options": {}, "workflow": WORKFLOW}, "f.workflow"),
        ({"metadata": {}, "bundles": [{"type": "workflow", "data": WORKFLOW}]}, "f.bundles[0] (workflow)"),
        ({"iid": 1, "components": [{"type": "workflow", "document": WORKFLOW}]}, "f.components[0] (workflow)"),
        ({"items": [WORKFLOW], "total": 1}, "f.items[0]"),
        ({"results": [WORKFLOW]}, "f.results[0]"),
        ({"message": "ok", "data": [WORKFLOW]}, "f.data[0]"),
        ([WORKFLOW], "f[0]"),
    ],
)
def test_every_container_is_opened(content: Any, where: str) -> None:
    assert list(open_container(content, "f")) == [Found("workflow", WORKFLOW, where)]


def test_a_transformation_keeps_its_id() -> None:
    assert list(open_container(TRANSFORMATION, "f")) == [Found("transformation", TRANSFORMATION, "f")]


def test_what_cannot_be_imported_is_named_and_the_rest_comes_in() -> None:
    form = {"id": "x", "struct": {}}
    bundle = {"bundles": [{"type": "jsonForm", "data": form}, {"type": "workflow", "data": WORKFLOW}]}
    skipped, found = open_container(bundle, "f")
    assert skipped == Skipped(
        "f.bundles[0] (jsonForm)",
        "neither a workflow (no `tasks`) nor a transformation (no `steps`), nor a known container",
    )
    assert isinstance(found, Found)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({**WORKFLOW, "name": None}, "a workflow without a name cannot be started by name"),
        ({**WORKFLOW, "tasks": {"a.b": {}}}, "the task id 'a.b' is empty, starts with '$' or holds a dot or a NUL"),
        (
            {**TRANSFORMATION, "_id": 7},
            "a transformation needs its `_id` (24 hex digits): workflows refer to it by that",
        ),
        ("text", "not a JSON object"),
    ],
)
def test_a_document_that_could_not_be_used_is_skipped_with_its_reason(document: Any, reason: str) -> None:
    assert list(open_container(document, "f")) == [Skipped("f", reason)]


def test_a_container_of_workflows_and_transformations_gives_both() -> None:
    content = {"workflows": [WORKFLOW], "transformations": [TRANSFORMATION]}
    assert list(open_container(content, "f")) == [
        Found("workflow", WORKFLOW, "f.workflows[0]"),
        Found("transformation", TRANSFORMATION, "f.transformations[0]"),
    ]


def test_containers_that_never_end_are_refused() -> None:
    content: Any = WORKFLOW
    for _ in range(1000):
        content = [content]
    assert list(open_container(content, "f")) == [Skipped("f[0][0][0][0][0]", "containers are nested more than 4 deep")]
