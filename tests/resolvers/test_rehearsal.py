"""Rehearsing: what is the same passes, and what differs is named."""

from typing import Any

import pytest
from jobyard.resolvers.clock import wall_clock
from jobyard.resolvers.simulate.rehearsal import rehearse, rehearse_transformation
from jobyard.resolvers.simulate.results import MOST_ROUNDS, together

from ..documents import chain, task

pytestmark = pytest.mark.anyio

CALL = chain(
    "call",
    a1=task("getTicket", app="Jira", outgoing={"result": "$var.job.ticket"}, id="$var.job.id", adapter_id="jira"),
    b2=task(
        "query", outgoing={"return_data": "$var.job.title"}, pass_on_null=False, query="title", obj="$var.a1.result"
    ),
)

UNRECORDED = (
    "{} is not called in a rehearsal, which reaches nothing outside. "
    "Record its answer in `stubs` of the case, or let --stub-adapters answer it."
)

WAITS = "task {} waits for a person: say in `manual` how it is finished, or record an answer in `stubs`"


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
    result = await rehearse(case(stubs={}, now=0))
    assert result.status == "error"
    assert result.errors[0] == {"task": "a1", "message": UNRECORDED.format("Jira.getTicket"), "timestamp": 0}


async def test_what_only_a_server_calls_says_that_a_rehearsal_does_not() -> None:
    result = await rehearse(chain("call", a1=task("restCall", uri="http://127.0.0.1:1/")))
    assert result.errors[0]["message"] == UNRECORDED.format("WorkFlowEngine.restCall")


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
    assert (await rehearse(nobody)).differences == [
        "status is running, not complete",
        "it took 0 ms, less than 90000",
        WAITS.format("a1 (WorkFlowEngine.ViewData)"),
    ]
    assert (await rehearse({**nobody, "expect": {"status": "running"}})).differences == []


def approval() -> dict[str, Any]:
    """A task of an application that is not here, which a person works."""
    return {**task("ViewThing", app="OtherApp", outgoing={"choice": "$var.job.choice"}, data=1), "type": "manual"}


@pytest.mark.parametrize("stub_adapters", [False, True])
async def test_a_manual_task_of_any_application_is_for_the_people_of_the_case(*, stub_adapters: bool) -> None:
    told = {"workflows": [chain("ask", a1=approval())], "start": {"workflow": "ask"}}
    waits = await rehearse(told, stub_adapters=stub_adapters)
    assert (waits.status, waits.stubbed) == ("running", [])
    assert waits.differences == ["status is running, not complete", WAITS.format("a1 (OtherApp.ViewThing)")]
    finished = {**told, "manual": [["a1", "success", {"choice": "yes"}]]}
    shown = {"status": "complete", "variables_contain": {"choice": "yes"}, "manual_task_shows": {"a1": {"data": 1}}}
    assert (await rehearse({**finished, "expect": shown}, stub_adapters=stub_adapters)).differences == []
    refused = await rehearse({**told, "manual": [["a1", "failure"]]}, stub_adapters=stub_adapters)
    assert refused.status == "error"
    recorded = {**told, "stubs": {"a1": {"outgoing": {"choice": "recorded"}}}}
    assert (await rehearse(recorded, stub_adapters=stub_adapters)).differences == []


async def test_a_child_that_waits_for_a_person_is_named_with_its_task() -> None:
    parent = chain("parent", c3=task("childJob", workflow="ask", variables={}, loopType=""))
    told = {"workflows": [parent, chain("ask", a1=approval())], "start": {"workflow": "parent"}}
    assert (await rehearse(told)).differences == [
        "child 'ask' of task c3 waits for a person: task a1 (OtherApp.ViewThing)",
        "status is running, not complete",
    ]


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


