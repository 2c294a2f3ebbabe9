"""How a built-in task is declared: its names, what they mean, and the function that answers a call.

One declaration feeds everything that is said about a task: the engine, the query `taskCatalogue` and the page at
/help/tasks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import getdoc
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from ...models.engine.outcomes import Finish, Outcome, TaskCall, TaskFunction
from ...models.json import Json, is_number
from ...models.language.errors import LanguageError
from ...models.language.javascript.coercion import UNDEFINED, Undefined, number

TaskType = Literal["automatic", "operation", "manual"]
Location = Literal["Application", "Adapter", "Broker"]
Actor = Literal["Pronghorn", "job"]  # the system, or whoever started the job

Incoming: TypeAlias = Sequence[str] | Mapping[str, str]
"""The names in the order in which people see them, alone or each with its meaning ("" where there is none to tell)."""


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
    meanings: Mapping[str, str] = field(default_factory=dict[str, str])  # of incoming names: a type, what it is for
    type: TaskType = "automatic"
    location: Location = "Application"
    actor: Actor | None = "Pronghorn"  # where the document names none; a manual task's actor is a person
    more_outgoing: bool = False  # True: it has other outgoing values, which a document that it runs names


def built_in(
    name: str,
    incoming: Incoming,
    outgoing: Sequence[str],
    app: str = "WorkFlowEngine",
    *,
    type: TaskType = "automatic",
    location: Location = "Application",
    actor: Actor = "Pronghorn",
    more_outgoing: bool = False,
) -> Callable[[TaskFunction], BuiltInTask]:
    """Declare a task by the function that answers a call; its docstring is the description."""
    meanings: Mapping[str, str] = incoming if isinstance(incoming, Mapping) else dict.fromkeys(incoming, "")

    def declare(function: TaskFunction) -> BuiltInTask:
        return BuiltInTask(
            app=app,
            name=name,
            incoming=tuple(incoming),
            outgoing=tuple(outgoing),
            function=function,
            description=getdoc(function) or "",
            meanings=MappingProxyType({key: meaning for key, meaning in meanings.items() if meaning}),
            type=type,
            location=location,
            actor=None if type == "manual" else actor,
            more_outgoing=more_outgoing,
        )

    return declare


def returning(
    outgoing: str,
    name: str,
    incoming: Incoming,
    app: str = "WorkFlowEngine",
    *,
    type: TaskType = "automatic",
    location: Location = "Application",
    actor: Actor = "Pronghorn",
) -> Callable[[Callable[..., Any]], BuiltInTask]:
    """Declare a task by a function from its incoming values, in order, to its one outgoing value.

    A value that is missing comes as UNDEFINED. An UNDEFINED result finishes `failure`, anything else `success`.
    """

    def declare(function: Callable[..., Any]) -> BuiltInTask:
        def call_function(call: TaskCall) -> Outcome:
            return finish(outgoing, function(*(call.incoming.get(key, UNDEFINED) for key in incoming)))

        call_function.__doc__ = getdoc(function)
        task = built_in(name, incoming, (outgoing,), app, type=type, location=location, actor=actor)
        return task(call_function)

    return declare


def finish(outgoing: str, value: Json | Undefined) -> Finish:
    """Success with one outgoing value; failure where the value is UNDEFINED, as for any task without a result."""
    if value is UNDEFINED:
        return Finish("failure")
    return Finish("success", {outgoing: number(value) if is_number(value) else value})
