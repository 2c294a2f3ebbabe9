"""Rehearsing: what is the same passes, and what differs is named."""

from typing import Any

import pytest
from jobyard.resolvers.rehearsal import rehearse, rehearse_transformation

from ..documents import chain, task

pytestmark = pytest.mark.anyio

CALL = chain(
    "call",
    a1=task("getTicket", app="Jira", outgoing={"result": "$var.job.ticket"}, id="$var.job.id", adapter_id="jira"),
    b2=task(
        "query", outgoing={"return_data": "$var.job.title"}, pass_on_null=False, query="title", obj="$var.a1.result"
    ),
)

NOBODY = (
    "No provider for Jira.getTicket: this server has no such task, app or adapter. "
    "Name one in the providers file (`jobyard serve --providers FILE`)."
)


def case(**more: Any) -> dict[str, Any]:
    return {
        "id": "c",
        "workflows": [CALL],
        "transformations": [],
        "start": {"workflow": "call", "options": {"variables": {"id": 7}}},
        "stubs": {"a1": {"expect_incoming": {"id": 7}, "outgoing": {"result": {"title": "t"}}}},
        "expect": {
            "status": "complete",
            "variables_exactly": {"id": 7, "title": "t"},
            "ignore_variables": ["_id", "initiator"],
        },
        **more,
    }


async def test_a_recorded_answer_is_an_output_and_is_not_mapped_to_job_variables() -> None:
    result = await rehearse(case())
    assert (result.differences, result.status, result.tasks) == ([], "complete", 2)


async def test_every_difference_is_named() -> None:
    wrong = {"a1": {"expect_incoming": {"adapter_id": "other"}, "outgoing": {"result": {"title": "other"}}}, "f00": {}}
    expect = {"status": "error", "variables_exactly": {"id": 7, "title": "t", "x": 1}, "check": {"title": "t"}}
    result = await rehearse(case(stubs=wrong, expect={**expect, "job": {"description": "d"}, "min_run_time_ms": 5}))
    assert result.differences == [
        "task a1 was called with adapter_id: 'jira', not 'other'",
        "status is complete, not error",
        "variable _id is not expected",
        "variable initiator is not expected",
        "variable title is 'other', not 't'",
        "variable x is absent, not 1",
        "title is 'other', not 't'",
        "the job's description is None, not 'd'",
        "it took 0 ms, less than 5",
        "recorded answers that were never asked for: f00",
    ]


async def test_a_recording_may_have_replaced_an_input_that_the_start_gives() -> None:
    replaced = {"a1": {"expect_incoming": {"id": 8}, "outgoing": {"result": {"title": "t"}}}}
    assert (await rehearse(case(stubs=replaced))).differences == []


def test_a_transformation_alone_is_compared_within_a_billionth() -> None:
    add = {"id": 1, "type": "method", "library": "Math", "method": "add", "args": [0.1, 0.2]}
    give = {"id": 2, "type": "assign", "from": {"location": "method", "name": 1, "ptr": "/return"}}
    steps = [add, {**give, "to": {"location": "outgoing", "name": "sum", "ptr": ""}}]
    document = {"name": "t", "incoming": [], "outgoing": [{"$id": "sum"}], "steps": steps, "functions": []}
    assert rehearse_transformation({"document": document, "incoming": {}, "expectedOutput": 0.3}) == []
    differs = rehearse_transformation({"document": document, "incoming": {}, "expectedOutput": 0.4})
    assert differs == ["it answers 0.30000000000000004, not 0.4"]


async def test_a_task_without_a_recorded_answer_ends_in_error_by_name() -> None:
    result = await rehearse(case(stubs={}))
    assert result.status == "error"
    assert result.errors[0] == {"task": "a1", "message": NOBODY, "timestamp": 0}


async def test_a_stub_answers_what_is_neither_built_in_nor_recorded() -> None:
    stubbed = {**case(stubs={}, expect={"status": "complete"}), "stub_adapters": True}
    stubbed["workflows"] = [chain("call", a1=CALL["tasks"]["a1"], b2=task("restCall", uri="http://127.0.0.1:1/"))]
    result = await rehearse(stubbed)
    assert (result.differences, result.stubbed) == ([], ["a1 Jira.getTicket", "b2 WorkFlowEngine.restCall"])
    del stubbed["stub_adapters"]
    assert (await rehearse(stubbed)).stubbed == []
    assert (await rehearse(stubbed, stub_adapters=True)).stubbed == result.stubbed


async def test_a_recorded_answer_comes_before_the_stub() -> None:
    result = await rehearse(case(), stub_adapters=True)
    assert (result.differences, result.stubbed) == ([], [])


async def test_a_case_that_expects_nothing_expects_to_be_complete() -> None:
    told = {"workflows": [CALL], "start": {"workflow": "call", "options": {"variables": {"id": 7}}}}
    result = await rehearse(told)
    assert (result.id, result.differences) == ("call", ["status is error, not complete"])


async def test_a_workflow_alone_is_rehearsed_without_variables() -> None:
    alone = chain("alone", a1=task("stub", type="success", delay="", response=1), b2=task("getTicket", app="Jira"))
    result = await rehearse(alone, stub_adapters=True)
    assert (result.id, result.status, result.differences) == ("alone", "complete", [])


