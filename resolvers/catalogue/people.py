"""Tasks that wait for a person, who sees the incoming values and presses a button."""

from ...models.engine.outcomes import AskPerson, Outcome, TaskCall
from .task import built_in

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


TASKS = (view_data, view_html, view_diff, error_handling)
