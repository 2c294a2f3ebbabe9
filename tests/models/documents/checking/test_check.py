"""The check as a whole."""

from jobyard.models.lint import Known, check_workflow, mentioned

from ....documents import chain, task
from .findings import found


def test_errors_come_first_and_a_finding_is_an_entry_of_the_lists() -> None:
    workflow = chain("w", a1=task("ask", app="Jira"), b2=task("", app="Jira"))
    findings = check_workflow({**workflow, "errorHandler": 1, "errors": [1]}, Known())
    assert [(one.severity, one.task) for one in findings] == [
        ("error", "b2"),
        ("error", None),
        ("warning", "a1"),
        ("warning", None),
    ]
    assert findings[0].documented == {
        "task": "b2",
        "name": "",
        "message": "It has no `name`: nobody can tell what to do",
    }
    assert findings[1].documented["name"] == "w"


def test_of_very_many_findings_the_first_are_told_and_how_many_more() -> None:
    tasks = {f"a{number}": task("stub", response="$var.ff.x") for number in range(250)}
    findings = found(chain("w", **tasks))
    assert len(findings) == 201
    assert findings[-1] == "error There are 50 more errors"


def test_a_chain_too_long_to_compare_every_pair_of_tasks_is_checked_for_the_rest() -> None:
    tasks = {f"a{number}": task("stub", response="$var.a2999.response") for number in range(3000)}
    tasks["a0"] = task("stub", response="$var.ff.x")
    assert found(chain("w", **tasks)) == ["error task a0 (stub): It reads 'x' of task ff, and there is no such task"]


def test_what_a_workflow_mentions() -> None:
    workflow = chain(
        "w",
        a=task("transformation", tr_id="1"),
        b=task("childJob", workflow="child", transformation="2"),
        c=task("renderJinjaTemplate", app="TemplateBuilder", name="t"),
        d=task("ShowJsonForm", app="JsonForms", form_id="f"),
        e=task("childJob", workflow=""),
    )
    names = mentioned(workflow)
    assert (names.transformations, names.workflows, names.templates, names.forms) == (
        {"1", "2"},
        {"child"},
        {"t"},
        {"f"},
    )
