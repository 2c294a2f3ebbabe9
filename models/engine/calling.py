"""Calling a task: what it is told, and what an attempt that breaks answers."""

from functools import partial

from ..json import JsonObject, text_at
from ..language.errors import LanguageError
from .definition import Definition
from .outcomes import Finish, Outcome, StartChildren, TaskCall
from .references import Scope, resolve_child_variables, resolve_incoming
from .sizes import Sizes
from .state import JobState, TaskState


def call(definition: Definition, state: JobState, sizes: Sizes, task_id: str, at: int, *, waited: bool) -> Outcome:
    """Call the task in the attempt that its state names. Whatever goes wrong inside is the task's error."""
    task, written = state.tasks[task_id], definition.graph.tasks[task_id]
    try:
        return _outcome(definition, state, sizes, task_id, task, written, at, waited)
    except LanguageError as refusal:
        return Finish("error", error=refusal.message)
    except Exception as fault:  # the edge of a task attempt
        return Finish("error", error=f"{text_at(written, 'name')} failed: {type(fault).__name__}: {fault}")


def _outcome(
    definition: Definition,
    state: JobState,
    sizes: Sizes,
    task_id: str,
    task: TaskState,
    written: JsonObject,
    at: int,
    waited: bool,
) -> Outcome:
    app, name = text_at(written, "app"), text_at(written, "name")
    scope = Scope(state, app)
    if not waited and task.spawn is None:
        task.incoming = {}
        incoming = resolve_incoming(task_id, written, scope, definition.rules)
        sizes.check(incoming, "What the task is given")
        task.incoming = incoming
    spawn = task.spawn
    told = TaskCall(
        job_id=state.job_id,
        task_id=task_id,
        app=app,
        name=name,
        iteration=task.iteration,
        attempt=task.attempt,
        incoming=task.incoming,
        definition=written,
        variables=state.variables,
        at=at,
        element=task.element,
        waited=waited,
        children=tuple(task.ended[index] for index in range(len(spawn.variables))) if spawn else None,
        resolved_variables=resolve_child_variables(task.incoming, scope)
        if name == "childJob" and spawn is None
        else {},
        transform=partial(definition.transform, at),
        rules=definition.rules,
    )
    outcome = definition.function(task_id, written)(told)
    if isinstance(outcome, StartChildren):
        sizes.check(list(outcome.variables), "What the child jobs are given")
    return outcome
