"""A workflow document as a graph: which edges leave a task, which lead to it, and what belongs to a loop."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ..json import JsonObject, is_object, object_at, text_at

START = "workflow_start"
END = "workflow_end"


@dataclass(frozen=True)
class Edge:
    source: str
    target: str
    state: str  # success, failure, error or loop: the finish state of the source that takes the edge


@dataclass(frozen=True)
class Graph:
    """`forward` and `backward` hold standard and loop edges; a revert edge leads back and joins nothing."""

    name: str  # of the workflow
    tasks: dict[str, JsonObject]
    forward: dict[str, tuple[Edge, ...]]
    backward: dict[str, tuple[Edge, ...]]
    reverts: dict[tuple[str, str], str]  # (source, state) -> target
    bodies: dict[str, tuple[str, ...]]  # a task with loop edges -> the tasks of its body, nested bodies included
    lost: frozenset[str]  # the tasks that no way from the start leads to, the end left out

    def after(self, task_id: str) -> list[str]:
        """The task and everything that can be reached from it without a revert, in the order of discovery."""
        return _reached([task_id], self.forward)

    def leads_on(self, task_id: str, state: str) -> bool:
        """Whether the author drew an edge for this finish state."""
        return (task_id, state) in self.reverts or any(edge.state == state for edge in self.forward[task_id])


def compile_graph(workflow: JsonObject) -> Graph:
    """Read a workflow document; entries of `transitions` for tasks that are not there are left-overs of the editor."""
    tasks = {id: task for id, task in object_at(workflow, "tasks").items() if is_object(task)}
    tasks.setdefault(START, {"name": START})
    tasks.setdefault(END, {"name": END})
    forward: dict[str, list[Edge]] = {id: [] for id in tasks}
    backward: dict[str, list[Edge]] = {id: [] for id in tasks}
    reverts: dict[tuple[str, str], str] = {}
    for source, targets in object_at(workflow, "transitions").items():
        if source not in tasks or source == END or not is_object(targets):
            continue
        for target, transition in targets.items():
            if target not in tasks or not is_object(transition):
                continue
            state = text_at(transition, "state") or "success"
            if transition.get("type") == "revert":
                reverts[source, state] = target
                continue
            # Documents say loop as a state, the vendor's job schema also lists it as a type (execution facts, 1.3).
            edge = Edge(source, target, "loop" if transition.get("type") == "loop" else state)
            forward[source].append(edge)
            backward[target].append(edge)
    frozen = {id: tuple(edges) for id, edges in forward.items()}
    return Graph(
        name=text_at(workflow, "name"),
        tasks=tasks,
        forward=frozen,
        backward={id: tuple(edges) for id, edges in backward.items()},
        reverts=reverts,
        bodies=_bodies(frozen),
        lost=frozenset(tasks) - set(_reached([START], frozen)) - {END},
    )


def _bodies(forward: dict[str, tuple[Edge, ...]]) -> dict[str, tuple[str, ...]]:
    heads: dict[str, list[str]] = defaultdict(list)
    for source, edges in forward.items():
        for edge in edges:
            if edge.state == "loop":
                heads[source].append(edge.target)
    # The end belongs to the job and not to a body, also where an author drew an edge across.
    return {id: tuple(task for task in _reached(first, forward) if task != END) for id, first in heads.items()}


def _reached(first: Iterable[str], forward: dict[str, tuple[Edge, ...]]) -> list[str]:
    reached = dict.fromkeys(first)
    waiting = list(reached)
    while waiting:
        for edge in forward[waiting.pop()]:
            if edge.target not in reached:
                reached[edge.target] = None
                waiting.append(edge.target)
    return list(reached)
