"""Calls of tasks: the incoming values of a call, and the outputs and variables of a finish."""

from functools import partial

from ..json import Json, JsonObject, object_at, text_at
from ..language.errors import LanguageError
from ..language.javascript.coercion import UNDEFINED
from .definition import Definition
from .outcomes import Finish, Outcome, StartChildren, TaskCall
from .references import Scope, job_variable_of, resolve_child_variables, resolve_incoming
from .sizes import LARGEST_ERROR, Sizes
from .state import JobState, TaskState


def call(definition: Definition, state: JobState, sizes: Sizes, task_id: str, at: int, *, waited: bool) -> Outcome:
    """Call the task in its current attempt. An exception becomes the task's error."""
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
    task_call = TaskCall(
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
    outcome = definition.function(task_id, written)(task_call)
    if isinstance(outcome, StartChildren):
        sizes.check(list(outcome.variables), "What the child jobs are given")
    return outcome


def outputs(finish: Finish) -> JsonObject:
    """The outgoing values without undefined ones, which are not stored (reference/execution.md#outgoing-values)."""
    return {key: value for key, value in finish.outgoing.items() if value is not UNDEFINED}


def error_of(finish: Finish) -> Json:
    """The error of a task that ended in error; without a message it is the empty text, as documented."""
    if finish.state != "error":
        return None
    return "" if finish.error is None or finish.error is UNDEFINED else finish.error


def written_variables(definition: JsonObject, finish: Finish) -> JsonObject:
    """The job variables that a finish sets: its `writes`, and those that the author named (only `$var.job.` occurs)."""
    variables = object_at(definition, "variables")
    written = dict(finish.writes)
    if finish.mapped:
        for name, target in object_at(variables, "outgoing").items():
            value = finish.outgoing.get(name, UNDEFINED)
            if value is not UNDEFINED and (variable := job_variable_of(target)) is not None:
                written[variable] = value
    if finish.state == "error" and (variable := job_variable_of(variables.get("error"))) is not None:
        written[variable] = error_of(finish)
    return written


def weights(sizes: Sizes, task_id: str, outgoing: JsonObject, written: JsonObject, error: Json) -> dict[str, int]:
    """The sizes of the values that a finish stores in the job; a LanguageError for a value that is too large."""
    sizes.check(error, "The task's error", LARGEST_ERROR)
    parts = {task_id: sizes.check(outgoing, "What the task gives")}
    for name, value in written.items():
        parts[f"job.{name}"] = sizes.check(value, f"The job variable '{name[:80]}'")
    return parts
