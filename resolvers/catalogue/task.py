"""How a built-in task is declared: its names and the function that answers a call."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import getdoc
from typing import Any

from ...models.engine.outcomes import Finish, Outcome, TaskCall, TaskFunction
from ...models.json import is_number
from ...models.language.errors import LanguageError
from ...models.language.javascript import number
from ...models.language.undefined import UNDEFINED


class TaskFailed(LanguageError):
    """The task ends in error with this message."""


@dataclass(frozen=True)
class BuiltInTask:
    """`incoming` and `outgoing` are the names in workflow documents, in the order in which people see them."""

    app: str
    name: str
    incoming: tuple[str, ...]
    outgoing: tuple[str, ...]
    function: TaskFunction
    description: str


def built_in(
    name: str, incoming: Sequence[str], outgoing: Sequence[str], app: str = "WorkFlowEngine"
) -> Callable[[TaskFunction], BuiltInTask]:
    """Declare a task by the function that answers a call; its docstring is the description."""

    def declare(function: TaskFunction) -> BuiltInTask:
        return BuiltInTask(app, name, tuple(incoming), tuple(outgoing), function, getdoc(function) or "")

    return declare


def returning(
    outgoing: str, name: str, incoming: Sequence[str], app: str = "WorkFlowEngine"
) -> Callable[[Callable[..., Any]], BuiltInTask]:
    """Declare a task by a function from its incoming values, in order, to its one outgoing value.

    A value that is missing comes as UNDEFINED. An UNDEFINED result finishes `failure`, anything else `success`.
    """

    def declare(function: Callable[..., Any]) -> BuiltInTask:
        def call_function(call: TaskCall) -> Outcome:
            return finish(outgoing, function(*(call.incoming.get(key, UNDEFINED) for key in incoming)))

        return BuiltInTask(app, name, tuple(incoming), (outgoing,), call_function, getdoc(function) or "")

    return declare


def finish(outgoing: str, value: object) -> Finish:
    """Success with one outgoing value; failure where the value is UNDEFINED, as for any task without a result."""
    if value is UNDEFINED:
        return Finish("failure")
    return Finish("success", {outgoing: number(value) if is_number(value) else value})
