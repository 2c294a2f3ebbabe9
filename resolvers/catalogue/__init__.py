"""The built-in tasks, by application and name, and what stands in for every other task."""

from collections.abc import Mapping
from types import MappingProxyType

from ...models.engine.outcomes import CallProvider, Outcome, TaskCall, TaskFunction
from . import (
    array_search,
    array_text,
    arrays,
    children,
    conversions,
    events,
    forms,
    locales,
    logic,
    loops,
    objects,
    people,
    rest_call,
    schemas,
    string_parts,
    string_search,
    strings,
    tables,
    templates,
    times,
    transformation,
    variables,
    waiting,
)
from .task import BuiltInTask

_MODULES = (
    array_search, array_text, arrays, children, conversions, events, forms, locales, logic, loops, objects, people,
    rest_call, schemas, string_parts, string_search, strings, tables, templates, times, transformation, variables,
    waiting,
)  # fmt: skip

BUILT_IN: Mapping[tuple[str, str], BuiltInTask] = MappingProxyType(
    {(task.app, task.name): task for module in _MODULES for task in module.TASKS}
)


def tasks(app: str | None = None, name: str | None = None) -> list[BuiltInTask]:
    """The built-in tasks, of one application or name or all of them, by application and then name, in any case."""
    found = [task for task in BUILT_IN.values() if app in (None, task.app) and name in (None, task.name)]
    return sorted(found, key=lambda task: (task.app, task.name.lower()))


def function_of(app: str, name: str) -> TaskFunction:
    """The function of a built-in task; of any other task, one that calls its provider."""
    task = BUILT_IN.get((app, name))
    return call_provider if task is None else task.function


def call_provider(call: TaskCall) -> Outcome:
    return CallProvider()


__all__ = ["BUILT_IN", "BuiltInTask", "call_provider", "function_of", "tasks"]