ASK = {**chain("ask", a1=approval())}
ASKED: dict[str, Any] = {"workflows": [ASK], "start": {"workflow": "ask"}, "manual": [["a1", "success"]]}
STATES = '"success" or "failure"'


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"manual": [["a1", "sucess"]]}, f"`manual`, entry 1, the finish state of a1 must be {STATES}, not 'sucess'"),
        ({"manual": [["a1", "Failure"]]}, f"`manual`, entry 1, the finish state of a1 must be {STATES}, not 'Failure'"),
        ({"manual": [["a1"]]}, "`manual`, entry 1, must be [taskId, "),
        ({"manual": ["a1"]}, "`manual`, entry 1, must be [taskId, "),
        ({"manual": [["a1", "success", {}, 1]]}, "`manual`, entry 1, must be [taskId, "),
        ({"manual": [["a1", "success", "yes"]]}, "`manual`, entry 1, what task a1 gives must be an object, not 'yes'"),
        ({"manual": {"a1": "success"}}, "`manual` must be a list, not "),
        ({"expects": {"status": "error"}}, "the case has an unknown key `expects`: allowed are `id`, "),
        ({"stub": {}}, "the case has an unknown key `stub`: "),
        ({"stub_adapters": "yes"}, "`stub_adapters` must be true or false, not 'yes'"),
        ({"expect": {"variable_contain": {}}}, "`expect` has an unknown key `variable_contain`: allowed are `st"),
        ({"expect": {"status": "completed"}}, "`expect`, `status` must be "),
        ({"expect": {"status": ["complete"]}}, "`expect`, `status` must be "),
        ({"expect": {"variables_contain": ["x"]}}, "`expect`, `variables_contain` must be an object, not ['x']"),
        ({"expect": {"min_run_time_ms": "1"}}, "`expect`, `min_run_time_ms` must be a number of at least 0, not '1'"),
        ({"expect": {"manual_task_shows": {"a1": 1}}}, "`expect`, `manual_task_shows`, `a1` must be an object, not 1"),
        ({"expect": "complete"}, "`expect` must be an object"),
        ({"stubs": {"a1": {"expect": {}}}}, "`stubs`, `a1` has an unknown key `expect`: allowed are `expect_in"),
        ({"stubs": {"a1": {"outgoing": []}}}, "`stubs`, `a1`, `outgoing` must be an object, not []"),
        ({"stubs": {"a1": {"writes_job_variables": 1}}}, "`stubs`, `a1`, `writes_job_variables` must be true or f"),
        ({"start": {"workflow": "ask", "option": {}}}, "`start` has an unknown key `option`: allowed are `workflow`, "),
        ({"start": {"workflow": "ask", "options": {"variable": {}}}}, "`start`, `options` has an unknown key `variab"),
        ({"start": {}}, "the case needs `start`, which names a workflow: "),
        ({"workflows": ASK}, "`workflows` must be a list of objects, not "),
        ({"rules": "ignore"}, "`rules` must be an object, not 'ignore'"),
    ],
)  # fmt: skip
async def test_a_case_with_a_wrong_key_or_value_does_not_run_and_names_it(wrong: dict[str, Any], said: str) -> None:
    result = await rehearse({**ASKED, **wrong})
    (fault,) = result.differences
    assert (result.status, result.tasks) == ("not started", 0)
    assert fault.startswith(said)


async def test_every_fault_of_a_case_is_named_and_null_is_as_if_left_out() -> None:
    result = await rehearse({**ASKED, "expects": {}, "manual": 1})
    assert len(result.differences) == 2
    assert (await rehearse({**ASKED, "expect": None, "stubs": None, "forms": None})).differences == []


@pytest.mark.parametrize("document", [{}, {"_id": "p1", "name": "A project", "components": []}])
async def test_what_is_no_case_is_told_what_one_is(document: dict[str, Any]) -> None:
    (fault,) = (await rehearse(document)).differences
    assert fault.startswith("this is no case: a case is an object with `workflows` and with `start`")


async def test_what_is_expected_to_be_shown_is_compared_whoever_acts() -> None:
    waits = {**ASKED, "manual": [], "expect": {"status": "running", "manual_task_shows": {"a1": {"data": 2}}}}
    assert (await rehearse(waits)).differences == ["task a1 shows data: 1, not 2"]
    misspelt = {**ASKED, "expect": {"manual_task_shows": {"a11": {"data": 1}}}}
    assert (await rehearse(misspelt)).differences == ["task a11 of `manual_task_shows` was never shown to anybody"]


async def test_the_least_time_of_a_case_may_be_a_fraction() -> None:
    told = {**ASKED, "expect": {"min_run_time_ms": 0.5}}
    assert (await rehearse(told)).differences == ["it took 0 ms, less than 0.5"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (1, "this is no case: it must be an object with `document`, "),
        ({"document": {}}, "the case has no `expectedOutput`"),
        ({"document": {}, "expectedOuput": 1, "expectedOutput": None}, "the case has an unknown key `expectedOuput`: "),
        ({"document": [], "expectedOutput": 1}, "`document` must be an object, not []"),
    ],
)  # fmt: skip
def test_a_case_of_a_transformation_with_a_wrong_key_or_value_does_not_run(wrong: Any, said: str) -> None:
    (fault,) = rehearse_transformation(wrong)
    assert fault.startswith(said)


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


MOMENT = "2026-03-29T01:30:00.000Z"
EPOCH = 1774747800000


@pytest.mark.parametrize("now", [MOMENT, EPOCH])
async def test_the_clock_starts_at_the_moment_of_the_case_and_advances_with_the_delays(now: Any) -> None:
    clock = chain("clock", a1=task("delay", time=90), b2=task("getTime", outgoing={"time": "$var.job.t"}, format="x"))
    told = {"workflows": [clock], "start": {"workflow": "clock"}, "now": now}
    later = {"time": str(EPOCH + 90_000), "formatString": "x"}
    result = await rehearse({**told, "expect": {"status": "complete", "variables_contain": {"t": later}}})
    assert (result.differences, result.milliseconds) == ([], 90_000)


