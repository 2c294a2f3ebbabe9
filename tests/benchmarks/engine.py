"""The engine alone, on shapes of growing size: `make bench`. Ratios within one run are what counts.

A line that grows with its size costs the same per task at every size; the last column shows it.
"""

import gc
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import checkout  # noqa: F401 -- names the checkout jobyard
from jobyard.models.engine.advance import apply
from jobyard.models.engine.definition import Definition
from jobyard.models.engine.events import Resumed
from jobyard.models.engine.graph import compile_graph
from jobyard.models.engine.state import begin
from jobyard.models.json import Json, JsonObject
from jobyard.resolvers.workflows.definitions import function_of_task, transformer

ROUNDS = 5


def task(method: str, outgoing: JsonObject, **incoming: Json) -> JsonObject:
    return {"name": method, "app": "WorkFlowEngine", "variables": {"incoming": incoming, "outgoing": outgoing}}


def chain(length: int) -> JsonObject:
    """Each task reads a job variable and writes it again."""
    outgoing = {"combinedStrings": "$var.job.text"}
    tasks = {f"t{n}": task("stringConcat", outgoing, str="$var.job.start", stringN="x") for n in range(length)}
    return workflow(tasks, [[id] for id in tasks])


def fan(width: int) -> JsonObject:
    """Rows of five tasks side by side; every task of a row is awaited by every task of the next."""
    tasks = {
        f"t{n}": task("newVariable", {"value": None}, name=f"v{n % 5}", value="$var.job.start") for n in range(width)
    }
    ids = list(tasks)
    return workflow(tasks, [ids[n : n + 5] for n in range(0, width, 5)])


def join(width: int) -> JsonObject:
    """All tasks side by side, and one that awaits them all."""
    tasks = {f"t{n}": task("newVariable", {"value": None}, name="v", value=n) for n in range(width)}
    last = task("newVariable", {"value": None}, name="v", value="$var.job.start")
    return workflow({**tasks, "last": last}, [list(tasks), ["last"]])


def loop(elements: int) -> JsonObject:
    """A forEach whose body is one task."""
    tasks = {
        "each": task("forEach", {"current_item": None}, data_array=list(range(elements // 2))),
        "body": task("newVariable", {"value": None}, name="v", value="$var.each.current_item"),
    }
    document = workflow(tasks, [["each"]])
    document["transitions"]["each"]["body"] = {"type": "standard", "state": "loop"}
    return document


def polling(tries: int) -> JsonObject:
    """Two tasks that a revert edge runs again and again."""
    comparison = {
        "operand_1": {"task": "job", "variable": "tries"},
        "operator": ">=",
        "operand_2": {"task": "static", "variable": tries // 2},
    }
    groups = [{"all_true_flag": True, "evaluations": [comparison]}]
    tasks = {
        "count": task("reattempt", {}, attemptID="tries", attempts=tries, minutes=0) | {"app": "MOP"},
        "check": task("evaluation", {}, all_true_flag=True, evaluation_groups=groups),
    }
    document = workflow(tasks, [["count"], ["check"]])
    document["transitions"]["check"]["count"] = {"type": "revert", "state": "failure"}
    return document


def workflow(tasks: JsonObject, rows: list[list[str]]) -> JsonObject:
    transitions: JsonObject = {"workflow_end": {}}
    for above, below in zip([["workflow_start"], *rows], [*rows, ["workflow_end"]], strict=True):
        for id in above:
            transitions[id] = {target: {"type": "standard", "state": "success"} for target in below}
    return {"name": "w", "tasks": {"workflow_start": {}, **tasks, "workflow_end": {}}, "transitions": transitions}


def seconds(document: JsonObject) -> float:
    """The best of ROUNDS, in processor time: from the document to the complete job."""
    best = float("inf")
    for _ in range(ROUNDS):
        gc.collect()
        began = time.process_time()
        graph = compile_graph(document)
        definition = Definition(graph, function_of_task, transformer({}, "0" * 24))
        state = begin(graph, job_id="0" * 24, variables={"start": "s"}, description=None, at=0)
        apply(definition, state, Resumed(), 0)
        while state.stopped_early:
            apply(definition, state, Resumed(), 0)
        assert state.status == "complete"
        best = min(best, time.process_time() - began)
    return best


SHAPES = (
    ("fan", fan, (55, 550, 5500)),
    ("chain", chain, (100, 1000, 10_000)),
    ("join", join, (100, 1000, 10_000)),
    ("loop", loop, (100, 1000, 10_000)),
    ("revert", polling, (100, 1000, 10_000)),
)


def main() -> None:
    print(f"{'shape':<8}{'tasks':>8}{'tasks/s':>12}{'us/task':>10}{'x first':>9}")
    for name, shape, sizes in SHAPES:
        first = None
        for size in sizes:
            each = seconds(shape(size)) / size
            first = first or each
            print(f"{name:<8}{size:>8}{1 / each:>12,.0f}{each * 1e6:>10.1f}{each / first:>9.2f}")


if __name__ == "__main__":
    main()
