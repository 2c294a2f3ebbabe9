"""What a task sees in place of references (reference/execution.md#references and #missing-values)."""

import re
from pathlib import Path
from typing import Any

import pytest
from jobyard.models.engine.graph import compile_graph
from jobyard.models.engine.references import (
    Scope,
    is_reference,
    job_variable_of,
    resolve_child_variables,
    resolve_incoming,
)
from jobyard.models.engine.state import JobState, TaskState, begin
from jobyard.models.json import Json
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.javascript.coercion import UNDEFINED


@pytest.fixture
def state() -> JobState:
    graph = compile_graph({"tasks": {"a1": {}, "b2": {}, "c3": {}}})
    variables = {"x": 7, "a name": "spaced", "dotted.name": "dotted", "_id": "0" * 24}
    state = begin(graph, job_id="0" * 24, variables=variables, description=None, at=0)
    state.tasks["a1"] = TaskState("complete", "success", outgoing={"out": {"deep": [1, {"a/b": 2}]}})
    state.tasks["b2"] = TaskState("error", "error", error={"code": 500})
    return state


def seen(state: JobState, value: Any, app: str = "WorkFlowEngine", **more: Any) -> Any:
    task = {"name": "t", "app": app, "variables": {"incoming": {"f": value}, **more}}
    return resolve_incoming("t1", task, Scope(state, app))["f"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("$var.job.x", 7),
        ("$var.job.a name", "spaced"),
        ("$var.job.dotted.name", "dotted"),
        ("$var.job._id", "0" * 24),
        ("$var.a1.out", {"deep": [1, {"a/b": 2}]}),
        ("$var.b2.error", {"code": 500}),
        ("$var.a1.error", None),
        ("$var.c3.out", None),
        ("$var.gone.out", None),
        ("text $var.job.x", "text $var.job.x"),
        (["$var.job.x"], ["$var.job.x"]),
        ({"deep": "$var.job.x"}, {"deep": "$var.job.x"}),
    ],
)
def test_a_whole_text_is_a_reference_and_nothing_else_is(state: JobState, written: Any, expected: Any) -> None:
    assert seen(state, written) == expected


@pytest.mark.parametrize(("app", "missing"), [("WorkFlowEngine", UNDEFINED), ("Jira", None)])
def test_a_missing_job_variable_is_undefined_for_the_engines_own_tasks_only(
    state: JobState, app: str, missing: Any
) -> None:
    assert seen(state, "$var.job.nope", app) is missing


def test_a_pointer_with_a_query_decorator_gives_a_part(state: JobState) -> None:
    decorators = [{"type": "query", "pointer": "/incoming/f", "displayPath": ".deep[1]"}]
    assert seen(state, "$var.a1.out#/deep/1/a~1b", decorators=decorators) == 2


@pytest.mark.parametrize("app", ["WorkFlowEngine", "Jira"])
def test_the_empty_pointer_is_the_whole_value(state: JobState, app: str) -> None:
    assert seen(state, "$var.a1.out#", app) == {"deep": [1, {"a/b": 2}]}
    assert seen(state, "$var.job.x#", app) == 7
    state.variables["x#"] = "of this very name"
    assert seen(state, "$var.job.x#", app) == "of this very name"


def test_the_empty_pointer_is_the_whole_value_of_an_operand(state: JobState) -> None:
    merge = {"data_to_merge": [{"key": "k", "value": {"task": "job", "variable": "x#"}}]}
    task = {"name": "merge", "app": "WorkFlowEngine", "variables": {"incoming": merge}}
    resolved = resolve_incoming("t1", task, Scope(state, "WorkFlowEngine"))
    assert resolved == {"data_to_merge": [{"key": "k", "value": 7}]}
    child = {"variables": {"n": {"task": "a1", "value": "out#"}}}
    assert resolve_child_variables(child, Scope(state, "WorkFlowEngine")) == {"n": {"deep": [1, {"a/b": 2}]}}


def test_a_pointer_to_nothing_is_the_documented_error(state: JobState) -> None:
    decorators = [{"type": "query", "pointer": "/incoming/f"}]
    with pytest.raises(LanguageError, match="Query failed for task incoming variables: f"):
        seen(state, "$var.a1.out#/nope", decorators=decorators)


def test_a_variable_map_is_resolved_one_level_deep(state: JobState) -> None:
    incoming = {"variableMap": {"a": "$var.job.x", "b": ["$var.job.x"]}}
    task = {"name": "transformation", "app": "WorkFlowEngine", "variables": {"incoming": incoming}}
    resolved = resolve_incoming("t1", task, Scope(state, "WorkFlowEngine"))
    assert resolved == {"variableMap": {"a": 7, "b": ["$var.job.x"]}}


