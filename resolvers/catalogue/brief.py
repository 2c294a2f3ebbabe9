"""Built-in tasks whose results are no larger than all that they are given, and made in time that grows with it alone.

What searches, sorts, compares, formats, repeats or runs a language is not among them.
"""

from ...models.json import JsonObject, text_at
from . import BUILT_IN, arrays, children, people, strings, variables, waiting

_TASKS = (
    arrays.array_push, arrays.unshift, arrays.array_pop, arrays.array_shift, arrays.array_concat, arrays.array_slice,
    children.child_job,
    people.view_data, people.view_html,
    strings.string_concat, strings.string_length, strings.trim, strings.trim_start, strings.trim_end,
    strings.to_lower_case, strings.to_upper_case, strings.string_value_of,
    variables.new_variable, variables.push, variables.pop, variables.shift, variables.update_job_description,
    waiting.delay,
)  # fmt: skip
BRIEF = frozenset((task.app, task.name) for task in _TASKS)


def is_brief(task: JsonObject) -> bool:
    """Whether to call it takes next to no time, as a workflow's task: a provider or a person takes its own."""
    key = text_at(task, "app"), text_at(task, "name")
    return key in BRIEF or key not in BUILT_IN
