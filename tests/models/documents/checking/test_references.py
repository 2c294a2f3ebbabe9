"""References to nothing (reference/execution.md#references)."""

import json
from typing import Any

import pytest

from ....documents import chain, task
from .findings import found

SCHEMA = {"type": "object", "properties": {"given": {}}, "required": ["given"]}


def made() -> dict[str, Any]:
    return task("newVariable", name="made", value=1)


def reading(reference: Any) -> list[str]:
    workflow = chain("w", a1=made(), b2=task("stub", response=reference), c3=task("stub"))
    return found({**workflow, "inputSchema": SCHEMA})


@pytest.mark.parametrize(
    "reference",
    ["$var.job.given", "$var.job.made", "$var.job._id", "$var.job.initiator", "$var.a1.value", "$var.a1.error", "$var"],
)
def test_a_reference_to_what_is_there_is_fine(reference: str) -> None:
    assert reading(reference) == []


@pytest.mark.parametrize(
    ("reference", "finding"),
    [
        ("$var.ff.value", "error task b2 (stub): It reads 'value' of task ff, and there is no such task"),
        (
            "$var.workflow_start.x",
            "error task b2 (stub): It reads 'x' of task workflow_start, and there is no such task",
        ),
        ("$var.a1.nope", "error task b2 (stub): It reads 'nope' of task a1, which declares no such output"),
        ("$var.c3.response", "warning task b2 (stub): It reads 'response' of task c3, which does not come before it"),
        (
            "$var.job.nope",
            "error task b2 (stub): Job variable 'nope' is set by no task, and the input schema does not declare it",
        ),
        (
            "see $var.job.given",
            "warning task b2 (stub): In 'response' a '$var' is not a whole value or stands too deep: "
            "it stays the text that it is",
        ),
        (
            {"deep": ["$var.job.given"]},
            "warning task b2 (stub): In 'response' a '$var' is not a whole value or stands too deep: "
            "it stays the text that it is",
        ),
    ],
)
def test_a_reference_to_nothing(reference: Any, finding: str) -> None:
    assert reading(reference) == [finding]


@pytest.mark.parametrize(
    "reader",
    [
        task("merge", data_to_merge=[{"key": "k", "value": {"task": "ff", "variable": "x"}}]),
        task(
            "evaluation",
            evaluation_groups=[
                {
                    "evaluations": [
                        {
                            "operand_1": {"task": "static", "variable": "ff"},
                            "operator": "==",
                            "operand_2": {"task": "ff", "variable": "x"},
                        }
                    ]
                }
            ],
        ),
        task("childJob", workflow="child", variables={"a": {"task": "ff", "value": "x"}}),
        task("transformation", tr_id="1", variableMap={"a": "$var.ff.x"}),
        task("decision", decisionArray=[{"evaluations": [{"operand_1": {"task": "ff", "variable": "x"}}]}]),
    ],
)
def test_operands_and_maps_are_references_too(reader: dict[str, Any]) -> None:
    findings = found(chain("w", a1=reader), workflows={"child"})
    assert [one for one in findings if "'x'" in one] == [
        f"error task a1 ({reader['name']}): It reads 'x' of task ff, and there is no such task"
    ]


def test_the_variables_of_a_looped_child_are_not_read() -> None:
    child = task(
        "childJob",
        workflow="child",
        loopType="parallel",
        data_array=[{}],
        variables={"a": {"task": "ff", "value": "x"}},
    )
    assert found(chain("w", a1=child), workflows={"child"}) == []


def test_an_undeclared_output_of_somebody_elses_task_is_a_warning() -> None:
    workflow = chain("w", a1=task("ask", app="Jira", outgoing={"result": None}), b2=task("stub", response="$var.a1.x"))
    assert found(workflow, offers=lambda location, app, name: app == "Jira") == [
        "warning task b2 (stub): It reads 'x' of task a1, which declares no such output"
    ]


def test_an_output_of_a_task_that_never_runs() -> None:
    workflow = chain("w", a1=task("stub", response="$var.b2.value"))
    workflow["tasks"]["b2"] = made()
    assert found(workflow)[-1] == "warning task a1 (stub): It reads 'value' of task b2, which never runs"


