"""Which tasks and edges of its workflows a rehearsal went through."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ..models.engine.changes import TaskChange
from ..models.engine.graph import END, START, Graph
from ..models.engine.state import JobState
from ..models.json import JsonObject, text_at

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
            "tasks_missed": sorted(self.tasks - self.ran),
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
    tasks = frozenset(graph.tasks) - {START, END} - graph.lost
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
