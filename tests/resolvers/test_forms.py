"""What a person sees of a task with a form, and whether the answer fits."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from beanie import init_beanie
from jobyard.models.documents.workflow import Form
from jobyard.models.engine.outcomes import AskPerson
from jobyard.models.errors import Fault, FormNotFound
from jobyard.resolvers.builtin_tasks.registry import BUILT_IN
from jobyard.resolvers.store.connect import Store
from jobyard.resolvers.store.replacing import insert_new
from jobyard.resolvers.tasks.forms import answer_faults, filled_form, form_of
from jobyard.resolvers.templating.schema_checks import SchemaChecks, open_checks

from ..documents import task

pytestmark = pytest.mark.anyio

SCHEMA = {
    "type": "object",
    "properties": {"size": {"type": "number"}, "site": {"type": "string", "enum": ["north", "south"]}},
    "required": ["size"],
}
FORM = {
    "id": "f1",
    "name": "ask",
    "struct": {"type": "array"},
    "schema": SCHEMA,
    "uiSchema": {"size": {"ui:help": "?"}},
}
SHOWN = {
    "schema": SCHEMA,
    "uiSchema": {"size": {"ui:help": "?"}},
    "bindingSchema": {},
    "validationSchema": {},
    "data": {"size": 1},
}


@pytest.fixture
async def schemas() -> AsyncGenerator[SchemaChecks]:
    async with open_checks() as schemas:
        yield schemas


@pytest.fixture
async def stored_form(store: Store) -> None:
    await init_beanie(database=store.database, document_models=[Form])
    await insert_new("form", FORM)


@pytest.mark.parametrize(
    ("app", "name", "incoming"),
    [
        ("JsonForms", "ShowJsonForm", {"form_id": "f1", "instance_data": {"size": 1}}),
        ("JsonForms", "ShowJsonForm", {"form_id": "ask", "instance_data": {"size": 1}}),
        ("FormBuilder", "ShowFormByName", {"form_name": "ask", "instance_data": {"size": 1}}),
        (
            "JsonForms",
            "RenderJsonSchema",
            {"jsonSchema": SCHEMA, "uiSchema": FORM["uiSchema"], "bindingSchema": None, "formData": {"size": 1}},
        ),
    ],
)
async def test_a_task_with_a_form_waits_for_a_person_and_shows_it(
    stored_form: None, app: str, name: str, incoming: dict[str, Any]
) -> None:
    assert BUILT_IN[app, name].function(None) == AskPerson()  # type: ignore[arg-type]
    assert await form_of(task(name, app=app), incoming) == SHOWN


async def test_data_that_is_left_out_is_none(stored_form: None) -> None:
    shown = await form_of(task("ShowJsonForm", app="JsonForms"), {"form_id": "f1", "instance_data": ""})
    assert shown == {**SHOWN, "data": {}}


async def test_a_form_that_was_never_imported_is_named(stored_form: None) -> None:
    with pytest.raises(FormNotFound, match="Cannot find form 'other'"):
        await form_of(task("ShowJsonForm", app="JsonForms"), {"form_id": "other"})


async def test_another_task_has_no_form() -> None:
    assert await form_of(task("ViewData"), {"header": "h"}) is None


async def test_an_answer_that_fits_has_no_faults(schemas: SchemaChecks) -> None:
    form = filled_form(FORM, {})
    assert await answer_faults(schemas, form, {"export": {"size": 3, "site": "north"}}) == []


async def test_all_that_does_not_fit_is_told_with_its_place_in_the_outputs(schemas: SchemaChecks) -> None:
    form = filled_form(FORM, {})
    assert await answer_faults(schemas, form, {"export": {"site": "west"}}) == [
        Fault("enum", "/export/site", "#/properties/site/enum", "'west' is not one of ['north', 'south']"),
        Fault("required", "/export", "#/required", "must have required property 'size'"),
    ]
    assert await answer_faults(schemas, form, {}) == [
        Fault("required", "", "#/required", "must have required property 'export'")
    ]


async def test_a_form_without_a_schema_takes_any_answer(schemas: SchemaChecks) -> None:
    assert await answer_faults(schemas, filled_form({"name": "free"}, {}), {"export": 7}) == []


async def test_a_broken_schema_is_one_fault(schemas: SchemaChecks) -> None:
    (fault,) = await answer_faults(schemas, filled_form({"schema": {"$ref": "http://elsewhere"}}, {}), {"export": 7})
    assert (fault.keyword, fault.instance_path) == ("schema", "/export")
    assert fault.message.startswith("the form's schema cannot be applied: ")
