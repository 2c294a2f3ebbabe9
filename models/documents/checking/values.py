"""Which values the tasks of a workflow read, and which job variables they write."""

from collections.abc import Iterator

from ...engine.references import (
    ENGINE_APP,
    JOB,
    NESTED,
    VARIABLE,
    Reference,
    is_reference,
    job_variable_of,
    references_of,
)
from ...json import Json, JsonObject, is_array, is_object, object_at, text_at

MOST_VALUES_SEARCHED = 100_000  # of one task's incoming values, for references that are none

# (application, task) -> the incoming value that names a job variable which the task writes.
_WRITERS = {
    (ENGINE_APP, "newVariable"): "name",
    (ENGINE_APP, "push"): "job_variable",
    ("MOP", "reattempt"): "attemptID",
}
_READERS = {(ENGINE_APP, "pop"): "job_variable", (ENGINE_APP, "shift"): "job_variable"}


def reads_of(task: JsonObject) -> Iterator[Reference]:
    """What the task reads: by the references that the engine follows, and by the name of a job variable."""
    yield from references_of(task)
    kind = text_at(task, "app"), text_at(task, "name")
    incoming = object_at(object_at(task, "variables"), "incoming")
    if kind in _READERS and (name := text_at(incoming, _READERS[kind])) and not is_reference(name):
        yield Reference(JOB, name)


def writes_of(task: JsonObject) -> Iterator[str | None]:
    """The job variables that a task sets; None is one whose name the job alone will tell."""
    kind = text_at(task, "app"), text_at(task, "name")
    variables = object_at(task, "variables")
    for value in (*object_at(variables, "outgoing").values(), variables.get("error")):
        if (variable := job_variable_of(value)) is not None:
            yield variable
    if kind in _WRITERS and (name := text_at(object_at(variables, "incoming"), _WRITERS[kind])):
        yield None if is_reference(name) else name


def unread_references(task: JsonObject) -> Iterator[str]:
    """The incoming values in which a `$var` stands where nothing is put in its place: in other text, or too deep."""
    name = text_at(task, "name")
    for key, value in object_at(object_at(task, "variables"), "incoming").items():
        nested = (name, key) in NESTED and is_object(value)
        if any(map(_holds_reference, value.values() if nested else (value,))):
            yield key


def _holds_reference(value: Json) -> bool:
    if isinstance(value, str):
        return VARIABLE in value and not is_reference(value)
    waiting: list[Json] = [value]
    for _ in range(MOST_VALUES_SEARCHED):
        if not waiting:
            break
        inner = waiting.pop()
        if is_reference(inner):
            return True
        if is_object(inner):
            waiting.extend(inner.values())
        elif is_array(inner):
            waiting.extend(inner)
    return False