async def test_people_do_what_the_case_says_and_see_what_it_expects() -> None:
    ask = chain("ask", a1=task("ViewData", header="h", body="$var.job.x"), b2=task("delay", time=90))
    ask["tasks"]["a1"]["type"] = "manual"
    told = {
        "id": "c",
        "workflows": [ask],
        "start": {"workflow": "ask", "options": {"variables": {"x": 1}}},
        "manual": [["a1", "success"]],
        "expect": {"status": "complete", "manual_task_shows": {"a1": {"body": 1}}, "min_run_time_ms": 90_000},
    }
    assert (await rehearse(told)).differences == []
    shown = {**told, "expect": {"manual_task_shows": {"a1": {"body": 2}}}}
    assert (await rehearse(shown)).differences == ["task a1 shows body: 1, not 2"]
    nobody = {**told, "manual": []}
    assert (await rehearse(nobody)).differences == ["status is running, not complete", "it took 0 ms, less than 90000"]


async def test_templates_of_the_case_are_rendered() -> None:
    render = task(
        "renderJinjaTemplate", app="TemplateBuilder", outgoing={"renderedTemplate": "$var.job.text"},
        name="hello", context="$var.job.who",
    )  # fmt: skip
    told = {
        "id": "c",
        "workflows": [chain("render", a1=render)],
        "templates": [{"name": "hello", "type": "jinja2", "template": "Hello, {{ name }}"}],
        "start": {"workflow": "render", "options": {"variables": {"who": {"name": "Ada"}}}},
        "expect": {"status": "complete", "variables_contain": {"text": "Hello, Ada"}},
    }
    assert (await rehearse(told)).differences == []
    missing = await rehearse({**told, "templates": [], "expect": {"status": "error"}})
    assert missing.differences == []
    assert missing.errors[0]["message"].startswith("Cannot find template 'hello'.")


FORM = {"id": "f1", "name": "size", "struct": {}, "schema": {"properties": {"size": {"type": "number"}}}}


def asking(form: Any, *act: Any) -> dict[str, Any]:
    ask = task("ShowJsonForm", app="JsonForms", outgoing={"export": "$var.job.answer"}, form_id="size")
    return {
        "id": "c",
        "workflows": [chain("ask", a1=ask)],
        "forms": [form],
        "start": {"workflow": "ask", "options": {}},
        "manual": [["a1", *act]],
        "expect": {"status": "complete"},
    }


async def test_what_a_person_gives_becomes_the_tasks_output() -> None:
    told = asking(FORM, "success", {"export": {"size": 3}})
    told["expect"] = {"status": "complete", "variables_contain": {"answer": {"size": 3}}}
    assert (await rehearse(told)).differences == []


async def test_an_answer_that_does_not_fit_the_form_of_the_case_is_a_difference() -> None:
    given = ("success", {"export": {"size": "large"}})
    told = ["the answer to task a1 does not fit its form: /export/size must be number"]
    assert (await rehearse(asking(FORM, *given))).differences == told
    assert (await rehearse(asking({**FORM, "name": "another"}, *given))).differences == []
    assert (await rehearse(asking(FORM, "success"))).differences == []


async def test_people_who_were_never_asked_are_named() -> None:
    told = {**case(), "manual": [["f00", "success"]]}
    assert (await rehearse(told)).differences == ["people were never asked: f00"]


async def test_children_are_played_in_their_places() -> None:
    child = chain("child", a1=task("newVariable", outgoing={"value": None}, name="doubled", value="$var.job.n"))
    parent = chain(
        "parent",
        a1=task(
            "childJob", outgoing={"job_details": "$var.job.details"}, task="", workflow="child", variables={},
            data_array="$var.job.list", transformation="", loopType="sequential",
        ),
        b2=task("query", outgoing={"return_data": "$var.job.all"}, query="loop[*].doubled", obj="$var.a1.job_details"),
    )  # fmt: skip
    told = {
        "id": "c",
        "workflows": [parent, child],
        "start": {"workflow": "parent", "options": {"variables": {"list": [{"n": 1}, {"n": 2}]}}},
        "expect": {"status": "complete", "check": {"all": [1, 2]}},
    }
    assert (await rehearse(told)).differences == []


async def test_a_case_without_its_workflow_says_so() -> None:
    assert (await rehearse(case(workflows=[]))).differences == ["the case holds no workflow 'call'"]


async def test_a_case_may_have_rules_of_its_own() -> None:
    lost = chain("lost", a1=task("query", query="nope", obj={}, pass_on_null=False))
    told = {"id": "c", "workflows": [lost], "start": {"workflow": "lost", "options": {}}}
    assert (await rehearse({**told, "expect": {"status": "error"}})).differences == []
    hanging = {**told, "rules": {"missing_transition": "hang"}, "expect": {"status": "running"}}
    assert (await rehearse(hanging)).differences == []


async def test_a_case_with_a_rule_that_there_is_not_says_so() -> None:
    result = await rehearse(case(rules={"dead_ends": "skip"}))
    assert (result.status, result.differences) == (
        "not started",
        ["The rule dead_ends cannot be 'skip': it is await or ignore."],
    )


@pytest.mark.parametrize(("rule", "status"), [("wait", "running"), ("propagate", "error")])
async def test_a_child_in_error_does_to_its_parent_what_the_rule_says(rule: str, status: str) -> None:
    child = chain("child", a1=task("stub", type="error", delay="", response="no"))
    parent = chain("parent", a1=task("childJob", task="", workflow="child", variables={}, data_array="", loopType=""))
    told = {"id": "c", "workflows": [parent, child], "start": {"workflow": "parent", "options": {}}}
    assert (await rehearse({**told, "rules": {"child_error": rule}})).status == status