def test_operands_of_merge_and_evaluation_are_resolved_where_they_stand(state: JobState) -> None:
    merge = {"data_to_merge": [{"key": "k", "value": {"task": "a1", "variable": "out"}}, {"key": "s", "value": "text"}]}
    task = {"name": "merge", "app": "WorkFlowEngine", "variables": {"incoming": merge}}
    assert resolve_incoming("t1", task, Scope(state, "WorkFlowEngine")) == {
        "data_to_merge": [{"key": "k", "value": {"deep": [1, {"a/b": 2}]}}, {"key": "s", "value": "text"}]
    }
    one = {
        "operand_1": {"task": "job", "variable": "x"},
        "operator": "==",
        "operand_2": {"task": "static", "variable": 7},
    }
    groups = {"evaluation_groups": [{"evaluations": [one]}]}
    task = {"name": "evaluation", "app": "WorkFlowEngine", "variables": {"incoming": groups}}
    assert resolve_incoming("t1", task, Scope(state, "WorkFlowEngine")) == {
        "evaluation_groups": [{"evaluations": [{"operand_1": 7, "operator": "==", "operand_2": 7}]}]
    }


def test_a_child_gets_its_variables_resolved_and_those_never_set_stay_absent(state: JobState) -> None:
    incoming = {
        "task": "",
        "variables": {
            "a": {"task": "job", "value": "x"},
            "b": {"task": "static", "value": "$var.job.x"},
            "c": {"task": "job", "value": "nope"},
            "d": {"task": "a1", "value": "gone"},
        },
    }
    task = {"name": "childJob", "app": "WorkFlowEngine", "variables": {"incoming": incoming}}
    scope = Scope(state, "WorkFlowEngine")
    resolved = resolve_incoming("t1", task, scope)
    assert resolved == {**incoming, "task": "t1"}
    assert resolve_child_variables(resolved, scope) == {"a": 7, "b": "$var.job.x", "d": None}


def test_4_1_a_pointer_needs_no_decorator_and_a_name_that_is_there_whole_comes_first(state: JobState) -> None:
    assert seen(state, "$var.a1.out#/deep/0") == 1
    state.variables |= {"x#/deep": "named so", "#/x": "without a base"}
    assert seen(state, "$var.job.x#/deep") == "named so"
    assert seen(state, "$var.job.#/x") == "without a base"


def test_4_1_a_pointer_one_level_deep(state: JobState) -> None:
    incoming = {"variableMap": {"a": "$var.a1.out#/deep/0", "b": ["$var.a1.out#/deep/0"]}}
    task = {"name": "transformation", "app": "WorkFlowEngine", "variables": {"incoming": incoming}}
    resolved = resolve_incoming("t1", task, Scope(state, "WorkFlowEngine"))
    assert resolved == {"variableMap": {"a": 1, "b": ["$var.a1.out#/deep/0"]}}


@pytest.mark.parametrize("index", ["01", "-1", "2", "\u0661", "1e0", "length", "9" * 5000])
def test_4_1_an_index_is_written_as_json_pointers_have_it(state: JobState, index: str) -> None:
    with pytest.raises(LanguageError, match="Query failed for task incoming variables: f"):
        seen(state, f"$var.a1.out#/deep/{index}")


def operand(name: str, reference: Any) -> dict[str, Any]:
    """The task's incoming values with the reference as an operand, as deep as its kind has them."""
    first = [{"all_true_flag": True, "evaluations": [{"operand_1": reference, "operator": "==", "operand_2": 0}]}]
    second = [*first, {"evaluations": [{"operand_1": 0, "operator": "==", "operand_2": reference}]}]
    return {
        "merge": {"data_to_merge": [{"key": "k", "value": reference}]},
        "deepmerge": {"data_to_merge": [{"key": "", "value": 0}, {"key": "", "value": reference}]},
        "evaluation": {"evaluation_groups": second},
        "decision": {"decisionArray": [{**one, "taskId": "b2"} for one in second]},
    }[name]


@pytest.mark.parametrize("name", ["merge", "deepmerge", "evaluation", "decision"])
def test_4_1_a_pointer_in_any_operand_gives_the_part(state: JobState, name: str) -> None:
    incoming = operand(name, {"task": "a1", "variable": "out#/deep/1/a~1b"})
    task = {"name": name, "app": "WorkFlowEngine", "variables": {"incoming": incoming}}
    assert resolve_incoming("t1", task, Scope(state, "WorkFlowEngine")) == operand(name, 2)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("merge", "data_to_merge/0"),
        ("deepmerge", "data_to_merge/1"),
        ("evaluation", "evaluation_groups/0/evaluations/0/operand_1"),
        ("decision", "decisionArray/0/evaluations/0/operand_1"),
    ],
)
@pytest.mark.parametrize("reference", ["out#/nope", "gone#/deep", "out#/deep/5"])
def test_4_1_an_operand_whose_pointer_leads_nowhere_is_an_error_by_its_place(
    state: JobState, name: str, place: str, reference: str
) -> None:
    incoming = operand(name, {"task": "a1", "variable": reference})
    task = {"name": name, "app": "WorkFlowEngine", "variables": {"incoming": incoming}}
    with pytest.raises(LanguageError) as refused:
        resolve_incoming("t1", task, Scope(state, "WorkFlowEngine"))
    assert refused.value.message == f"Query failed for task incoming variables: {place}"


