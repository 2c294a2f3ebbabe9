"""Forms that a person fills in; resolvers/forms.py tells what to show and whether an answer fits."""

from ...models.engine.outcomes import AskPerson, Outcome, TaskCall
from .task import built_in


@built_in("ShowJsonForm", ("form_id", "instance_data"), ("export",), app="JsonForms")
def show_json_form(call: TaskCall) -> Outcome:
    """Show a stored form to a person, filled with data, and give what the person made of it."""
    return AskPerson()


@built_in(
    "RenderJsonSchema",
    ("jsonSchema", "uiSchema", "bindingSchema", "validationSchema", "formData"),
    ("export",),
    app="JsonForms",
)
def render_json_schema(call: TaskCall) -> Outcome:
    """Show a form that the task itself holds to a person, and give what the person made of it."""
    return AskPerson()


@built_in("ShowFormByName", ("form_name", "instance_data"), ("export",), app="FormBuilder")
def show_form_by_name(call: TaskCall) -> Outcome:
    """Show a stored form to a person: the older name of ShowJsonForm."""
    return AskPerson()


TASKS = (show_json_form, render_json_schema, show_form_by_name)
