"""What each task needs (reference/execution.md#kinds-of-task)."""

from typing import Any

import pytest
from jobyard.models.lint import transformation_names

from ....documents import chain, task
from .findings import found

TRANSFORMATION = {
    "_id": "0123456789abcdef01234567",
    "name": "t",
    "incoming": [{"$id": "a"}, {"$id": "b", "default": 1}, {"$id": "c", "optional": True}],
    "outgoing": [{"$id": "x"}],
    "steps": [
        {"id": 1, "type": "method", "library": "Array", "method": "summon", "args": []},
        {"id": 2, "type": "declaration", "method": "new Wish", "args": []},
    ],
    "functions": [{"id": "f", "steps": [{"id": 1, "type": "method", "library": "Math", "method": "guess"}]}],
}
KNOWN = {TRANSFORMATION["_id"]: transformation_names({**TRANSFORMATION, "steps": [], "functions": []})}


def of(a1: dict[str, Any], **known: Any) -> list[str]:
    return found(chain("w", a1=a1), **{"transformations": KNOWN, "workflows": {"child"}, **known})


def transforming(**incoming: Any) -> dict[str, Any]:
    given = {"tr_id": TRANSFORMATION["_id"], "variableMap": {"a": 1}, "options": {"validateIncoming": True}}
    return task("transformation", **{**given, **incoming})


def evaluating(**evaluation: Any) -> dict[str, Any]:
    one = {"operand_1": {"task": "static", "variable": 1}, "operator": "==", "operand_2": {"task": "static"}}
    return task("evaluation", evaluation_groups=[{"evaluations": [{**one, **evaluation}]}])


@pytest.mark.parametrize(
    ("a1", "finding"),
    [
        (
            task("getTicket", app="Jira"),
            "warning task a1 (getTicket): No provider here for Jira: getTicket (a1) will end in error",
        ),
        ({**task("query"), "app": None}, "error task a1 (query): It has no `app`: nobody can tell what to do"),
        ({**task("query"), "name": ""}, "error task a1 (): It has no `name`: nobody can tell what to do"),
        (task("query", what=1), 'warning task a1 (query): Cannot find match for input: "what" from model'),
        (
            task("query", outgoing={"what": None}),
            'warning task a1 (query): Cannot find match for output: "what" from model',
        ),
        (
            task("query", outgoing={"return_data": "found"}),
            "warning task a1 (query): Outgoing 'return_data' goes nowhere: it must be empty or $var.job.NAME",
        ),
        (
            {**task("ViewData"), "type": "manual"},
            "warning task a1 (ViewData): A manual task without a view: a front end may not show it",
        ),
        (
            task("query", query="a[x=1&b]"),
            None,
        ),
        (
            task("query", query="x" * 10_001),
            "error task a1 (query): The query cannot be read: A query of 10001 characters is over the limit of 10000.",
        ),
        (
            evaluating(rightQuery="x" * 10_001),
            "error task a1 (evaluation): The query cannot be read: "
            "A query of 10001 characters is over the limit of 10000.",
        ),
        (
            task("evaluation", evaluation_groups=[{"evaluations": []}]),
            "error task a1 (evaluation): It compares nothing: `evaluation_groups` holds no evaluation",
        ),
        (
            evaluating(operator="==="),
            "warning task a1 (evaluation): The operator '===' is unknown: it is never true",
        ),
        (task("newVariable", name=""), "error task a1 (newVariable): 'name' must name a job variable"),
        (task("pop"), "error task a1 (pop): 'job_variable' must name a job variable"),
        (task("childJob", workflow=""), "error task a1 (childJob): Error starting child job: no workflow is named"),
        (task("childJob", workflow="other"), "warning task a1 (childJob): Cannot find workflow other here"),
        (
            task("childJob", workflow="child", loopType="often"),
            "error task a1 (childJob): 'loopType' must be empty, parallel or sequential, not 'often'",
        ),
        (
            task("childJob", workflow="child", loopType="parallel", data_array=""),
            "error task a1 (childJob): It loops over nothing: 'data_array' is empty",
        ),
        (
            task("childJob", workflow="child", loopType="parallel", data_array=[1], transformation="7"),
            "error task a1 (childJob): There is no transformation '7' here",
        ),
        (transforming(tr_id=""), "error task a1 (transformation): 'tr_id' names no transformation"),
        (transforming(tr_id="7"), "error task a1 (transformation): There is no transformation '7' here"),
        (
            transforming(variableMap={}),
            "error task a1 (transformation): Missing one of the following required instances: a",
        ),
        (
            transforming(variableMap={"a": 1, "z": 1}),
            'warning task a1 (transformation): Cannot find match for input: "z" from model',
        ),
        (
            {**transforming(), "variables": {**transforming()["variables"], "outgoing": {"z": None}}},
            'warning task a1 (transformation): Cannot find match for output: "z" from model',
        ),
        (
            task("renderJinjaTemplate", app="TemplateBuilder", name="greeting"),
            "warning task a1 (renderJinjaTemplate): There is no template 'greeting' here",
        ),
        (
            task("ShowJsonForm", app="JsonForms", form_id="order"),
            "warning task a1 (ShowJsonForm): There is no form 'order' here",
        ),
    ],
)
def test_what_a_task_lacks(a1: dict[str, Any], finding: str | None) -> None:
    others = {("TemplateBuilder", "renderJinjaTemplate"), ("JsonForms", "ShowJsonForm")}
    findings = of(a1, offers=lambda location, app, name: (app, name) in others)
    assert findings == ([] if finding is None else [finding])


