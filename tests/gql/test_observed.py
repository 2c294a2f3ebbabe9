"""Every event that an operator asks about leaves a line in the log, a sample of a metric and, if an account acted, an
audit event. The table is that of docs/operating.md.
"""

import re
from dataclasses import dataclass
from typing import Any

import pytest

from ..documents import chain, task
from ..log_lines import collected
from ..parts import ROOT
from .test_metrics import read
from .world import FIELDS, World

pytestmark = pytest.mark.anyio

START = "mutation($w: String!) { startJob(workflow: $w, options: {}) { id } }"
SIGN_IN = 'mutation { login(username: "member", password: "a wrong password") { accountId } }'
OPERATIONS = "jobyard_graphql_operations_total"


@dataclass(frozen=True)
class Trace:
    """`query` makes the event, as `who`; the metric changes in the direction `by`."""

    event: str
    query: str
    line: str
    metric: str
    audit: str | None
    who: str = "admin"
    workflow: str = ""
    by: float = 1


TRACES = (
    Trace("a start", START, "job_started", "jobyard_job_starts_total", "startJob", workflow="Brief"),
    Trace("a refused start", START, "start_refused", "jobyard_starts_refused_total", None, workflow="None"),
    Trace("the end of a job", START, "job_ended", "jobyard_job_ends_total", None, workflow="Brief"),
    Trace("an error of a task", START, "task_error", "jobyard_task_errors_total", None, workflow="Fails"),
    Trace("a command of an operator", FIELDS["cancelJobs"], "command", OPERATIONS, "cancelJobs"),
    Trace("an answer of a person", FIELDS["finishTask"], "command", OPERATIONS, "finishTask", "member"),
    Trace("a command that a role does not allow", FIELDS["cancelJobs"], "command", OPERATIONS, None, "guest"),
    Trace("a change of people", FIELDS["createRole"], "command", OPERATIONS, "createRole"),
    Trace("a change of workflows", FIELDS["importWorkflows"], "command", OPERATIONS, "importWorkflows"),
    Trace("deleted jobs", FIELDS["deleteJobs"], "command", "jobyard_jobs_removed_total", "deleteJobs"),
    Trace("a failed sign-in", SIGN_IN, "sign_in_failed", "jobyard_sign_ins_failed_total", None, "nobody"),
    Trace(
        "a drain", FIELDS["deactivateWorkers"], "workers_switched", "jobyard_workers_active", "deactivateWorkers", by=-1
    ),
)


async def total(world: World, metric: str) -> float:
    """The sum of the samples of a metric, whatever their labels."""
    page = (await world.people.ask("admin", "GET", "/metrics")).text
    return sum(value for name, value in read(page).items() if name.partition("{")[0] == metric)


async def make(world: World, trace: Trace) -> None:
    if trace.query == FIELDS["deleteJobs"]:
        await world.graphql("admin", FIELDS["cancelJobs"])
        await world.people.doors.over(world.variables["job"])
    answer: Any = (await world.graphql(trace.who, trace.query, w=trace.workflow)).json()
    started = (answer.get("data") or {}).get("startJob")
    if started is not None:
        await world.people.doors.over(started["id"])


@pytest.mark.parametrize("trace", TRACES, ids=lambda trace: trace.event)
async def test_an_event_leaves_its_traces(world: World, trace: Trace) -> None:
    brief, fails = chain("Brief"), chain("Fails", a1=task("sort", arr="no array"))
    await world.people.doors.import_documents(brief, fails)
    before = await total(world, trace.metric)
    with collected() as lines:
        await make(world, trace)
        assert lines.of(trace.line) != []
    assert (await total(world, trace.metric) - before) * trace.by >= 1
    query = "query($a: [String!]) { auditEvents(filter: {actions: $a}) { nodes { action } } }"
    names = [trace.audit] if trace.audit else [trace.query.partition("{ ")[2].partition("(")[0]]
    found = (await world.graphql("admin", query, a=names)).json()["data"]["auditEvents"]["nodes"]
    if trace.audit:
        assert found != []
    elif trace.who != "admin":
        assert found == []


def test_the_table_of_the_docs_has_the_same_events() -> None:
    page = (ROOT / "docs" / "operating.md").read_text().partition("## What leaves which trace")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([^|`]+) \| `(\w+)` \| `(\w+)` \| (?:`(\w+)`)? *\|$", page, re.MULTILINE)
    assert [(event, line, metric, audit or None) for event, line, metric, audit in rows] == [
        (one.event, one.line, one.metric, one.audit) for one in TRACES
    ]
