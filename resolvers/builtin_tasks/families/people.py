"""Tasks that wait for a person: views with buttons, and forms."""

from ....models.engine.outcomes import AskPerson, Outcome, TaskCall
from ..task import built_in

_BUTTONS = {"btn_success": "string: the label of the button", "btn_failure": "string: the label of the button"}
_BODY = {"body": "any: what to show", "variables": "object: what stands for each <!name!>"}


@built_in("ViewData", {"header": "string", "message": "string", **_BODY, **_BUTTONS}, (), type="manual")
def view_data(call: TaskCall) -> Outcome:
    """Show data to a person, whose button decides between success and failure."""
    return AskPerson()


@built_in("ViewHTML", {"header": "string", **_BODY, **_BUTTONS}, (), type="manual")
def view_html(call: TaskCall) -> Outcome:
    """Show a page to a person, whose button decides between success and failure."""
    return AskPerson()


@built_in(
    "ViewDiff",
    {
        "header": "string",
        "message": "string",
        "label1": "string",
        "value1": "any",
        "label2": "string",
        "value2": "any",
        **_BUTTONS,
    },
    (),
    type="manual",
)
def view_diff(call: TaskCall) -> Outcome:
    """Show the difference of two values to a person, whose button decides between success and failure."""
    return AskPerson()


@built_in(
    "ErrorHandling",
    {
        "severity": "string: fatal, warning or success",
        "status": "string: what went wrong",
        "retry": "boolean: whether a person may choose to retry",
    },
    ("response",),
    type="manual",
)
def error_handling(call: TaskCall) -> Outcome:
    """Show an error to a person, who decides: `response` is success, failure, retry or error."""
    return AskPerson()


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
    """Show a stored form to a person, filled with data, and return the answer."""
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
    """Show a form that the task itself holds to a person, and return the answer."""
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


TASKS = (
    view_data, view_html, view_diff, error_handling, show_json_form, render_json_schema, show_form_by_name,
)  # fmt: skip
