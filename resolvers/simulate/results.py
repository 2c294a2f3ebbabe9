"""Results of a rehearsal: differences from what its case expects, coverage, and what ends it before its time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isclose

from ...models.documents.moments import milliseconds
from ...models.documents.new_job import offered_variables, schema_of
from ...models.engine.changes import TaskChange
from ...models.engine.graph import END, START, Graph
from ...models.engine.rules import Rules
from ...models.engine.state import JobState
from ...models.errors import Fault, VariablesInvalid, WorkflowIsDraft
from ...models.json import Json, JsonObject, array_at, is_array, is_number, is_object, object_at, text_at
from ...models.language.javascript.coercion import UNDEFINED, deeply_equal
from ...models.language.query.query import query
from ...models.secrets.error_masking import masked_faults
from ..clock import wall_clock
from ..templating.schema_checks import SchemaChecks


def differences(expected: Mapping[str, object], state: JobState, now: int) -> list[str]:
    """`now` is how long the job took, in milliseconds."""
    found: list[str] = []
    if "status" in expected and state.status != expected["status"]:
        found.append(f"status is {state.status}, not {expected['status']}")
    ignored = {str(name) for name in array_at(expected, "ignore_variables")}
    variables = {name: value for name, value in state.variables.items() if name not in ignored}
    if "variables_exactly" in expected:
        exact = object_at(expected, "variables_exactly")
        found += [f"variable {name} is not expected" for name in variables if name not in exact]
        found += _variables(exact, variables)
    found += _variables(object_at(expected, "variables_contain"), variables)
    for expression, value in object_at(expected, "check").items():
        got = query(expression, state.variables)
        if not deeply_equal(None if got is UNDEFINED else got, value):
            found.append(f"{expression} is {shortened(got)}, not {shortened(value)}")
    job = {"description": state.description, "status": state.status}
    for name, value in object_at(expected, "job").items():
        if not deeply_equal(job.get(name), value):
            found.append(f"the job's {name} is {shortened(job.get(name))}, not {shortened(value)}")
    least = expected.get("min_run_time_ms")
    if is_number(least) and now < least:
        found.append(f"it took {now} ms, less than {least}")
    return found


def _variables(expected: Mapping[str, object], variables: Mapping[str, object]) -> list[str]:
    return [
        f"variable {name} is {shortened(variables[name]) if name in variables else 'absent'}, not {shortened(value)}"
        for name, value in expected.items()
        if name not in variables or not deeply_equal(variables[name], value)
    ]


def shortened(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:200]}... ({len(text)} characters)"


def nearly_equal(got: object, expected: object) -> bool:
    """Deep equality, numbers within 1e-9: means and deviations differ in their last digits."""
    if is_object(got) and is_object(expected):
        return got.keys() == expected.keys() and all(nearly_equal(got[key], expected[key]) for key in got)
    if is_array(got) and is_array(expected):
        return len(got) == len(expected) and all(map(nearly_equal, got, expected))
    if is_number(got) and is_number(expected):
        return isclose(got, expected, rel_tol=1e-9, abs_tol=1e-9)
    return deeply_equal(got, expected)


MOST_MISSED = 20  # that are named for people


@dataclass
class Coverage:
    """Of one workflow. An edge is (from, to, state)."""

    workflow: str
    tasks: frozenset[str]
    edges: frozenset[tuple[str, str, str]]
    ran: set[str] = field(default_factory=set[str])
    taken: set[tuple[str, str, str]] = field(default_factory=set[tuple[str, str, str]])

    def add(self, other: "Coverage") -> None:
        """What another case went through counts, too; its workflow may be of another wording."""
        self.tasks |= other.tasks
        self.edges |= other.edges
        self.ran |= other.ran
        self.taken |= other.taken

    def note(self, graph: Graph, state: JobState, told: Iterable[TaskChange]) -> None:
        """What became of tasks in one step of the engine."""
        for one in told:
            id, finished = one["task"], one["finish_state"]
            if one["iteration"]:
                self.ran.add(id)
            if finished is not None:
                chosen = state.tasks[id].chosen if state.tasks[id].finish_state == finished else None
                self.taken |= {
                    edge for edge in _edges_of(graph, id) if edge[2] == finished and chosen in (None, edge[1])
                }
        self.taken |= {edge for edge in _edges_of(graph, START) if edge[2] == "success"}

    @property
    def told(self) -> JsonObject:
        return {
            "workflow": self.workflow,
            "tasks": len(self.tasks),
            "tasks_run": len(self.ran & self.tasks),
            "tasks_missed": [*sorted(self.tasks - self.ran)],
            "edges": len(self.edges),
            "edges_taken": len(self.taken & self.edges),
            "edges_missed": [list(edge) for edge in sorted(self.edges - self.taken)],
        }

    def __str__(self) -> str:
        missed = [*sorted(self.tasks - self.ran), *(_spoken(*edge) for edge in sorted(self.edges - self.taken))]
        more = f" and {len(missed) - MOST_MISSED} more" if len(missed) > MOST_MISSED else ""
        left = f"; not: {', '.join(missed[:MOST_MISSED])}{more}" if missed else ""
        ran, taken = len(self.ran & self.tasks), len(self.taken & self.edges)
        return f"{self.workflow}: {ran} of {len(self.tasks)} tasks, {taken} of {len(self.edges)} edges{left}"


def coverage_of(graph: Graph) -> Coverage:
    tasks = frozenset(graph.tasks) - {START, END} - graph.unreachable
    edges = frozenset(edge for id in (START, *tasks) for edge in _edges_of(graph, id))
    return Coverage(graph.name, tasks, edges)


def together(several: Iterable[Coverage]) -> list[Coverage]:
    """Of each workflow once, by name, in the order in which they came."""
    found: dict[str, Coverage] = {}
    for one in several:
        known = found.setdefault(one.workflow, Coverage(one.workflow, frozenset(), frozenset()))
        known.add(one)
    return list(found.values())


def name_of(graph: Graph, id: str) -> str:
    task = graph.tasks[id]
    return f"{id} ({text_at(task, 'app')}.{text_at(task, 'name')})"


def _edges_of(graph: Graph, id: str) -> Iterator[tuple[str, str, str]]:
    for edge in graph.forward[id]:
        yield id, edge.target, edge.state
    for state, target in graph.reverts.get(id, {}).items():
        yield id, target, state


def _spoken(source: str, target: str, state: str) -> str:
    return f"{source} -{state}-> {target}"


INITIATOR = "rehearsal"
MOST_ROUNDS = 1000  # that a task goes back
MOST_ROUNDS_IN_A_LOOP = 100_000  # the same in the body of a forEach, where each element begins another round


async def check_start(
    schemas: SchemaChecks, rules: Rules, workflow: JsonObject, variables: JsonObject, *, looped: bool = False
) -> None:
    """VariablesInvalid and WorkflowIsDraft, as on a server; the elements of a childJob's loop must always fit."""
    name = text_at(workflow, "name")
    if errors := array_at(workflow, "errors"):
        raise WorkflowIsDraft(name, errors)
    given = offered_variables(workflow, variables, INITIATOR)
    found = await schemas.faults_of(schema_of(workflow), given)
    faults: list[Fault] = masked_faults(found, given, array_at(workflow, "decorators"))
    if faults and (looped or rules.input_validation == "reject"):
        raise VariablesInvalid(name, faults)


def moment_of(case: Mapping[str, Json]) -> int:
    """When the case begins, in epoch milliseconds: at its `now`, else now."""
    now = case.get("now")
    if isinstance(now, str):
        now = milliseconds(now)
    return int(now) if is_number(now) else wall_clock()


class Rounds:
    """How often the tasks of one job may go back."""

    def __init__(self, graph: Graph) -> None:
        inside = {id for loop in graph.tasks if graph.forward[loop] for id in graph.inside(loop)}
        self._most = {id: MOST_ROUNDS_IN_A_LOOP if id in inside else MOST_ROUNDS for id in graph.reverts}
        self._graph = graph

    def fault(self, state: JobState) -> str | None:
        """What to say of a job that goes in circles for ever, as far as anybody can tell."""
        for id, most in self._most.items():
            if state.tasks[id].iteration > most:
                (target, *_) = self._graph.reverts[id].values()
                polling, back = name_of(self._graph, target), name_of(self._graph, id)
                return (
                    f"task {polling} polls without an end: {back} went back to it {most} times. "
                    "Record an answer in `stubs` of the case that lets the loop end"
                )
        return None
