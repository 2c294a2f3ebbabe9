"""The order of a workflow's tasks: which come before which, and in whose body they are."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from ...engine.graph import END, Edge, Graph

MOST_TASKS_COMPARED = 2000  # who comes before whom is kept as a bit per pair of tasks


@dataclass(frozen=True)
class Ways:
    """The tasks that can be reached, in an order in which each comes after those it waits for.

    `circle` are the tasks that wait for themselves; they and what is behind them have no place in the order.
    """

    order: tuple[str, ...]
    circle: tuple[str, ...]
    bodies: Mapping[str, str | None]  # the forEach in whose body a task is, by the first way to it
    before: Mapping[str, int] | None  # a bit for every task that comes before; None where there are too many tasks
    bits: Mapping[str, int]

    def comes_before(self, one: str, other: str) -> bool:
        """True also where nobody knows."""
        if self.before is None or other not in self.before or one not in self.before:
            return True
        return bool(self.before[other] >> self.bits[one] & 1)


def ways_of(graph: Graph) -> Ways:
    left = {id: [edge for edge in graph.backward[id] if edge.source not in graph.lost] for id in graph.tasks}
    order, waiting = _peeled(
        {id: {edge.source for edge in edges} for id, edges in left.items() if id not in graph.lost},
    )
    # What is left waits for a circle or is one; taken off from the other side, the circles alone remain.
    inside = set(waiting)
    _, circle = _peeled({id: {edge.target for edge in graph.forward[id] if edge.target in inside} for id in waiting})
    bits = {id: bit for bit, id in enumerate(order)}
    before: dict[str, int] | None = None
    if len(order) <= MOST_TASKS_COMPARED:
        before = {}
        for id in order:
            before[id] = 0
            for edge in left[id]:
                before[id] |= before[edge.source] | 1 << bits[edge.source]
    return Ways(tuple(order), tuple(circle), _bodies(graph, order), before, bits)


def _peeled(waits_for: dict[str, set[str]]) -> tuple[list[str], list[str]]:
    """The tasks whose waiting ends, in order, and the others."""
    open_counts = {id: len(others) for id, others in waits_for.items()}
    followers: dict[str, list[str]] = {id: [] for id in waits_for}
    for id, others in waits_for.items():
        for other in others:
            followers[other].append(id)
    ready = deque(id for id, count in open_counts.items() if count == 0)
    order: list[str] = []
    while ready:
        order.append(ready.popleft())
        for id in followers[order[-1]]:
            open_counts[id] -= 1
            if open_counts[id] == 0:
                ready.append(id)
    done = set(order)
    return order, [id for id in waits_for if id not in done]


def _bodies(graph: Graph, order: list[str]) -> dict[str, str | None]:
    bodies: dict[str, str | None] = {}
    for id in order:
        first = next((edge for edge in graph.backward[id] if edge.source in bodies), None)
        bodies[id] = None if first is None or id == END else body_behind(first, bodies)
    return bodies


def body_behind(edge: Edge, bodies: Mapping[str, str | None]) -> str | None:
    """The body into which an edge leads: a loop edge into that of its forEach, any other stays where it is."""
    return edge.source if edge.state == "loop" else bodies[edge.source]
