"""Plays small graphs: tasks whose outcome stands in the document, and a clock that jumps."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from jobyard.models.engine.advance import apply
from jobyard.models.engine.budget import DEFAULT_BUDGET, Budget
from jobyard.models.engine.definition import Definition
from jobyard.models.engine.effects import pending_effects
from jobyard.models.engine.events import (
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
from jobyard.models.engine.graph import compile_graph
from jobyard.models.engine.outcomes import AskPerson, CallProvider, Finish, Outcome, Sleep, StartChildren, TaskCall
from jobyard.models.engine.rules import DEFAULT_RULES, Rules
from jobyard.models.engine.state import JobState, begin

JOB = "5d0c0b7a9c1e4f2ea6b3c41d"


def scripted(call: TaskCall) -> Outcome:
    """Outcomes by the task's name: a finish state, or what it waits for; `states` gives one per iteration."""
    incoming = call.incoming
    states = incoming.get("states")
    name = states[min(call.iteration, len(states)) - 1] if states else call.name
    if name == "sleep":
        return Finish("success") if call.waited else Sleep(incoming.get("milliseconds", 1000))
    if name == "person":
        return AskPerson()
    if name == "provider":
        return CallProvider()
    if name == "each":
        data = incoming["data_array"]
        return Finish("loop", {"current_item": data[call.element]}) if call.element < len(data) else Finish("success")
    if name == "children":
        return children(call)
    if name == "append":
        return Finish("success", writes={"seen": [*call.variables.get("seen", []), incoming.get("value")]})
    if name == "flaky":
        return Finish("error" if call.attempt <= incoming["failures"] else "success", error="not yet")
    return Finish(name, {"out": incoming.get("out", call.task_id)}, error="it broke" if name == "error" else None)  # type: ignore[arg-type]


def children(call: TaskCall) -> Outcome:
    """One child per item of `each`; success when one of them is complete."""
    if call.children is not None:
        statuses = [child["status"] for child in call.children]
        return Finish("success" if "complete" in statuses else "error", {"statuses": statuses}, error="none complete")
    each = call.incoming["each"]
    return StartChildren("child", tuple({"n": n} for n in each), call.incoming.get("sequential", False), looped=True)


def edges(*drawn: str) -> dict[str, dict[str, dict[str, str]]]:
    """`a>b` is a success edge; `a-failure>b`, `a-error>b`, `a-loop>b` the others; `a~success>b` a revert."""
    transitions: dict[str, dict[str, dict[str, str]]] = {"workflow_end": {}}
    for edge in drawn:
        source, _, target = edge.partition(">")
        kind = "revert" if "~" in source else "standard"
        source, _, state = source.replace("~", "-").partition("-")
        transitions.setdefault(named(source), {})[named(target)] = {"type": kind, "state": state or "success"}
    return transitions


def named(short: str) -> str:
    return {"start": "workflow_start", "end": "workflow_end"}.get(short, short)


def workflow(tasks: dict[str, Any], *drawn: str) -> dict[str, Any]:
    """`tasks` maps ids to a name, or to a whole task definition."""
    documents = {
        id: {
            "app": "WorkFlowEngine",
            "variables": {"incoming": {}},
            **({"name": task} if isinstance(task, str) else task),
        }
        for id, task in tasks.items()
    }
    return {
        "name": "a graph",
        "tasks": {"workflow_start": {}, **documents, "workflow_end": {}},
        "transitions": edges(*drawn),
    }


def no_transformations(
    at: int, transformation_id: str, incoming: dict[str, Any], options: dict[str, Any]
) -> dict[str, Any]:
    raise AssertionError(transformation_id)


@dataclass
class Play:
    """One job. `now` starts at 1000 and jumps to the next timer."""

    document: dict[str, Any]
    variables: dict[str, Any] = field(default_factory=dict[str, Any])
    function: Callable[[TaskCall], Outcome] = scripted
    now: int = 1000
    rules: Rules = DEFAULT_RULES
    budget: Budget = DEFAULT_BUDGET

    def __post_init__(self) -> None:
        graph = compile_graph(self.document)
        self.definition = Definition(
            graph, lambda id, definition: self.function, no_transformations, self.rules, self.budget
        )
        self.state: JobState = begin(graph, job_id=JOB, variables=self.variables, description=None, at=self.now)
        self.send(Resumed())

    def send(self, event: Event) -> bool:
        """`changes` is what the last event changed."""
        self.changes = apply(self.definition, self.state, event, self.now)
        return bool(self.changes)

    def answer(self, task_id: str, finish: Finish) -> bool:
        task = self.state.tasks[task_id]
        return self.send(Answered(task_id, task.iteration, task.attempt, finish))

    def child_ended(self, task_id: str, element: int, status: str = "complete", **variables: Any) -> bool:
        task = self.state.tasks[task_id]
        ended = ChildEnded(task_id, task.iteration, task.attempt, element, status, variables)  # type: ignore[arg-type]
        return self.send(ended)

    def pending_effects(self) -> dict[str, Any]:
        """With the start of each child as an effect of its own."""
        effects: dict[str, Any] = {}
        for key, effect in pending_effects(self.definition.graph, self.state).items():
            if isinstance(effect, PendingChildren):
                effects |= {f"{key}/{start.element}": start for start in effect}
            else:
                effects[key] = effect
        return effects

    def to_the_end(self) -> "Play":
        """Let timers pass, providers succeed and children complete until nothing happens by itself."""
        for effect in self._effects():
            match effect:
                case Timer():
                    self.now = max(self.now, effect.at)
                    self.send(Woken(effect.task_id, effect.iteration, effect.attempt))
                case ProviderCall():
                    self.answer(effect.task_id, Finish("success"))
                case ChildStart():
                    self.child_ended(effect.task_id, effect.element)
                case MoreToDo():
                    self.send(Resumed())
                case _:
                    raise AssertionError(effect)
        return self

    def _effects(self) -> Iterator[Any]:
        while self.state.status == "running" and (effects := self.pending_effects()):
            yield min(effects.values(), key=lambda effect: getattr(effect, "at", 0))

    def ran(self) -> dict[str, int]:
        """How often each task was started."""
        return {id: task.iteration for id, task in self.state.tasks.items() if task.iteration}

    def messages(self) -> list[tuple[str, Any]]:
        return [(entry["task"], entry["message"]) for entry in self.state.errors]
