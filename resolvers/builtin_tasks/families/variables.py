"""Tasks on job variables, and those that make a value: newVariable, push, pop, shift, modify, makeData."""

import math

from ....models.engine.outcomes import Finish, Outcome, TaskCall
from ....models.json import Json, is_object
from ....models.language.javascript.coercion import UNDEFINED, number, text, to_json, to_number, truthy
from ....models.language.javascript.json_text import from_json
from ....models.language.query.query import replace_at
from ....models.language.templates.rendering import filled
from ..arguments import array, string, unset, variable_name
from ..task import TaskFailed, built_in, returning

_NAME = {"job_variable": "string: the name of a job variable, not a reference to it"}


@built_in("newVariable", {"name": "string", "value": "any"}, ("value",), type="operation")
def new_variable(call: TaskCall) -> Outcome:
    """Set a job variable."""
    name = variable_name(call.incoming.get("name"), "name")
    value = call.incoming.get("value", UNDEFINED)
    return Finish("failure") if value is UNDEFINED else Finish("success", {"value": value}, writes={name: value})


@built_in("push", {**_NAME, "item_to_push": "any"}, ("job_variable_value",), type="operation")
def push(call: TaskCall) -> Outcome:
    """Append an item to the array in a job variable, which is made if there is none."""
    name = variable_name(call.incoming.get("job_variable"), "job_variable")
    item = call.incoming.get("item_to_push")
    items = [*_items(call, name), None if item is UNDEFINED else item]
    return Finish("success", {"job_variable_value": items}, writes={name: items})


@built_in("pop", _NAME, ("popped_item",), type="operation")
def pop(call: TaskCall) -> Outcome:
    """Take the last item from the array in a job variable; an empty array is a failure."""
    return _taken(call, "popped_item", -1)


@built_in("shift", _NAME, ("shifted_item",), type="operation")
def shift(call: TaskCall) -> Outcome:
    """Take the first item from the array in a job variable; an empty array is a failure."""
    return _taken(call, "shifted_item", 0)


@returning(
    "updated_object",
    "modify",
    {
        "object_to_update": "object",
        "query": "string: a json-query path; empty replaces the whole value",
        "new_value": "any",
    },
    type="operation",
)
def modify(target: Json, expression: Json, value: Json) -> Json:
    """Return a copy of an object with one field set; without a query, or on anything but an object, the new value."""
    value = None if value is UNDEFINED else value
    return (
        value if unset(expression) or not is_object(target) else replace_at(string(expression, "query"), target, value)
    )


@returning(
    "output",
    "makeData",
    {
        "input": "string: the text with its <!name!>",
        "outputType": "string: string, json, number or boolean",
        "variables": "object: what stands for each name",
    },
)
def make_data(source: Json, output_type: Json, variables: Json) -> Json:
    """Fill the `<!name!>` of a text from variables and read it as string, json, number or boolean."""
    template = source if isinstance(source, str) else "" if unset(source) else to_json(source)
    written = filled(template, variables) if is_object(variables) else template
    match output_type:
        case "string":
            return written
        case "json":
            return from_json(written)
        case "number":
            found = to_number(written)
            if math.isnan(found):
                raise TaskFailed(f"'{written[:80]}' cannot be read as a number.")
            return number(found)
        case "boolean":
            return truthy(written) and written.strip().lower() not in ("false", "0", "")
        case _:
            raise TaskFailed(f"'outputType' must be string, json, number or boolean, not '{text(output_type)}'.")


@built_in("updateJobDescription", {"description": "string"}, ("description",), type="operation")
def update_job_description(call: TaskCall) -> Outcome:
    """Overwrite the description of the job."""
    description = call.incoming.get("description")
    written = "" if unset(description) else description if isinstance(description, str) else to_json(description)
    return Finish("success", {"description": written}, job_description=written)


def _items(call: TaskCall, name: str) -> list[Json]:
    value = call.variables.get(name)
    return [] if value is None or value is UNDEFINED else array(value, name)


def _taken(call: TaskCall, outgoing: str, position: int) -> Outcome:
    name = variable_name(call.incoming.get("job_variable"), "job_variable")
    items = list(_items(call, name))
    if not items:
        return Finish("failure")
    item = items.pop(position)
    return Finish("success", {outgoing: item}, writes={name: items})


TASKS = (new_variable, push, pop, shift, modify, make_data, update_job_description)
