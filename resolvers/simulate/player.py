"""Plays the jobs of a case: recorded answers and people's acts come at once, and time passes without waiting.

The child jobs of the case's job are played in place of their task.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ...models.engine.advance import apply
from ...models.engine.definition import Definition
from ...models.engine.effects import pending_effects
from ...models.engine.endings import child_end
from ...models.engine.events import (
    Answered,
    ChildEnded,
    ChildStart,
    Event,
    MoreToDo,
    PendingChildren,
    ProviderCall,
    Resumed,
    Timer,
    Woken,
)
from ...models.engine.graph import compile_graph
from ...models.engine.outcomes import Finish, Outcome, TaskCall, TaskFunction
from ...models.engine.references import job_variable_of
from ...models.engine.rules import Rules
from ...models.engine.state import JobState, begin
from ...models.errors import FormNotFound, VariablesInvalid, WorkflowIsDraft, WorkflowNotFound
from ...models.json import Json, JsonObject, array_at, is_array, is_object, object_at, text_at
from ...models.language.javascript.coercion import deeply_equal
from ...models.secrets.error_masking import error_mask
from ..providers import Providers
from ..providers.recorded import as_recorded, differing, recorded_for, stub
from ..providers.templates import schema_tasks, template_tasks
from ..runner.child_starts import refused_child
from ..tasks.forms import answer_faults, form_of
from ..templating.schema_checks import SchemaChecks
from ..templating.workers import TemplateWorkers
from ..workflows.definitions import function_of_task, transformer
from .cases import CaseDocuments
from .results import (
    INITIATOR,
    Coverage,
    Rounds,
    check_start,
    coverage_of,
    moment_of,
    shortened,
)

MOST_STEPS = 1_000_000
_CHILD_DEPTH = 20


@dataclass(frozen=True)
class PersonalAct:
    """What a person does; `outputs` become the task's, as those of a form do."""

    task_id: str
    finish_state: str
    outputs: JsonObject = field(default_factory=dict[str, Json])


async def _refuse(call: ProviderCall) -> Finish:
    """Also what a server does by itself, restCall for example."""
    return Finish(
        "error",
        error=f"{text_at(call.definition, 'app')}.{text_at(call.definition, 'name')} is not called in a rehearsal, "
        "which reaches nothing outside. Record its answer in `stubs` of the case, or let --stub-adapters answer it.",
    )


