"""Everything that can be found wrong in a workflow."""

from collections.abc import Iterator

from ..engine.graph import compile_graph
from ..json import JsonObject, text_at
from .known import Finding, Known, Severity
from .order import check_ways, ways_of
from .references import check_references
from .tasks import check_tasks

MOST_FINDINGS = 200  # of each severity


def check_workflow(workflow: JsonObject, known: Known) -> list[Finding]:
    """Errors first; of each severity at most MOST_FINDINGS, and one more that says how many there were."""
    found: dict[Severity, list[Finding]] = {"error": [], "warning": []}
    counts: dict[Severity, int] = {"error": 0, "warning": 0}
    for finding in _findings(workflow, known):
        counts[finding.severity] += 1
        if counts[finding.severity] <= MOST_FINDINGS:
            found[finding.severity].append(finding)
    for severity, count in counts.items():
        if count > MOST_FINDINGS:
            message = f"There are {count - MOST_FINDINGS} more {severity}s"
            found[severity].append(Finding(severity, None, text_at(workflow, "name"), message))
    return [*found["error"], *found["warning"]]


def _findings(workflow: JsonObject, known: Known) -> Iterator[Finding]:
    graph = compile_graph(workflow)
    ways = ways_of(graph)
    yield from check_ways(workflow, graph, ways, known)
    yield from check_tasks(workflow, graph, known)
    yield from check_references(workflow, graph, ways, known)
