"""Tasks that wait for a person, who sees the incoming values and presses one of two buttons."""

from ...models.engine.outcomes import AskPerson, Outcome, TaskCall
from .task import built_in

_BUTTONS = ("btn_success", "btn_failure")


@built_in("ViewData", ("header", "message", "body", "variables", *_BUTTONS), ())
def view_data(call: TaskCall) -> Outcome:
    """Show data to a person, whose button decides between success and failure."""
    return AskPerson()


@built_in("ViewHTML", ("header", "body", "variables", *_BUTTONS), ())
def view_html(call: TaskCall) -> Outcome:
    """Show a page to a person, whose button decides between success and failure."""
    return AskPerson()


@built_in("ViewDiff", ("header", "message", "label1", "value1", "label2", "value2", *_BUTTONS), ())
def view_diff(call: TaskCall) -> Outcome:
    """Show the difference of two values to a person, whose button decides between success and failure."""
    return AskPerson()


TASKS = (view_data, view_html, view_diff)
