"""What each task needs here: somebody who does it, names that fit, the documents that it names."""

from collections.abc import Iterator, Mapping

from ..documents.unfollowed import unfollowed
from ..documents.warnings import FORM_NAMES
from ..engine.definition import is_manual
from ..engine.graph import END, START, Graph
from ..engine.references import ENGINE_APP, is_reference, job_variable_of
from ..json import Json, array_at, is_object, object_at, text_at
from ..language.errors import LanguageError
from ..language.query.syntax import tokens_of
from .known import TEMPLATE_NAMES, Finding, Known, Severity, TransformationNames, listed

OPERATORS = ("==", "!=", "<", ">", "<=", ">=", "contains", "!contains")
LOOP_TYPES = ("", "parallel", "sequential")
# The compiler gives it to some of the engine's tasks (reference/execution.md#kinds-of-task).
_INJECTED = ("job_id",)
_NAMES_OF_VARIABLES = {"newVariable": "name", "push": "job_variable", "pop": "job_variable", "shift": "job_variable"}


def check_tasks(workflow: Mapping[str, object], graph: Graph, known: Known) -> Iterator[Finding]:
    name = text_at(workflow, "name")
    for id, task in object_at(workflow, "tasks").items():
        if not is_object(task):
            yield Finding("error", id, "", "It is no object: it is left out")
    strangers: dict[str, list[str]] = {}  # application -> the tasks of it that nobody does here
    for id, task in graph.tasks.items():
        if id in graph.unreachable or id in (START, END):
            continue
        kind = text_at(task, "app"), text_at(task, "name")
        if not kind[0] or not kind[1]:
            missing = "app" if kind[1] else "name"
            yield Finding("error", id, kind[1], f"It has no `{missing}`: nobody can tell what to do")
        elif kind in known.tasks:
            yield from _Task(id, task, known, name).findings()
        elif not is_manual(task) and not known.offers(text_at(task, "location"), *kind):
            strangers.setdefault(kind[0], []).append(id)
        if is_manual(task) and not text_at(task, "view"):
            yield Finding("warning", id, kind[1], "A manual task without a view: a front end may not show it")
        yield from _stored_document(id, kind, task, known)
    for app, ids in strangers.items():
        names = listed(f"{text_at(graph.tasks[id], 'name')} ({id})" for id in ids)
        message = f"No provider here for {app}: {names} will end in error"
        yield Finding("warning", ids[0], text_at(graph.tasks[ids[0]], "name"), message)
    errors = array_at(workflow, "errors")
    if errors:
        yield Finding("error", None, name, f"It was saved with {len(errors)} validation error(s): no start is allowed")
    if workflow.get("errorHandler"):
        yield Finding("warning", None, name, "Its errorHandler is ignored")
    for task_id, its_name, message in unfollowed(workflow, graph):
        yield Finding("warning", task_id, its_name, message)


def _stored_document(id: str, kind: tuple[str, str], task: Mapping[str, object], known: Known) -> Iterator[Finding]:
    incoming = object_at(object_at(task, "variables"), "incoming")
    for names, stored, what in ((TEMPLATE_NAMES, known.templates, "template"), (FORM_NAMES, known.forms, "form")):
        named = text_at(incoming, names.get(kind, ""))
        if named and not is_reference(named) and named not in stored:
            yield Finding("warning", id, kind[1], f"There is no {what} '{named}' here")


