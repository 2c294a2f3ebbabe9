"""References to nothing: tasks that are not there, outputs that nobody declares, job variables that nothing sets."""

from collections.abc import Iterator, Mapping

from ..engine.graph import END, START, Graph
from ..engine.references import (
    ENGINE_APP,
    JOB,
    NESTED,
    VARIABLE,
    Reference,
    is_reference,
    job_variable_of,
    references_of,
)
from ..json import Json, JsonObject, is_array, is_object, object_at, text_at
from .known import Finding, Known
from .order import Ways

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


def writes_of(task: Mapping[str, object]) -> Iterator[str | None]:
    """The job variables that a task sets; None is one whose name the job alone will tell."""
    kind = text_at(task, "app"), text_at(task, "name")
    variables = object_at(task, "variables")
    for value in (*object_at(variables, "outgoing").values(), variables.get("error")):
        if (variable := job_variable_of(value)) is not None:
            yield variable
    if kind in _WRITERS and (name := text_at(object_at(variables, "incoming"), _WRITERS[kind])):
        yield None if is_reference(name) else name


def unread_references(task: Mapping[str, object]) -> Iterator[str]:
    """The incoming values in which a `$var` stands where nothing is put in its place: in other text, or too deep."""
    name = text_at(task, "name")
    for key, value in object_at(object_at(task, "variables"), "incoming").items():
        inside = value.values() if key == NESTED.get(name) and is_object(value) else (value,)
        if any(map(_holds_reference, inside)):
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


# Set by the server: the job's id, its starter, and the index of a looped child.
GIVEN = ("_id", "initiator", "childJobLoopIndex")

# The engine's tasks that take a job variable that is not there: as null, as absent, or as what equals nothing. Tasks of
# others are given null.
_MAY_BE_ABSENT = ("childJob", "deepmerge", "evaluation", "merge", "transformation")


def check_references(workflow: Mapping[str, object], graph: Graph, ways: Ways, known: Known) -> Iterator[Finding]:
    variables = _Variables(workflow, graph)
    for id, task in graph.tasks.items():
        if id in graph.unreachable or id in (START, END):
            continue
        name = text_at(task, "name")
        # Once for a value, of which several parts may be read.
        yield from dict.fromkeys(
            finding
            for read in dict.fromkeys(reads_of(task))
            for finding in (
                variables.check(id, task, read)
                if read.owner == JOB
                else _check_output(id, name, read, graph, ways, known)
            )
        )
        for key in unread_references(task):
            message = f"In '{key}' a '$var' is not a whole value or stands too deep: it stays the text that it is"
            yield Finding("warning", id, name, message)


class _Variables:
    """The job variables of a workflow. A schema without properties lets a start give any."""

    def __init__(self, workflow: Mapping[str, object], graph: Graph) -> None:
        schema = object_at(workflow, "inputSchema")
        declared = object_at(schema, "properties")
        written = {name for task in graph.tasks.values() for name in writes_of(task)}
        self._closed = bool(declared) and not schema.get("additionalProperties")
        self._names = {*GIVEN, *declared, *written}

    def check(self, id: str, task: Mapping[str, object], read: Reference) -> Iterator[Finding]:
        name, variable = text_at(task, "name"), read.base
        if not self._names.isdisjoint((read.name, variable, None)):
            return
        if self._closed:
            message = f"Job variable '{variable}' is set by no task, and the input schema does not declare it"
            needed = text_at(task, "app") == ENGINE_APP and name not in _MAY_BE_ABSENT
            yield Finding("error" if needed else "warning", id, name, message)
        else:
            message = f"Job variable '{variable}' is set by no task: only a start can give it"
            yield Finding("warning", id, name, message)


def _check_output(id: str, name: str, read: Reference, graph: Graph, ways: Ways, known: Known) -> Iterator[Finding]:
    reference = f"'{read.base}' of task {read.owner}"
    source = graph.tasks.get(read.owner)
    if source is None or read.owner in (START, END):
        yield Finding("error", id, name, f"It reads {reference}, and there is no such task")
        return
    if read.owner in graph.unreachable:
        yield Finding("warning", id, name, f"It reads {reference}, which never runs")
        return
    if _outputs(source, known).isdisjoint((read.name, read.base)):
        built_in = (text_at(source, "app"), text_at(source, "name")) in known.tasks
        message = f"It reads {reference}, which declares no such output"
        yield Finding("error" if built_in else "warning", id, name, message)
    if not ways.comes_before(read.owner, id):
        yield Finding("warning", id, name, f"It reads {reference}, which does not come before it")


def _outputs(task: Mapping[str, object], known: Known) -> set[str]:
    kind = text_at(task, "app"), text_at(task, "name")
    variables = object_at(task, "variables")
    outputs = {"error", *object_at(variables, "outgoing")}  # `error` is declared by none
    if kind in known.tasks:
        outputs.update(known.tasks[kind].outgoing)
    transformation = known.transformations.get(text_at(object_at(variables, "incoming"), "tr_id"))
    if transformation is not None:
        outputs.update(transformation.outgoing)
    return outputs