def test_4_1_a_pointer_in_a_literal_is_text(state: JobState) -> None:
    incoming = operand("merge", {"task": "static", "variable": "x#/deep"})
    task = {"name": "merge", "app": "WorkFlowEngine", "variables": {"incoming": incoming}}
    assert resolve_incoming("t1", task, Scope(state, "WorkFlowEngine")) == operand("merge", "x#/deep")


def test_4_1_pointers_in_the_variables_of_a_child(state: JobState) -> None:
    incoming = {
        "variables": {"a": {"task": "a1", "value": "out#/deep/0"}, "b": {"task": "static", "value": "x#/y"}},
        "loopType": "",
    }
    scope = Scope(state, "WorkFlowEngine")
    assert resolve_child_variables(incoming, scope) == {"a": 1, "b": "x#/y"}
    nowhere = {"variables": {"a": {"task": "job", "value": "nope#/x"}}}
    with pytest.raises(LanguageError, match="Query failed for task incoming variables: variables/a"):
        resolve_child_variables(nowhere, scope)
    assert resolve_child_variables({**nowhere, "loopType": "parallel"}, scope) == {}  # the elements are used instead


@pytest.mark.parametrize("task", ["runCode", "runService", "runAgent"])
def test_4_1_the_tasks_that_run_something_are_resolved_one_level_deep(state: JobState, task: str) -> None:
    key = {"runCode": "data", "runService": "params", "runAgent": "inputs"}[task]
    definition = {"name": task, "app": "GatewayManager", "variables": {"incoming": {key: {"x": "$var.job.x"}}}}
    assert resolve_incoming("t1", definition, Scope(state, "GatewayManager")) == {key: {"x": 7}}


@pytest.mark.parametrize("app", ["WorkFlowEngine", "Jira"])
@pytest.mark.parametrize("written", ["$var.c3.out", "$var.a1.absent"])
def test_4_4_outputs_that_there_are_not_are_null_for_every_app(state: JobState, app: str, written: str) -> None:
    assert seen(state, written, app) is None


def test_4_4_the_output_of_a_task_that_was_closed_is_null_whatever_it_held(state: JobState) -> None:
    state.tasks["a1"].never_runs = True
    assert seen(state, "$var.a1.out") is None


@pytest.mark.parametrize(
    ("name", "incoming"),
    [
        ("merge", {"data_to_merge": [{"key": "k", "value": {"task": "job", "variable": "nope"}}]}),
        ("deepmerge", {"data_to_merge": [{"key": "k", "value": {"task": "job", "variable": "nope"}}]}),
    ],
)
def test_4_4_a_missing_job_variable_is_undefined_among_the_operands(
    state: JobState, name: str, incoming: dict[str, Any]
) -> None:
    task = {"name": name, "app": "WorkFlowEngine", "variables": {"incoming": incoming}}
    (entry,) = resolve_incoming("t1", task, Scope(state, "WorkFlowEngine"))["data_to_merge"]
    assert entry["value"] is UNDEFINED


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("$var.job.size", "size"),
        ("$var.job.size.of it", "size.of it"),
        ("$var.job.size#/a", "size#/a"),
        ("$var.job.", ""),
        ("$var.job", None),
        ("$var.a1.size", None),
        (" $var.job.size", None),
        ({"task": "job", "variable": "size"}, None),
        (None, None),
    ],
)
def test_a_job_variable_is_named_by_a_whole_text(value: Json, name: str | None) -> None:
    assert job_variable_of(value) == name


@pytest.mark.parametrize(
    ("value", "written"),
    [("$var.a1.size", True), ("$var.a1", True), ("$var", False), ("a $var.a1.b", False), (1, False)],
)
def test_what_begins_as_a_reference_is_written_as_one(value: Json, written: bool) -> None:
    assert is_reference(value) is written


def test_no_other_module_spells_references() -> None:
    root = Path(__file__).parents[3]
    sources = [path for layer in ("resolvers", "models") for path in (root / layer).rglob("*.py")]
    spelling = [path.name for path in sources if re.search(r"[\"']\$var\.(job\.)?[\"']", path.read_text())]
    assert spelling == ["references.py"]