class _Task:
    """A built-in task, its names and what is peculiar to it."""

    def __init__(self, id: str, task: Mapping[str, object], known: Known, workflow: str) -> None:
        self.id = id
        self.workflow = workflow
        self.name = text_at(task, "name")
        self.known = known
        self.app = text_at(task, "app")
        variables = object_at(task, "variables")
        self.incoming = object_at(variables, "incoming")
        self.outgoing = object_at(variables, "outgoing")

    def found(self, severity: Severity, message: str) -> Finding:
        return Finding(severity, self.id, self.name, message)

    def findings(self) -> Iterator[Finding]:
        model = self.known.tasks[self.app, self.name]
        yield from self._unmatched("input", self.incoming, (*model.incoming, *_INJECTED))
        for key, value in self.outgoing.items():
            if value not in (None, "") and job_variable_of(value) is None:
                yield self.found("warning", f"Outgoing '{key}' goes nowhere: it must be empty or $var.job.NAME")
        if (self.app, self.name) == (ENGINE_APP, "transformation"):
            yield from self._transformation()
            return
        yield from self._unmatched("output", self.outgoing, model.outgoing)
        if self.app != ENGINE_APP:
            return
        if self.name in _NAMES_OF_VARIABLES and self.incoming.get(_NAMES_OF_VARIABLES[self.name]) in (None, ""):
            yield self.found("error", f"'{_NAMES_OF_VARIABLES[self.name]}' must name a job variable")
        elif self.name == "query":
            yield from self._query(self.incoming.get("query"))
        elif self.name == "evaluation":
            yield from self._evaluation()
        elif self.name == "childJob":
            yield from self._child_job()

    def _unmatched(self, what: str, names: Mapping[str, object], model: tuple[str, ...]) -> Iterator[Finding]:
        for name in names:
            if name not in model:
                yield self.found("warning", f'Cannot find match for {what}: "{name}" from model')

    def _named(self, id: str) -> Iterator[Finding | TransformationNames]:
        if id not in self.known.transformations:
            yield self.found("error", f"There is no transformation '{id}' here")
            return
        transformation = self.known.transformations[id]
        if transformation.fault is not None:
            yield self.found("error", f"The transformation '{transformation.name}' cannot run: {transformation.fault}")
        if transformation.unknown_methods:
            methods = listed(transformation.unknown_methods)
            yield self.found("warning", f"The transformation '{transformation.name}' uses unknown methods: {methods}")
        yield transformation

    def _transformation(self) -> Iterator[Finding]:
        id, given = self.incoming.get("tr_id"), self.incoming.get("variableMap")
        if id in (None, ""):
            yield self.found("error", "'tr_id' names no transformation")
        if not isinstance(id, str) or id == "" or is_reference(id):
            return
        for one in self._named(id):
            if isinstance(one, Finding):
                yield one
            elif one.fault is None:
                yield from self._unmatched("output", self.outgoing, one.outgoing)
                if is_object(given):
                    yield from self._unmatched("input", given, one.incoming)
                    yield from self._missing(one, given)

    def _missing(self, transformation: TransformationNames, given: Mapping[str, object]) -> Iterator[Finding]:
        options = object_at(self.incoming, "options")
        missing = transformation.missing(given.keys(), defaults=options.get("revertToDefaultValue") is not False)
        if missing and options.get("validateIncoming") is True:
            yield self.found("error", f"Missing one of the following required instances: {', '.join(missing)}")

    def _query(self, expression: Json) -> Iterator[Finding]:
        if isinstance(expression, str) and not is_reference(expression):
            try:
                tokens_of(expression)
            except LanguageError as refusal:
                yield self.found("error", f"The query cannot be read: {refusal}")

    def _evaluation(self) -> Iterator[Finding]:
        groups = self.incoming.get("evaluation_groups")
        if is_reference(groups):
            return
        evaluations = [
            one
            for group in array_at(self.incoming, "evaluation_groups")
            for one in (array_at(group, "evaluations") if is_object(group) else ())
            if is_object(one)
        ]
        if not evaluations:
            yield self.found("error", "It compares nothing: `evaluation_groups` holds no evaluation")
        for one in evaluations:
            if one.get("operator") not in OPERATORS:
                yield self.found("warning", f"The operator {one.get('operator')!r} is unknown: it is never true")
            yield from self._query(one.get("query"))
            yield from self._query(one.get("rightQuery"))

    def _child_job(self) -> Iterator[Finding]:
        workflow, loop_type = self.incoming.get("workflow"), self.incoming.get("loopType") or ""
        if workflow in (None, ""):
            yield self.found("error", "Error starting child job: no workflow is named")
        elif isinstance(workflow, str) and not is_reference(workflow) and workflow not in self.known.workflows:
            yield self.found("warning", f"Cannot find workflow {workflow} here")
        if isinstance(workflow, str) and self.known.starts_itself(self.workflow, workflow):
            again = (
                "this workflow again" if workflow == self.workflow else f"{workflow}, which leads back to this workflow"
            )
            yield self.found(
                "warning", f"It starts {again}: unless a condition ends that, until there may be no more jobs"
            )
        if loop_type not in LOOP_TYPES and not is_reference(loop_type):
            yield self.found("error", f"'loopType' must be empty, parallel or sequential, not {loop_type!r}")
        if loop_type in ("parallel", "sequential"):
            if self.incoming.get("data_array") in (None, ""):
                yield self.found("error", "It loops over nothing: 'data_array' is empty")
            id = text_at(self.incoming, "transformation")
            if id and not is_reference(id):
                yield from (one for one in self._named(id) if isinstance(one, Finding))
