"""The built-in tasks, by application and name, and what stands in for every other task."""

from collections.abc import Mapping
from types import MappingProxyType

from ...models.engine.outcomes import CallProvider, Outcome, TaskCall, TaskFunction
from . import (
    arrays,
    children,
    forms,
    logic,
    loops,
    objects,
    people,
    strings,
    templates,
    times,
    transformation,
    variables,
    waiting,
)
from .task import BuiltInTask

_MODULES = (
    arrays, children, forms, logic, loops, objects, people, strings, templates, times, transformation,
    variables, waiting,
)  # fmt: skip

BUILT_IN: Mapping[tuple[str, str], BuiltInTask] = MappingProxyType(
    {(task.app, task.name): task for module in _MODULES for task in module.TASKS}
)


def function_of(app: str, name: str) -> TaskFunction:
    """The function of a built-in task; of any other task, one that calls its provider."""
    task = BUILT_IN.get((app, name))
    return call_provider if task is None else task.function


def call_provider(call: TaskCall) -> Outcome:
    return CallProvider()


__all__ = ["BUILT_IN", "BuiltInTask", "call_provider", "function_of"]
