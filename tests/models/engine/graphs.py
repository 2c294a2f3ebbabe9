"""Workflows for the engine's properties: any that an author may draw, and any that a file may hold."""

from typing import Any

from hypothesis import strategies as st

from .play import edges, workflow

STATES = ("success", "failure", "error")
RETRIED = {"autoRetry": True, "limit": 2, "delay": 500, "state": ["error", "failure"]}
NAMES = ("success", "failure", "error", "provider", "person", "sleep", "flaky", "children", "each")


def one_task(id: str, name: str, number: int) -> dict[str, Any]:
    """`number` makes the task's particulars, and each task writes job variables of its own."""
    incoming: dict[str, Any] = {
        "failures": 1 + number % 4,
        "milliseconds": 100 * (1 + number % 5),
        "each": list(range(number % 4)),
        "data_array": ["x", "y"][: number % 3],
        "sequential": number % 2 == 0,
    }
    outgoing = {"out": f"$var.job.v{id}", "statuses": f"$var.job.s{id}", "current_item": f"$var.job.i{id}"}
    variables = {"incoming": incoming, "outgoing": outgoing, "error": f"$var.job.e{id}"}
    return {"name": name, "variables": variables, "retrySettings": RETRIED if name == "flaky" else None}


@st.composite
def graphs(draw: st.DrawFn, reverts: bool = True) -> dict[str, Any]:
    """What the editor lets an author draw: branches and joins, loops with bodies of their own, reverts to ancestors.

    A revert cuts off what runs beside it, so how often a task ran depends on who was first: `reverts` leaves them out.
    """
    tasks: dict[str, Any] = {}
    drawn: list[str] = []

    def block(depth: int, entry: str) -> list[str]:
        first = len(tasks)
        ids = [f"t{first + index}" for index in range(draw(st.integers(1, 6 if depth == 0 else 3)))]
        tasks.update(dict.fromkeys(ids))
        for index, id in enumerate(ids):
            drawn.append(f"{entry}>{id}") if index == 0 or draw(st.integers(0, 3)) == 0 else None
            name = draw(st.sampled_from(NAMES))
            tasks[id] = one_task(id, name, draw(st.integers(0, 20)))
            for target in ids[index + 1 :]:
                if draw(st.booleans()):
                    drawn.append(f"{id}-{draw(st.sampled_from(STATES))}>{target}")
            if depth == 0 and draw(st.booleans()):
                drawn.append(f"{id}-{draw(st.sampled_from(STATES))}>end")
            if name == "each" and depth < 2:
                block(depth + 1, f"{id}-loop")
            if reverts and depth == 0 and draw(st.integers(0, 4)) == 0:
                tasks[id] = {"name": "check", "variables": {"incoming": {"states": ["failure", "success"]}}}
                drawn.append(f"{id}~failure>{draw(st.sampled_from(ids[: index + 1]))}")
        return ids

    block(0, "start")
    return workflow(tasks, *drawn)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """What a file may hold: any edge between any two tasks. A revert leaves a task that succeeds next time."""
    ids = [f"t{index}" for index in range(draw(st.integers(1, 7)))]
    tasks: dict[str, Any] = {id: one_task(id, draw(st.sampled_from(NAMES)), draw(st.integers(0, 20))) for id in ids}
    ends = st.sampled_from(ids)
    drawn = [f"start>{ids[0]}"]
    for _ in range(draw(st.integers(0, 20))):
        state = draw(st.sampled_from((*STATES, "loop")))
        drawn.append(f"{draw(ends)}-{state}>{draw(st.sampled_from((*ids, 'end')))}")
    if draw(st.booleans()):
        id = draw(ends)
        tasks[id] = {"name": "check", "variables": {"incoming": {"states": ["failure", "success"]}}}
        drawn.append(f"{id}~failure>{draw(ends)}")
    document = workflow(tasks, *drawn)
    document["transitions"] = edges(*drawn)
    return document