class CasePlayer:
    def __init__(
        self, case: JsonObject, rules: Rules, workers: TemplateWorkers, schemas: SchemaChecks, *, stub_adapters: bool
    ) -> None:
        self._rules = rules
        self._schemas = schemas
        self.began = self.now = moment_of(case)
        self.coverage: list[Coverage] = []
        self._seen: dict[str, Coverage] = {}  # by job
        self.differences: list[str] = []
        self.reached: set[str] = set()
        self.stubs = object_at(case, "stubs")
        self.manual = [
            PersonalAct(str(act[0]), str(act[1]), *(outputs for outputs in act[2:3] if is_object(outputs)))
            for act in array_at(case, "manual")
            if is_array(act)
        ]
        self._start = object_at(object_at(object_at(case, "start"), "options"), "variables")
        self._shows = object_at(object_at(case, "expect"), "manual_task_shows")
        self._shown: set[str] = set()
        self.stubbed: list[str] = []
        self._documents = CaseDocuments(case)
        # No restCall of our own: a rehearsal touches nothing outside.
        self._providers = Providers(
            {**template_tasks(self._documents.template, workers), **schema_tasks(schemas)},
            stub=self._stub if stub_adapters else _refuse,
        )
        self._workflows = {text_at(one, "name"): one for one in array_at(case, "workflows") if is_object(one)}
        self._transformations = {
            text_at(one, "_id"): one for one in array_at(case, "transformations") if is_object(one)
        }

    @property
    def elapsed(self) -> int:
        """The milliseconds since the start."""
        return self.now - self.began

    async def play(
        self,
        name: str,
        variables: JsonObject,
        description: str | None,
        job_id: str,
        depth: int = 0,
        *,
        looped: bool = False,
    ) -> JobState | None:
        """Play one job; its children are played in its stead, without recorded answers of their own.

        VariablesInvalid and WorkflowIsDraft for a start that a server refuses.
        """
        workflow = self._workflows.get(name)
        if workflow is None or depth > _CHILD_DEPTH:
            return None
        await check_start(self._schemas, self._rules, workflow, variables, looped=looped)
        graph = compile_graph(workflow)
        self.coverage.append(coverage_of(graph))
        rounds = Rounds(graph)
        self._seen[job_id] = self.coverage[-1]
        function = self._function if depth == 0 else function_of_task
        transform_at = transformer(self._transformations, job_id)
        mask = error_mask(lambda: {"decorators": array_at(workflow, "decorators")}, graph)
        definition = Definition(graph, function, transform_at, self._rules, mask=mask)
        told = {**variables, "_id": job_id, "initiator": INITIATOR}
        state = begin(graph, job_id=job_id, variables=told, description=description, at=self.now)
        self._apply(definition, state, Resumed())
        for _ in range(MOST_STEPS):
            if state.status != "running" or not await self._next(definition, state, depth):
                break
            if fault := rounds.fault(state):
                self.differences.append(fault)
                break
        return state

    def _apply(self, definition: Definition, state: JobState, event: Event) -> None:
        changes = apply(definition, state, event, self.now)
        self._seen[state.job_id].note(definition.graph, state, changes.task_changes)

    def waiting(self, workflow: str, state: JobState) -> list[str]:
        """The tasks of a job of this workflow that wait for a person."""
        tasks = object_at(self._workflows[workflow], "tasks")
        return [
            f"task {id} ({text_at(object_at(tasks, id), 'app')}.{text_at(object_at(tasks, id), 'name')})"
            for id, task in state.tasks.items()
            if task.waits_for == "person"
        ]

    async def _next(self, definition: Definition, state: JobState, depth: int) -> bool:
        """Let one thing happen; False when nothing can."""
        effects = pending_effects(definition.graph, state)
        timers: list[Timer] = []
        for effect in effects.values():
            match effect:
                case MoreToDo():
                    self._apply(definition, state, Resumed())
                    return True
                case ProviderCall():
                    await self._provide(definition, state, effect)
                    return True
                case PendingChildren():
                    return await self._play_child(definition, state, next(iter(effect)), depth)
                case Timer():
                    timers.append(effect)
        if await self._act(definition, state):
            return True
        if not timers:
            return False
        timer = min(timers, key=lambda timer: timer.at)
        self.now = max(self.now, timer.at)
        self._apply(definition, state, Woken(timer.task_id, timer.iteration, timer.attempt))
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
        self.differences += self._differences_shown(act.task_id, task.incoming)
        if act.outputs:
            self.differences += await self._answer_faults(definition.graph.tasks[act.task_id], task.incoming, act)
        finish = Finish("failure" if act.finish_state == "failure" else "success", act.outputs)
        self._apply(definition, state, Answered(act.task_id, task.iteration, task.attempt, finish))
        return True

    def _differences_shown(self, task_id: str, incoming: Mapping[str, object]) -> list[str]:
        self._shown.add(task_id)
        return [
            f"task {task_id} shows {key}: {shortened(incoming.get(key))}, not {shortened(expected)}"
            for key, expected in object_at(self._shows, task_id).items()
            if not deeply_equal(incoming.get(key), expected)
        ]

    def unshown(self, state: JobState) -> list[str]:
        """At the end: how what still waits for a person differs from what is to be shown, and what was never shown."""
        found: list[str] = []
        for id in [id for id in self._shows if id not in self._shown]:
            task = state.tasks.get(id)
            if task is not None and task.waits_for == "person":
                found += self._differences_shown(id, task.incoming)
            else:
                found.append(f"task {id} of `manual_task_shows` was never shown to anybody")
        return found

    async def _answer_faults(self, definition: JsonObject, incoming: JsonObject, act: PersonalAct) -> list[str]:
        """How an answer does not fit its form, if the task shows one and the case holds it."""
        try:
            form = await form_of(definition, incoming, self._documents.form)
        except FormNotFound:
            return []
        faults = [] if form is None else await answer_faults(self._schemas, form, act.outputs)
        return [f"the answer to task {act.task_id} does not fit its form: {fault}" for fault in faults]

    def _given(self, call: TaskCall, key: str) -> bool:
        """Whether the task got what the case's own start gives it; a recording may have replaced that input."""
        written = object_at(object_at(call.definition, "variables"), "incoming").get(key)
        name = job_variable_of(written) or (written if isinstance(written, str) else None)
        return name in self._start and deeply_equal(self._start[name], call.incoming.get(key))

    async def _provide(self, definition: Definition, state: JobState, call: ProviderCall) -> None:
        finish = await self._providers.perform(call)
        self._apply(definition, state, Answered(call.task_id, call.iteration, call.attempt, finish))

    async def _stub(self, call: ProviderCall) -> Finish:
        self.stubbed.append(f"{call.task_id} {text_at(call.definition, 'app')}.{text_at(call.definition, 'name')}")
        return await stub(call)

    async def _play_child(self, definition: Definition, state: JobState, start: ChildStart, depth: int) -> bool:
        looped = state.tasks[start.task_id].spawn
        try:
            child = await self.play(
                start.workflow,
                start.variables,
                None,
                start.child_id,
                depth + 1,
                looped=looped is not None and looped.looped,
            )
            refusal = None if child is not None else WorkflowNotFound(start.workflow)
        except (VariablesInvalid, WorkflowIsDraft) as refused:
            child, refusal = None, refused
        if child is None:
            error = Finish("error", error=refused_child(refusal or WorkflowNotFound(start.workflow)))
            self._apply(definition, state, Answered(start.task_id, start.iteration, start.attempt, error))
            return True
        status = child_end(child, self._rules)
        if status is None:
            people = self.waiting(start.workflow, child)
            why = f"waits for a person: {', '.join(people)}" if people else f"stopped: {shortened(child.errors)}"
            self.differences.append(f"child '{start.workflow}' of task {start.task_id} {why}")
            return False
        ended = ChildEnded(start.task_id, start.iteration, start.attempt, start.element, status, child.variables)
        self._apply(definition, state, ended)
        return True

    def _function(self, task_id: str, definition: JsonObject) -> TaskFunction:
        if task_id not in self.stubs:
            return function_of_task(task_id, definition)
        return self._recorded(task_id, object_at(self.stubs, task_id))

    def _recorded(self, task_id: str, recorded: JsonObject) -> Callable[[TaskCall], Outcome]:
        def answer(call: TaskCall) -> Outcome:
            self.reached.add(task_id)
            answered = recorded_for(recorded, call.iteration)
            if answered is None:
                self.differences.append(f"task {task_id} has no recorded answer for its iteration {call.iteration}")
                return Finish("error", error=f"Nothing is recorded for iteration {call.iteration}.")
            expected = object_at(answered, "expect_incoming")
            for key in differing(expected, call.incoming):
                if not self._given(call, key):
                    self.differences.append(
                        f"task {task_id} was called with {key}: "
                        f"{shortened(call.incoming.get(key))}, not {shortened(expected[key])}"
                    )
            return as_recorded(recorded, answered)

        return answer