@pytest.mark.parametrize(
    "a1",
    [
        transforming(),
        transforming(variableMap="$var.job._id"),
        transforming(variableMap={}, options={}),
        transforming(tr_id="$var.job._id"),
        task("childJob", workflow="$var.job._id", loopType="$var.job._id"),
        task("childJob", workflow="child", loopType=None),
        task("query", query="$var.job._id", job_id=""),
        task("evaluation", evaluation_groups="$var.job._id"),
    ],
)
def test_what_only_the_job_will_tell_is_no_finding(a1: dict[str, Any]) -> None:
    assert of(a1) == []


def test_defaults_count_unless_the_task_says_otherwise() -> None:
    without = transforming(options={"validateIncoming": True, "revertToDefaultValue": False})
    assert of(without) == ["error task a1 (transformation): Missing one of the following required instances: b"]


def test_a_transformation_with_methods_that_nobody_has() -> None:
    known = {TRANSFORMATION["_id"]: transformation_names(TRANSFORMATION)}
    assert of(transforming(), transformations=known) == [
        "warning task a1 (transformation): The transformation 't' uses unknown methods: "
        "Array.summon, new Wish, Math.guess"
    ]


def test_a_transformation_that_cannot_be_read() -> None:
    functions: list[Any] = []
    for _ in range(60):
        functions = [{"id": "f", "functions": functions}]
    known = {TRANSFORMATION["_id"]: transformation_names({**TRANSFORMATION, "functions": functions})}
    assert of(transforming(), transformations=known) == [
        "error task a1 (transformation): The transformation 't' cannot run: Functions are nested deeper than 50 levels."
    ]


def test_outputs_of_a_transformation_are_its_outgoing_values() -> None:
    assert found(
        chain("w", a1=transforming(), b2=task("stub", response="$var.a1.x"), c3=task("stub", response="$var.a1.y")),
        transformations=KNOWN,
    ) == ["error task c3 (stub): It reads 'y' of task a1, which declares no such output"]


def test_an_application_that_nobody_provides_is_named_once() -> None:
    jira = task("getTicket", app="Jira")
    assert found(chain("w", a1=jira, b2=jira, c3=task("ask", app="Other"))) == [
        "warning task a1 (getTicket): No provider here for Jira: getTicket (a1), getTicket (b2) will end in error",
        "warning task c3 (ask): No provider here for Other: ask (c3) will end in error",
    ]


def test_known_templates_and_forms_are_no_finding() -> None:
    tasks = {
        "a1": task("renderJinjaTemplate", app="TemplateBuilder", name="greeting"),
        "b2": task("ShowJsonForm", app="JsonForms", form_id="order"),
    }
    assert found(chain("w", **tasks), offers=lambda *_: True, templates={"greeting"}, forms={"order"}) == []


def test_a_draft_cannot_be_started() -> None:
    draft = {**chain("w", a1=task("stub")), "errors": [{"task": "a1", "name": "stub", "message": "?"}]}
    assert found(draft) == ["error It was saved with 1 validation error(s): no start is allowed"]


def test_an_error_handler_is_ignored() -> None:
    assert found({**chain("w", a1=task("stub")), "errorHandler": "e1"}) == ["warning Its errorHandler is ignored"]


def test_a_task_that_is_no_object() -> None:
    document = chain("w", a1=task("stub"))
    document["tasks"]["b2"] = "odd"
    assert found(document) == ["error task b2 (): It is no object: it is left out"]


AGAIN = "unless a condition ends that, until there may be no more jobs"


def test_a_child_job_of_the_same_workflow() -> None:
    assert of(task("childJob", workflow="w"), workflows={"w"}) == [
        f"warning task a1 (childJob): It starts this workflow again: {AGAIN}"
    ]


def test_a_child_job_that_leads_back_over_others() -> None:
    starting, children = task("childJob", workflow="b"), {"w": {"b"}, "b": {"c"}, "c": {"w"}}
    assert of(starting, workflows=set(children), children=children) == [
        f"warning task a1 (childJob): It starts b, which leads back to this workflow: {AGAIN}"
    ]
    assert of(starting, workflows=set(children), children={**children, "c": {"c"}}) == []