@pytest.mark.parametrize("schema", [None, {"type": "object"}, {"properties": {"a": {}}, "additionalProperties": True}])
def test_where_a_start_may_give_any_variable_one_that_nothing_sets_is_a_warning(schema: Any) -> None:
    workflow = {**chain("w", a1=task("stub", response="$var.job.x")), "inputSchema": schema}
    assert found(workflow) == ["warning task a1 (stub): Job variable 'x' is set by no task: only a start can give it"]


@pytest.mark.parametrize(
    "reader",
    [
        task("merge", data_to_merge=[{"key": "k", "value": {"task": "job", "variable": "x"}}]),
        task("deepmerge", data_to_merge=[{"key": "k", "value": {"task": "job", "variable": "x"}}]),
        task("childJob", workflow="$var.job.t", variables={"in": {"task": "job", "value": "x"}}),
        task("transformation", tr_id="$var.job.t", variableMap={"in": "$var.job.x"}),
        task("getThing", app="Dev", location="Adapter", id="$var.job.x"),
    ],
)
def test_where_a_task_takes_what_is_not_there_it_is_a_warning(reader: Any) -> None:
    message = "Job variable 'x' is set by no task, and the input schema does not declare it"
    findings = found({**chain("w", a1=reader), "inputSchema": {"properties": {"t": {}}}})
    assert findings[-1] == f"warning task a1 ({reader['name']}): {message}"


@pytest.mark.parametrize(
    "writer",
    [
        task("stub", outgoing={"response": "$var.job.x"}),
        {**task("stub"), "variables": {"incoming": {}, "outgoing": {}, "error": "$var.job.x"}},
        task("push", job_variable="x", item_to_push=1),
        task("reattempt", app="MOP", attemptID="x", minutes=0, attempts=1),
        task("newVariable", name="$var.job.name_of_it", value=1),
    ],
)
def test_every_way_to_set_a_job_variable_counts(writer: dict[str, Any]) -> None:
    workflow = chain("w", a1=writer, b2=task("pop", job_variable="x"))
    assert found({**workflow, "inputSchema": {"properties": {"name_of_it": {}}}}) == []


def test_taking_from_a_variable_that_nothing_sets() -> None:
    assert found(chain("w", a1=task("shift", job_variable="x"))) == [
        "warning task a1 (shift): Job variable 'x' is set by no task: only a start can give it"
    ]


@pytest.mark.parametrize(
    "reader",
    [
        task("query", obj="$var.a1.value#/x"),
        task("transformation", tr_id="$var.job.t", variableMap={"in": "$var.a1.value#/x"}),
        task("merge", data_to_merge=[{"key": "k", "value": {"task": "a1", "variable": "value#/x/0"}}]),
        task("decision", decisionArray=[{"evaluations": [{"operand_2": {"task": "a1", "variable": "value#/x"}}]}]),
        task("childJob", workflow="$var.job.t", variables={"in": {"task": "a1", "value": "value#/x"}}),
        task("childJob", workflow="$var.job.t", variables={"in": {"task": "job", "value": "t#/x"}}),
    ],
)
def test_a_pointer_is_no_part_of_the_name_that_is_checked(reader: dict[str, Any]) -> None:
    schema = {"properties": {"t": {}}}
    assert found({**chain("w", a1=made(), b2=reader), "inputSchema": schema}) == []
    written = json.dumps(reader).replace("value#", "gone#").replace("t#", "gone#")
    (finding,) = found({**chain("w", a1=made(), b2=json.loads(written)), "inputSchema": schema})
    assert "'gone'" in finding


def test_parts_of_a_value_that_there_is_not_are_one_finding() -> None:
    operands = [{"key": key, "value": {"task": "job", "variable": f"x#/{key}"}} for key in "ab"]
    assert found(chain("w", a1=task("merge", data_to_merge=operands))) == [
        "warning task a1 (merge): Job variable 'x' is set by no task: only a start can give it"
    ]


def test_a_variable_whose_name_is_written_like_a_pointer() -> None:
    workflow = chain("w", a1=task("newVariable", name="x#/y", value=1), b2=task("query", obj="$var.job.x#/y"))
    assert found({**workflow, "inputSchema": {"properties": {"t": {}}}}) == []
