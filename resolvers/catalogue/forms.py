"""Forms that a person fills in; resolvers/forms.py tells what to show and whether an answer fits."""

from ...models.engine.outcomes import AskPerson, Outcome, TaskCall
from .task import built_in

_DATA = "object: the values that its fields begin with"
_EXPORT = ("export",)


@built_in(
    "ShowJsonForm",
    {"form_id": "string: the id or the name of a form", "instance_data": _DATA},
    _EXPORT,
    app="JsonForms",
    type="manual",
)
def show_json_form(call: TaskCall) -> Outcome:
    """Show a stored form to a person, filled with data, and give what the person made of it."""
    return AskPerson()


@built_in(
    "RenderJsonSchema",
    {
        "jsonSchema": "object: what an answer must fit",
        "uiSchema": "object: how it is drawn",
        "bindingSchema": "object",
        "validationSchema": "object",
        "formData": _DATA,
    },
    _EXPORT,
    app="JsonForms",
    type="manual",
)
def render_json_schema(call: TaskCall) -> Outcome:
    """Show a form that the task itself holds to a person, and give what the person made of it."""
    return AskPerson()


@built_in(
    "ShowFormByName",
    {"form_name": "string: the name of a form", "instance_data": _DATA},
    _EXPORT,
    app="FormBuilder",
    type="manual",
)
def show_form_by_name(call: TaskCall) -> Outcome:
    """Show a stored form to a person: the older name of ShowJsonForm."""
    return AskPerson()


TASKS = (show_json_form, render_json_schema, show_form_by_name)
