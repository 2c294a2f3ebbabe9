"""The order of a workflow's tasks: which come before which, and whether they lead to the end."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..engine.graph import END, START, Edge, Graph
from ..json import is_object, object_at, text_at
from .circles import circles_of
from .known import Finding, Known, Severity, listed

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
    left = {id: [edge for edge in graph.backward[id] if edge.source not in graph.unreachable] for id in graph.tasks}
    order, waiting = _peeled(
        {id: {edge.source for edge in edges} for id, edges in left.items() if id not in graph.unreachable},
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


STATES = ("success", "failure", "error", "loop")


def check_ways(workflow: Mapping[str, object], graph: Graph, ways: Ways, known: Known) -> Iterator[Finding]:
    name = text_at(workflow, "name")
    tasks = object_at(workflow, "tasks")
    for id in (START, END):
        if id not in tasks:
            yield Finding("error", None, name, f"{id} is missing")
    if END not in graph.after(START):
        yield Finding("error", None, name, "workflow_end cannot be reached: a job ends in error")
    if len(graph.tasks) == 2:
        yield Finding("warning", None, name, "There is nothing to do between workflow_start and workflow_end")
    lost = [id for id in graph.tasks if id in graph.unreachable and id != START]
    if lost:
        yield Finding("warning", None, name, f"Never run, since nothing leads to them: {listed(lost)}")
    if ways.circle:
        message = f"Wait for each other in a circle, and never run: {listed(ways.circle)}. A way back must be a revert"
        yield Finding("error", None, name, message)
    yield from _check_states(graph)
    yield from _check_reverts(workflow, graph, ways)
    yield from _check_circles(graph, known)
    yield from _check_loops(graph, ways)


def _of(graph: Graph, id: str, severity: Severity, message: str) -> Finding:
    return Finding(severity, id, text_at(graph.tasks[id], "name"), message)


def _check_states(graph: Graph) -> Iterator[Finding]:
    for id, edges in graph.forward.items():
        if id in graph.unreachable:
            continue
        for edge in edges:
            if id == START and edge.state != "success":
                yield _of(graph, id, "warning", f"Only success leaves workflow_start, not {edge.state}: never taken")
            elif edge.state not in STATES:
                yield _of(
                    graph, id, "warning", f"The edge to {edge.target} is never taken: no task ends {edge.state!r}"
                )
        if text_at(graph.tasks[id], "name") == "forEach":
            if not any(edge.state == "loop" for edge in edges):
                yield _of(graph, id, "warning", "There is no loop edge: nothing is done for the elements")
        elif any(edge.state == "loop" for edge in edges):
            yield _of(graph, id, "warning", "Only forEach ends in loop: what is behind the loop edge never runs")


def _check_reverts(workflow: Mapping[str, object], graph: Graph, ways: Ways) -> Iterator[Finding]:
    for id, targets in object_at(workflow, "transitions").items():
        if id not in graph.tasks or id in graph.unreachable or not is_object(targets):
            continue
        seen: set[str] = set()
        for target, transition in targets.items():
            if target not in graph.tasks or not is_object(transition) or transition.get("type") != "revert":
                continue
            state = text_at(transition, "state") or "success"
            if state in seen:
                yield _of(graph, id, "error", f"Two reverts leave it on {state}: a task can go back to one other only")
            seen.add(state)
            if any(edge.state == state for edge in graph.forward[id]):
                yield _of(
                    graph, id, "error", f"A revert and another edge leave it on {state}: only the revert is taken"
                )
            if target == id:
                yield _of(graph, id, "warning", "It reverts to itself, which the editor of such documents refuses")
            elif target in (START, END):
                yield _of(graph, id, "error", f"It reverts to {target}, which is no task that can run again")
            elif not ways.comes_before(target, id):
                yield _of(graph, id, "error", f"It reverts to {target}, which does not come before it")
            elif ways.bodies.get(target) != ways.bodies.get(id):
                yield _of(graph, id, "warning", f"It reverts to {target} across the boundary of a forEach's body")


def _check_circles(graph: Graph, known: Known) -> Iterator[Finding]:
    at_once = {
        id
        for id, task in graph.tasks.items()
        if (one := known.tasks.get((text_at(task, "app"), text_at(task, "name"))))
        and not one.waits
        and id not in graph.unreachable
    }
    circles = circles_of(
        {id: [*(edge.target for edge in graph.forward[id]), *graph.reverts.get(id, {}).values()] for id in at_once}
    )
    for id, targets in graph.reverts.items():
        for target in sorted({target for target in targets.values() if target in circles}):
            if id in circles and circles[id] == circles[target]:
                message = f"It goes back to {target}, and no task in between waits: unless a condition ends that, "
                yield _of(graph, id, "warning", f"{message}it goes round until the job's budget is used up")


def _check_loops(graph: Graph, ways: Ways) -> Iterator[Finding]:
    for id in ways.order:
        if id == START:
            continue
        for edge in graph.backward[id]:
            if edge.source in graph.unreachable or edge.source not in ways.bodies:
                continue
            if edge.state == "loop" and id == END:
                yield _of(graph, edge.source, "error", "A loop edge leads to workflow_end, which is in no body")
            elif body_behind(edge, ways.bodies) != ways.bodies[id]:
                message = f"The edge to {id} crosses the boundary of a forEach's body: only the forEach leads in and on"
                yield _of(graph, edge.source, "error", message)
