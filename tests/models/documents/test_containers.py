"""The shapes in which people hold their documents (workflow documents, 2 and 9)."""

from typing import Any

import pytest
from jobyard.models.documents.automation import warnings_of
from jobyard.models.documents.containers import (
    MOST_PARTS,
    MOST_TASKS,
    MOST_TRANSITIONS,
    Found,
    Parts,
    Skipped,
    open_container,
)

WORKFLOW = {
    "name": "w",
    "tasks": {"workflow_start": {}, "workflow_end": {}},
    "transitions": {"workflow_start": {"workflow_end": {"type": "standard", "state": "success"}}, "workflow_end": {}},
}
TEMPLATE = {"_id": "t1", "name": "hello", "type": "jinja2", "template": "Hello, {{ name }}", "data": "{}"}
FORM = {"id": "f1", "name": "ask", "struct": {"type": "array", "items": []}, "schema": {"type": "object"}}
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


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (TEMPLATE, "f"),
        ({"template": TEMPLATE}, "f.template"),
        ({"templates": [TEMPLATE]}, "f.templates[0]"),
        ({"bundles": [{"type": "template", "data": TEMPLATE}]}, "f.bundles[0] (template)"),
        ({"iid": 1, "components": [{"type": "template", "document": TEMPLATE}]}, "f.components[0] (template)"),
        ({"items": [TEMPLATE], "total": 1}, "f.items[0]"),
    ],
)
def test_templates_are_found_in_every_container(content: Any, where: str) -> None:
    assert list(open_container(content, "f")) == [Found("template", TEMPLATE, where)]


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (FORM, "f"),
        ([FORM], "f[0]"),
        ({"bundles": [{"type": "jsonForm", "data": FORM}]}, "f.bundles[0] (jsonForm)"),
        ({"iid": 1, "components": [{"type": "jsonForm", "document": FORM}]}, "f.components[0] (jsonForm)"),
    ],
)
def test_forms_are_found_in_every_container(content: Any, where: str) -> None:
    assert list(open_container(content, "f")) == [Found("form", FORM, where)]


@pytest.mark.parametrize(
    ("document", "warning"),
    [
        ({**TEMPLATE, "type": "nunjucks"}, "its type is 'nunjucks': only jinja2 and textfsm can run"),
        ({"id": "f1", "struct": {}}, "it has no schema: any answer fits it"),
    ],
)
def test_what_will_not_work_is_a_warning(document: Any, warning: str) -> None:
    (found,) = open_container(document, "f")
    assert isinstance(found, Found)
    assert found.warnings == (warning,)


def test_what_cannot_be_imported_is_named_and_the_rest_comes_in() -> None:
    odd = {"name": "x", "parts": {}}
    bundle = {"bundles": [{"type": "odd", "data": odd}, {"type": "workflow", "data": WORKFLOW}]}
    skipped, found = open_container(bundle, "f")
    assert skipped == Skipped(
        "f.bundles[0] (odd)",
        "neither a workflow (no `tasks`) nor a transformation (no `steps`), nor a template (no `template`) nor a form "
        "(no `struct`), nor a known container",
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
        ({**TEMPLATE, "name": ""}, "a template needs its `name`: workflows refer to it by that"),
        ({"struct": {}, "schema": {}}, "a form needs its `id` or `name`: workflows refer to it by one of them"),
        (
            {"name": "c", "os": "ios", "passRule": True, "commands": [{"command": "show clock", "rules": []}]},
            "a command template runs on devices, which this server does not do: its tasks need a provider",
        ),
        (
            {"name": "a", "componentName": "w", "componentType": "workflows", "triggers": []},
            "an automation (a start with its triggers) comes in with importAutomations or its own route",
        ),
        (
            {"name": "a", "componentType": "workflows", "triggers": [{"name": "nightly", "type": "schedule"}] * 2},
            "an automation (a start with its triggers) comes in with importAutomations or its own route. "
            + " ".join(warnings_of([{"name": "nightly", "type": "schedule"}] * 2)),
        ),
        ("text", "not a JSON object"),
    ],
)
def test_a_document_that_could_not_be_used_is_skipped_with_its_reason(document: Any, reason: str) -> None:
    assert list(open_container(document, "f")) == [Skipped("f", reason)]


@pytest.mark.parametrize("nothing", [None, 5, "x", [], {}, {"type": "workflow"}, {"document": []}])
def test_an_entry_with_no_document_in_it_is_reported_in_its_place(nothing: Any) -> None:
    named = " (workflow)" if nothing == {"type": "workflow"} else ""
    for key, inner in (("components", "document"), ("bundles", "data")):
        entries: Any = [nothing if inner == "document" or nothing != {"document": []} else {"data": []}]
        skipped, found = open_container({"name": "p", key: [*entries, {inner: WORKFLOW}]}, "f")
        assert skipped == Skipped(f"f.{key}[0]{named}", "not a JSON object")
        assert (found.where, isinstance(found, Found)) == (f"f.{key}[1]", True)


@pytest.mark.parametrize(
    ("type", "what"), [("mopCommandTemplate", "a command template"), ("mopAnalyticTemplate", "an analytic template")]
)
@pytest.mark.parametrize("name", [None, 5, ""])
def test_a_template_for_devices_without_a_name_is_skipped_for_that_reason(type: str, what: str, name: Any) -> None:
    document = {"name": name, "os": "ios", "commands": []}
    (skipped,) = open_container({"name": "p", "components": [{"type": type, "document": document}]}, "f")
    reason = f"{what} needs its `name`: workflows refer to it by that"
    assert skipped == Skipped(f"f.components[0] ({type})", reason)


@pytest.mark.parametrize("id", [5, "x", {"$oid": "0123456789abcdef01234567"}, "0123456789abcdef0123456"])
def test_an_id_that_identifies_no_project_is_reported_and_the_documents_come_in_by_its_name(id: Any) -> None:
    skipped, found = open_container({"_id": id, "name": "p", "components": [{"document": WORKFLOW}]}, "f")
    reason = "a project's `_id` has 24 hex digits: this project is found by its name, 'p', instead"
    assert skipped == Skipped("f._id", reason)
    assert isinstance(found, Found) and found.project is not None
    assert (found.project.id, found.project.name) == ("", "p")


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


def test_a_workflow_of_more_tasks_than_a_job_can_hold_is_refused() -> None:
    tasks = {f"{number:x}": {} for number in range(MOST_TASKS + 1)}
    (refused,) = open_container({"name": "w", "tasks": tasks}, "f")
    assert refused == Skipped("f", "it has 20,001 tasks, more than the 20,000 that a workflow may have")


def test_a_workflow_of_more_transitions_than_are_looked_at_is_refused() -> None:
    targets = {f"{number:x}": {} for number in range(MOST_TRANSITIONS + 1)}
    (refused,) = open_container({"name": "w", "tasks": {}, "transitions": {"workflow_start": targets}}, "f")
    assert refused == Skipped("f", "it has 200,001 transitions, more than the 200,000 that it may have")


def test_what_follows_the_first_parts_of_an_import_is_not_looked_at() -> None:
    parts = Parts(10)
    (*first, last) = [
        *open_container(list(range(8)), "a", parts=parts),
        *open_container(list(range(8)), "b", parts=parts),
    ]
    assert [one.where for one in first] == [*(f"a[{at}]" for at in range(8))]
    assert last == Skipped("b[0]", "an import has more than 10 parts: import what follows in another call")
    entries = {"components": [{"type": "x", "document": 1}] * (MOST_PARTS + 1)}
    assert len(list(open_container(entries, "f"))) == MOST_PARTS
