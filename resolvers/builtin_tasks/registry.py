"""The built-in tasks of all families, by application and name; every other task waits for a person or asks a provider.

A new task stands in the TASKS of its family, in families/.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from ...models.engine.definition import is_manual
from ...models.engine.outcomes import AskPerson, CallProvider, Outcome, TaskCall, TaskFunction
from ...models.json import JsonObject, text_at
from .families import (
    arrays,
    children,
    locales,
    logic,
    objects,
    outside,
    people,
    strings,
    tables,
    times,
    variables,
    waiting,
)
from .task import BuiltInTask

_MODULES = (arrays, children, locales, logic, objects, outside, people, strings, tables, times, variables, waiting)

BUILT_IN: Mapping[tuple[str, str], BuiltInTask] = MappingProxyType(
    {(task.app, task.name): task for module in _MODULES for task in module.TASKS}
)

WAITING = frozenset(  # for a person, a moment, a child job, a provider, or a process of their own
    (task.app, task.name) for module in (children, outside, people, waiting) for task in module.TASKS
)

_BRIEF_TASKS = (
    arrays.array_push, arrays.unshift, arrays.array_pop, arrays.array_shift, arrays.array_concat, arrays.array_slice,
    children.child_job,
    people.view_data, people.view_html,
    strings.string_concat, strings.string_length, strings.trim, strings.trim_start, strings.trim_end,
    strings.to_lower_case, strings.to_upper_case, strings.string_value_of,
    variables.new_variable, variables.push, variables.pop, variables.shift, variables.update_job_description,
    waiting.delay,
)  # fmt: skip
BRIEF = frozenset((task.app, task.name) for task in _BRIEF_TASKS)


def tasks(app: str | None = None, name: str | None = None) -> list[BuiltInTask]:
    """The built-in tasks, of one application or name or all of them, by application and then name, in any case."""
    found = [task for task in BUILT_IN.values() if app in (None, task.app) and name in (None, task.name)]
    return sorted(found, key=lambda task: (task.app, task.name.lower()))


def named(keys: Iterable[tuple[str, str]]) -> list[BuiltInTask | None]:
    """Those of these applications and names, in this order."""
    return [BUILT_IN.get(key) for key in keys]


def function_of(app: str, name: str, *, manual: bool = False) -> TaskFunction:
    """The function of a built-in task; of any other, one that waits for a person where it is manual, or for a provider.

    An application that draws the page of a manual task is not here, but whoever works the task is: people see its
    values and its view, and finish it as any other.
    """
    task = BUILT_IN.get((app, name))
    if task is not None:
        return task.function
    return ask_person if manual else call_provider


def does_itself(task: JsonObject) -> bool:
    """Whether it takes no provider, as a workflow's task: it is built in, or a person works it."""
    return (text_at(task, "app"), text_at(task, "name")) in BUILT_IN or is_manual(task)


def ask_person(call: TaskCall) -> Outcome:
    return AskPerson()


def call_provider(call: TaskCall) -> Outcome:
    return CallProvider()


def is_brief(task: Mapping[str, object]) -> bool:
    """Whether to call it takes next to no time, as a workflow's task: a provider or a person takes its own."""
    key = text_at(task, "app"), text_at(task, "name")
    return key in BRIEF or key not in BUILT_IN