async def test_without_a_moment_the_clock_starts_now() -> None:
    result = await rehearse(case(stubs={}))
    assert abs(result.errors[0]["timestamp"] - wall_clock()) < 600_000


@pytest.mark.parametrize("now", ["yesterday", -1, True])
async def test_a_moment_that_is_none_is_refused(now: Any) -> None:
    (fault,) = (await rehearse(case(now=now))).differences
    assert fault.startswith("`now` must be a moment: ISO-8601 text or milliseconds since the epoch, not")


NEEDS = {"type": "object", "properties": {"x": {"type": "number"}}, "required": ["x"]}


@pytest.mark.parametrize(("variables", "fault"), [({"x": "1"}, "/x must be number"), ({}, "required property 'x'")])
async def test_a_start_that_a_server_refuses_is_refused(variables: dict[str, Any], fault: str) -> None:
    requires = {**chain("needs", a1=task("delay", time=1)), "inputSchema": NEEDS}
    told = {"workflows": [requires], "start": {"workflow": "needs", "options": {"variables": variables}}}
    result = await rehearse(told)
    assert result.status == "not started"
    assert result.differences[0].startswith("The variables do not fit the input schema of workflow 'needs':")
    assert fault in result.differences[0]
    assert (await rehearse({**told, "rules": {"input_validation": "lenient"}})).status == "complete"


async def test_a_draft_is_not_started() -> None:
    draft = {**chain("draft", a1=task("delay", time=1)), "errors": [{"message": "x"}]}
    assert (await rehearse(draft)).status == "not started"


@pytest.mark.parametrize("rules", [{}, {"input_validation": "lenient"}])
async def test_the_elements_of_a_loop_are_held_against_the_schema_of_the_child(rules: dict[str, Any]) -> None:
    child = {**chain("needs", a1=task("delay", time=1)), "inputSchema": NEEDS}
    loop = task("childJob", workflow="needs", variables={}, data_array=[{"x": 1}, {"x": "2"}], loopType="sequential")
    result = await rehearse({"workflows": [chain("p", c3=loop), child], "start": {"workflow": "p"}, "rules": rules})
    assert result.status == "error"
    assert result.errors[0]["message"] == "Schema validation failed on /x must be number"


async def test_what_the_server_gives_is_not_asked_of_a_start() -> None:
    asks = {"type": "object", "properties": {"_id": {"type": "string"}}, "required": ["_id", "initiator"]}
    assert (await rehearse({**chain("w", a1=task("delay", time=1)), "inputSchema": asks})).status == "complete"


def polling() -> dict[str, Any]:
    """Asks, and comes back to ask again, until the answer says so."""
    ask = {**task("getThing", app="Dev", outgoing={"result": None}), "location": "Adapter", "type": "automatic"}
    look = task("query", pass_on_null=False, query="response.done", obj="$var.a1.result")
    document = chain("poll", a1=ask, c3=look)
    document["tasks"]["e5"] = task("delay", time=5)
    document["transitions"]["c3"]["e5"] = {"type": "standard", "state": "failure"}
    document["transitions"]["e5"] = {"a1": {"type": "revert", "state": "success"}}
    return document


async def test_a_loop_that_polls_without_an_end_is_ended_by_name() -> None:
    result = await rehearse(polling(), stub_adapters=True)
    assert result.status == "running"
    assert result.differences[0].startswith(
        f"task a1 (Dev.getThing) polls without an end: e5 (WorkFlowEngine.delay) went back to it {MOST_ROUNDS} times"
    )


async def test_a_loop_that_polls_and_ends_is_left_alone() -> None:
    told = {"workflows": [polling()], "start": {"workflow": "poll"}}
    answers = {"a1": {"outgoing": {"result": {"response": {"done": True}}}}}
    assert (await rehearse({**told, "stubs": answers})).differences == []


async def test_it_says_which_tasks_and_edges_it_went_through() -> None:
    told = {"workflows": [polling()], "start": {"workflow": "poll"}}
    at_once = await rehearse({**told, "stubs": {"a1": {"outgoing": {"result": {"response": {"done": True}}}}}})
    (covered,) = at_once.coverage
    assert (covered.figures["tasks"], covered.figures["tasks_missed"]) == (3, ["e5"])
    assert covered.figures["edges_missed"] == [["c3", "e5", "failure"], ["e5", "a1", "success"]]
    assert str(covered) == "poll: 2 of 3 tasks, 3 of 5 edges; not: e5, c3 -failure-> e5, e5 -success-> a1"
    (round_and_round,) = (await rehearse(polling(), stub_adapters=True)).coverage
    assert round_and_round.figures["edges_missed"] == [["c3", "workflow_end", "success"]]
    (both,) = together([covered, round_and_round])
    assert (both.figures["tasks_missed"], both.figures["edges_missed"]) == ([], [])
