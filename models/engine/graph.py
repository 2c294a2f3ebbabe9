"""A workflow document as a graph: the edges from and to each task, reverts, and the bodies of loops."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ..json import JsonObject, is_object, object_at, text_at

START = "workflow_start"
END = "workflow_end"
LOOP = "loop"


class Edge(NamedTuple):
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
    reverts: dict[str, dict[str, str]]  # source -> state -> target
    loops_into: dict[str, tuple[str, ...]]  # the first tasks of loops' bodies -> the loops that lead to them
    unreachable: frozenset[str]  # the tasks that cannot be reached from the start, without the end

    def after(self, task_id: str) -> list[str]:
        """The task and all tasks that can be reached from it without a revert, in the order of discovery."""
        return list(_reached([task_id], self.forward))

    def inside(self, loop_id: str) -> list[str]:
        """The tasks of a loop's body, including the bodies of inner loops.

        The end belongs to the job, not to a body, also if a body has an edge to it.
        """
        first = [edge.target for edge in self.forward[loop_id] if edge.state == LOOP]
        return [id for id in _reached(first, self.forward) if id not in (END, loop_id)]

    def body(self, loop_id: str) -> Iterator[str]:
        """The tasks of a loop's body without those of inner loops, which end with their loop."""
        first = [edge.target for edge in self.forward[loop_id] if edge.state == LOOP]
        return (id for id in _reached(first, self.forward, into_loops=False) if id not in (END, loop_id))

    def revert_target(self, task_id: str, state: str) -> str | None:
        """The target of a revert from a task that finished in this state; None if there is none."""
        return self.reverts.get(task_id, {}).get(state)

    def leads_on(self, task_id: str, state: str) -> bool:
        """Whether an edge leaves the task for this finish state."""
        has_edge = any(edge.state == state for edge in self.forward[task_id])
        return has_edge or self.revert_target(task_id, state) is not None


def compile_graph(workflow: JsonObject) -> Graph:
    """Read a workflow document; entries of `transitions` for tasks that are not there are left-overs of the editor."""
    tasks = {id: task for id, task in object_at(workflow, "tasks").items() if is_object(task)}
    tasks.setdefault(START, {"name": START})
    tasks.setdefault(END, {"name": END})
    forward: dict[str, list[Edge]] = {id: [] for id in tasks}
    backward: dict[str, list[Edge]] = {id: [] for id in tasks}
    reverts: dict[str, dict[str, str]] = {}
    loops_into: dict[str, list[str]] = {}
    for source, targets in object_at(workflow, "transitions").items():
        if source not in tasks or source == END or not is_object(targets):
            continue
        for target, transition in targets.items():
            if target not in tasks or not is_object(transition):
                continue
            state = text_at(transition, "state") or "success"
            if transition.get("type") == "revert":
                reverts.setdefault(source, {})[state] = target
                continue
            # Documents say loop as a state, the vendor's job schema also lists it as a type
            # (reference/execution.md#transitions).
            edge = Edge(source, target, LOOP if transition.get("type") == LOOP else state)
            if edge.state == LOOP:
                loops_into.setdefault(target, []).append(source)
            forward[source].append(edge)
            backward[target].append(edge)
    frozen = {id: tuple(edges) for id, edges in forward.items()}
    return Graph(
        name=text_at(workflow, "name"),
        tasks=tasks,
        forward=frozen,
        backward={id: tuple(edges) for id, edges in backward.items()},
        reverts=reverts,
        loops_into={id: tuple(loops) for id, loops in loops_into.items()},
        unreachable=frozenset(tasks) - set(_reached([START], frozen)) - {END},
    )


def _reached(first: Iterable[str], forward: dict[str, tuple[Edge, ...]], *, into_loops: bool = True) -> Iterator[str]:
    """The tasks that can be reached, each once, in the order of discovery."""
    reached = set(first)
    waiting = list(dict.fromkeys(first))
    while waiting:
        id = waiting.pop()
        yield id
        for edge in forward[id]:
            if edge.target not in reached and (into_loops or edge.state != LOOP):
                reached.add(edge.target)
                waiting.append(edge.target)
