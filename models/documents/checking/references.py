"""References to nothing: tasks that are not there, outputs that nobody declares, job variables that nothing sets."""

from collections.abc import Iterator

from ...engine.graph import END, START, Graph
from ...engine.references import ENGINE_APP, JOB, Reference
from ...json import JsonObject, object_at, text_at
from .findings import Finding
from .known import Known
from .order import Ways
from .values import reads_of, unread_references, writes_of

# Set by the server: the job's id, its starter, and the index of a looped child.
GIVEN = ("_id", "initiator", "childJobLoopIndex")

# The engine's tasks that take a job variable that is not there: as null, as absent, or as what equals nothing. Tasks of
# others are given null.
_MAY_BE_ABSENT = ("childJob", "deepmerge", "evaluation", "merge", "transformation")


def check_references(workflow: JsonObject, graph: Graph, ways: Ways, known: Known) -> Iterator[Finding]:
    variables = _Variables(workflow, graph)
    for id, task in graph.tasks.items():
        if id in graph.lost or id in (START, END):
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

    def __init__(self, workflow: JsonObject, graph: Graph) -> None:
        schema = object_at(workflow, "inputSchema")
        declared = object_at(schema, "properties")
        written = {name for task in graph.tasks.values() for name in writes_of(task)}
        self._closed = bool(declared) and not schema.get("additionalProperties")
        self._names = {*GIVEN, *declared, *written}

    def check(self, id: str, task: JsonObject, read: Reference) -> Iterator[Finding]:
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
    if read.owner in graph.lost:
        yield Finding("warning", id, name, f"It reads {reference}, which never runs")
        return
    if _outputs(source, known).isdisjoint((read.name, read.base)):
        built_in = (text_at(source, "app"), text_at(source, "name")) in known.tasks
        message = f"It reads {reference}, which declares no such output"
        yield Finding("error" if built_in else "warning", id, name, message)
    if not ways.comes_before(read.owner, id):
        yield Finding("warning", id, name, f"It reads {reference}, which does not come before it")


def _outputs(task: JsonObject, known: Known) -> set[str]:
    kind = text_at(task, "app"), text_at(task, "name")
    variables = object_at(task, "variables")
    outputs = {"error", *object_at(variables, "outgoing")}  # `error` is declared by none
    if kind in known.tasks:
        outputs.update(known.tasks[kind].outgoing)
    transformation = known.transformations.get(text_at(object_at(variables, "incoming"), "tr_id"))
    if transformation is not None:
        outputs.update(transformation.outgoing)
    return outputs
