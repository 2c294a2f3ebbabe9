"""Rehearsing a workflow in process: recorded answers stand in for its devices, and time passes at once.

A case is a JSON object: the documents to import, the body of a start, the recorded answers by task id, what people do,
and what must hold at the end. The engine and the built-in tasks are those of the server.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from ..models.engine.advance import apply
from ..models.engine.definition import Definition
from ..models.engine.due import due
from ..models.engine.endings import child_end
from ..models.engine.events import Answered, ChildEnded, ChildStart, MoreToDo, ProviderCall, Resumed, Timer, Woken
from ..models.engine.graph import compile_graph
from ..models.engine.outcomes import Finish, Outcome, TaskCall, TaskFunction
from ..models.engine.rules import RuleRefused, Rules, with_rules
from ..models.engine.state import JobState, begin
from ..models.errors import FormNotFound
from ..models.json import Json, JsonObject, array_at, is_object, object_at, text_at
from ..models.language.errors import LanguageError
from ..models.language.javascript import deeply_equal
from ..models.language.query import query
from ..models.language.transformation import bare_output, transform
from .case_documents import CaseDocuments
from .definitions import function_of_task, transforming
from .expectations import differences, nearly_equal, shortened
from .forms import answer_faults, form_of
from .providers import Providers
from .providers.recorded import as_recorded, differing
from .providers.stub import stub
from .providers.templates import template_tasks
from .templating.workers import TemplateWorkers, open_workers

MOST_STEPS = 1_000_000
_CHILD_DEPTH = 20


@dataclass
class Rehearsal:
    """`differences` says where the run is not what the case expects; none means the case passes."""

    id: str
    status: str
    tasks: int
    milliseconds: int
    differences: list[str] = field(default_factory=list[str])
    errors: list[JsonObject] = field(default_factory=list[JsonObject])
    stubbed: list[str] = field(default_factory=list[str])  # the tasks that a stub answered, as "id app.name"


async def rehearse(document: JsonObject, *, stub_adapters: bool = False) -> Rehearsal:
    """Run the case's start to its end, or to where nothing can happen any more.

    A workflow alone is a case as well, started without variables. A case that expects nothing expects to be complete.
    With `stub_adapters`, here or in the case, tasks that are neither built in nor recorded get a stub's answer.
    """
    case = _case_of(document)
    start = object_at(case, "start")
    options = object_at(start, "options")
    try:
        rules = with_rules(object_at(case, "rules"))
    except RuleRefused as refusal:
        return Rehearsal(text_at(case, "id"), "not started", 0, 0, [str(refusal)])
    name = text_at(start, "workflow")
    id = text_at(case, "id") or name
    async with open_workers() as workers:
        stage = _Stage(case, rules, workers, stub_adapters=stub_adapters or case.get("stub_adapters") is True)
        state = await stage.play(name, object_at(options, "variables"), options.get("description"), "0" * 24)
    if state is None:
        return Rehearsal(id, "not started", 0, 0, [f"the case holds no workflow '{name}'"])
    expected = object_at(case, "expect") or {"status": "complete"}
    found = [*stage.differences, *differences(expected, state, stage.now)]
    unreached = [id for id in stage.stubs if id not in stage.reached]
    if unreached:
        found.append(f"recorded answers that were never asked for: {', '.join(unreached)}")
    if stage.manual:
        found.append(f"people were never asked: {', '.join(act.task_id for act in stage.manual)}")
    ran = sum(task.iteration > 0 for task in state.tasks.values())
    return Rehearsal(id, state.status, ran, stage.now, found, state.errors, stage.stubbed)


def _case_of(document: JsonObject) -> JsonObject:
    if "start" in document or "tasks" not in document:
        return document
    return {"workflows": [document], "start": {"workflow": text_at(document, "name")}}


@dataclass(frozen=True)
class _Act:
    """What a person does; `outputs` become the task's, as those of a form do."""

    task_id: str
    finish_state: str
    outputs: JsonObject = field(default_factory=dict[str, Json])


