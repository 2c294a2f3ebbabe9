"""The forms of waiting tasks, and the check of answers against them."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from ...models.documents.warnings import forms_of
from ...models.documents.workflow import Form
from ...models.engine.graph import Graph
from ...models.errors import Fault, FormNotFound, NameAmbiguous
from ...models.json import JsonObject, object_at, text_at
from ...models.visibility import SYSTEM
from ..projects import names
from ..store.collections import collection_of
from ..templating.schema_checks import SchemaChecks

EXPORT = "export"  # the outgoing value of every form task that has the answer

# The tasks that show a stored form, with the incoming value that names it.
_SHOWING_STORED = {("JsonForms", "ShowJsonForm"): "form_id", ("FormBuilder", "ShowFormByName"): "form_name"}
_SHOWING_ITS_OWN = ("JsonForms", "RenderJsonSchema")

# The form of this id or name; FormNotFound if it does not exist.
FindForm: TypeAlias = Callable[[str], Awaitable[JsonObject]]


async def find(id_or_name: str, near: str = "") -> JsonObject:
    """The form of this id, or else of exactly this name, or else of this name in a project."""
    for query in ({"_id": id_or_name}, {"id": id_or_name}):
        found = await Form.find(query).sort("+_id").first_or_none()
        if found is not None:
            return found.document
    named = await names.find("form", id_or_name, SYSTEM, near)
    if named is None:
        raise FormNotFound(id_or_name)
    return named


async def find_missing(graph: Graph) -> set[str]:
    """The ids and names of forms that tasks of the workflow show and that do not exist."""
    wanted = forms_of(graph)
    left = await _without_exact_names(wanted)
    return {name for name in left if not await _is_known(name, graph.name)}


async def _is_known(name: str, near: str) -> bool:
    try:
        return await names.find("form", name, SYSTEM, near) is not None
    except NameAmbiguous:
        return True  # the person who works the task gets the error


async def _without_exact_names(wanted: set[str]) -> set[str]:
    """Those that are neither ids nor exact names of forms."""
    for key in ("_id", "id", "name"):
        if wanted:
            stored = collection_of(Form).find({key: {"$in": sorted(wanted)}}, {key: 1})
            wanted -= {text_at(one, key) async for one in stored}
    return wanted


async def form_of_iteration(iteration: Mapping[str, object]) -> JsonObject | None:
    """`form_of` for an iteration: a name means first the form of the workflow's project."""
    near = text_at(object_at(iteration, "job"), "name")
    incoming = object_at(object_at(iteration, "variables"), "incoming")
    return await form_of(iteration, incoming, lambda name: find(name, near))


async def form_of(definition: Mapping[str, object], incoming: JsonObject, find: FindForm = find) -> JsonObject | None:
    """What a front end needs for a waiting task: `{schema, uiSchema, bindingSchema, validationSchema, data}`.

    `definition` is the task as its author wrote it, `incoming` has its references resolved. All five are objects.
    None for a task without a form; FormNotFound if its form does not exist.
    """
    task = (text_at(definition, "app"), text_at(definition, "name"))
    if task == _SHOWING_ITS_OWN:
        return form_within(incoming)
    if task in _SHOWING_STORED:
        return filled_form(await find(text_at(incoming, _SHOWING_STORED[task])), object_at(incoming, "instance_data"))
    return None


def form_within(incoming: JsonObject) -> JsonObject:
    """The form in the incoming values of RenderJsonSchema."""
    return _form(incoming, "jsonSchema", object_at(incoming, "formData"))


def filled_form(form: JsonObject, data: JsonObject) -> JsonObject:
    """A stored form, with the initial data of its fields."""
    return _form(form, "schema", data)


async def answer_faults(schemas: SchemaChecks, form: JsonObject, outputs: JsonObject) -> list[Fault]:
    """The faults of a person's answer to a form of `form_of`. Paths begin at the task's outputs."""
    if EXPORT not in outputs:
        return [Fault("required", "", "#/required", f"must have required property '{EXPORT}'")]
    faults = await schemas.faults_of(object_at(form, "schema"), outputs[EXPORT], "the form's schema")
    return [
        Fault(fault.keyword, f"/{EXPORT}{fault.instance_path}", fault.schema_path, fault.message) for fault in faults
    ]


def _form(holder: JsonObject, schema: str, data: JsonObject) -> JsonObject:
    return {
        "schema": object_at(holder, schema),
        **{part: object_at(holder, part) for part in ("uiSchema", "bindingSchema", "validationSchema")},
        "data": data,
    }