class _Stage:
    def __init__(self, case: JsonObject, rules: Rules, workers: TemplateWorkers, *, stub_adapters: bool) -> None:
        self._rules = rules
        self.now = 0
        self.differences: list[str] = []
        self.reached: set[str] = set()
        self.stubs = object_at(case, "stubs")
        self.manual = [_Act(*act) for act in array_at(case, "manual")]
        self._start = object_at(object_at(object_at(case, "start"), "options"), "variables")
        self._shows = object_at(object_at(case, "expect"), "manual_task_shows")
        self.stubbed: list[str] = []
        self._documents = CaseDocuments(case)
        # No restCall of our own: a rehearsal touches nothing outside.
        self._providers = Providers(
            template_tasks(self._documents.template, workers), stub=self._stub if stub_adapters else None
        )
        self._workflows = {text_at(one, "name"): one for one in array_at(case, "workflows") if is_object(one)}
        self._transformations = {
            text_at(one, "_id"): one for one in array_at(case, "transformations") if is_object(one)
        }

    async def play(
        self, name: str, variables: JsonObject, description: str | None, job_id: str, depth: int = 0
    ) -> JobState | None:
        """Play one job; its children are played in its stead, without recorded answers of their own."""
        workflow = self._workflows.get(name)
        if workflow is None or depth > _CHILD_DEPTH:
            return None
        graph = compile_graph(workflow)
        function = self._function if depth == 0 else function_of_task
        definition = Definition(graph, function, transforming(self._transformations, job_id), self._rules)
        told = {**variables, "_id": job_id, "initiator": "rehearsal"}
        state = begin(graph, job_id=job_id, variables=told, description=description, at=self.now)
        apply(definition, state, Resumed(), self.now)
        for _ in range(MOST_STEPS):
            if state.status != "running" or not await self._next(definition, state, depth):
                break
        return state

    async def _next(self, definition: Definition, state: JobState, depth: int) -> bool:
        """Let one thing happen; False when nothing can."""
        effects = due(definition.graph, state)
        timers: list[Timer] = []
        for effect in effects.values():
            match effect:
                case MoreToDo():
                    apply(definition, state, Resumed(), self.now)
                    return True
                case ProviderCall():
                    await self._provide(definition, state, effect)
                    return True
                case ChildStart():
                    return await self._play_child(definition, state, effect, depth)
                case Timer():
                    timers.append(effect)
        if await self._act(definition, state):
            return True
        if not timers:
            return False
        timer = min(timers, key=lambda timer: timer.at)
        self.now = max(self.now, timer.at)
        apply(definition, state, Woken(timer.task_id, timer.iteration, timer.attempt), self.now)
        return True

    async def _act(self, definition: Definition, state: JobState) -> bool:
        """Do what the next person on the list does, if the job waits for that."""
        if not self.manual:
            return False
        act = self.manual[0]
        task = state.tasks.get(act.task_id)
        if task is None or task.waits_for != "person":
            return False
        self.manual.pop(0)
        for key, expected in object_at(self._shows, act.task_id).items():
            if not deeply_equal(task.incoming.get(key), expected):
                self.differences.append(
                    f"task {act.task_id} shows {key}: {shortened(task.incoming.get(key))}, not {shortened(expected)}"
                )
        if act.outputs:
            self.differences += await self._answer_faults(definition.graph.tasks[act.task_id], task.incoming, act)
        finish = Finish("failure" if act.finish_state == "failure" else "success", act.outputs)
        apply(definition, state, Answered(act.task_id, task.iteration, task.attempt, finish), self.now)
        return True

    async def _answer_faults(self, definition: JsonObject, incoming: JsonObject, act: _Act) -> list[str]:
        """How an answer does not fit its form, if the task shows one and the case holds it."""
        try:
            form = await form_of(definition, incoming, self._documents.form)
        except FormNotFound:
            return []
        faults = [] if form is None else answer_faults(form, act.outputs)
        return [f"the answer to task {act.task_id} does not fit its form: {fault}" for fault in faults]

    def _given(self, call: TaskCall, key: str) -> bool:
        """Whether the task got what the case's own start gives it; a recording may have replaced that input."""
        written = object_at(object_at(call.definition, "variables"), "incoming").get(key)
        name = written.removeprefix("$var.job.") if isinstance(written, str) else None
        return name in self._start and deeply_equal(self._start[name], call.incoming.get(key))

    async def _provide(self, definition: Definition, state: JobState, call: ProviderCall) -> None:
        finish = await self._providers.perform(call)
        apply(definition, state, Answered(call.task_id, call.iteration, call.attempt, finish), self.now)

    async def _stub(self, call: ProviderCall) -> Finish:
        self.stubbed.append(f"{call.task_id} {text_at(call.definition, 'app')}.{text_at(call.definition, 'name')}")
        return await stub(call)

    async def _play_child(self, definition: Definition, state: JobState, start: ChildStart, depth: int) -> bool:
        child = await self.play(start.workflow, start.variables, None, start.child_id, depth + 1)
        if child is None:
            error = Finish("error", error=f"Error starting child job: Cannot find workflow {start.workflow}")
            apply(definition, state, Answered(start.task_id, start.iteration, start.attempt, error), self.now)
            return True
        status = child_end(child, self._rules)
        if status is None:
            self.differences.append(
                f"child '{start.workflow}' of task {start.task_id} stopped: {shortened(child.errors)}"
            )
            return False
        ended = ChildEnded(start.task_id, start.iteration, start.attempt, start.element, status, child.variables)
        apply(definition, state, ended, self.now)
        return True

    def _function(self, task_id: str, definition: JsonObject) -> TaskFunction:
        if task_id not in self.stubs:
            return function_of_task(task_id, definition)
        return self._recorded(task_id, object_at(self.stubs, task_id))

    def _recorded(self, task_id: str, recorded: JsonObject) -> Callable[[TaskCall], Outcome]:
        def answer(call: TaskCall) -> Outcome:
            self.reached.add(task_id)
            expected = object_at(recorded, "expect_incoming")
            for key in differing(expected, call.incoming):
                if not self._given(call, key):
                    self.differences.append(
                        f"task {task_id} was called with {key}: "
                        f"{shortened(call.incoming.get(key))}, not {shortened(expected[key])}"
                    )
            return as_recorded(recorded)

        return answer


def rehearse_transformation(case: JsonObject) -> list[str]:
    """Run a transformation alone; how what it answers differs from what the case expects."""
    document = object_at(case, "document")
    try:
        outputs = transform(document, object_at(case, "incoming"), object_at(case, "options"), query=query)
    except LanguageError as refusal:
        return [f"it ends in error: {refusal}"]
    got, expected = bare_output(document, outputs), case.get("expectedOutput")
    return [] if nearly_equal(got, expected) else [f"it answers {shortened(got)}, not {shortened(expected)}"]
