"""What may go wrong is said on the job when it starts (reference/execution.md#kinds-of-task and #retries)."""

import pytest
from jobyard.models.documents.warnings import MOST_WARNINGS, forms_of, warnings_of
from jobyard.models.engine.graph import compile_graph
from jobyard.models.json import JsonObject, text_at

from ...documents import chain, task


def provided(definition: JsonObject) -> bool:
    return text_at(definition, "app") == "WorkFlowEngine"


def test_2_an_unknown_app_or_adapter_is_a_warning() -> None:
    adapter = {**task("getTicket", app="Jira"), "location": "Adapter"}
    document = chain("w", a1=task("delay", time=1), b2=adapter, c3=task("runCode", app="GatewayManager"))
    ended = ", and the task will end in error."
    assert warnings_of(document, compile_graph(document), provided) == [
        {
            "task": "b2",
            "name": "getTicket",
            "message": f"No provider for Jira.getTicket: this server has no such adapter or task{ended}",
        },
        {
            "task": "c3",
            "name": "runCode",
            "message": f"No provider for GatewayManager.runCode: this server has no such application or task{ended}",
        },
    ]


def test_7_an_error_handler_is_accepted_and_warned_of() -> None:
    document = {**chain("w", a1=task("delay", time=1)), "errorHandler": "error_handler"}
    (warning,) = warnings_of(document, compile_graph(document), provided)
    assert (warning["task"], warning["name"]) == ("error_handler", "w")
    assert warning["message"].startswith("The error handler is not run")


def test_a_workflow_of_unknown_tasks_does_not_fill_its_jobs_with_warnings() -> None:
    document = chain("w", **{f"t{number}": task("x", app="Nobody") for number in range(MOST_WARNINGS + 5)})
    assert len(warnings_of(document, compile_graph(document), provided)) == MOST_WARNINGS


def messages(document: JsonObject) -> list[tuple[str, str]]:
    return [(one["task"], one["message"]) for one in warnings_of(document, compile_graph(document), lambda _: True)]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"scheduled": True}, "It is `scheduled` for certain times only"),
        ({"actor": "b2"}, "Its `actor` 'b2' is not followed: the engine runs it"),
        ({"actor": "job", "type": "manual"}, "Its `actor` 'job' is not followed: whoever may see it can work it"),
        ({"runWindow": {"from": 1}}, "Its field `runWindow` is not known here"),
        ({"variables": {"decorators": [{"type": "mask", "pointer": "/incoming/x"}]}}, "A decorator of the type 'mask'"),
    ],
)
def test_what_a_task_asks_for_and_does_not_get_is_said(more: JsonObject, said: str) -> None:
    ((id, message),) = messages(chain("w", a1={**task("delay", time=1), **more}))
    assert id == "a1"
    assert message.startswith(said)


@pytest.mark.parametrize(
    ("more", "said"),
    [({"sla": 5000}, "Its `sla` of 5000 ms"), ({"onCancel": {"task": "a1"}}, "Its field `onCancel` is not known here")],
)
def test_what_a_workflow_asks_for_and_does_not_get_is_said(more: JsonObject, said: str) -> None:
    ((id, message),) = messages({**chain("w", a1=task("delay", time=1)), **more})
    assert id == "job"
    assert message.startswith(said)


@pytest.mark.parametrize(
    ("edge", "said"),
    [
        ({"type": "compensate"}, "The type 'compensate' of its edge to workflow_end is not known"),
        ({"condition": "x > 1"}, "The field `condition` of its edge to workflow_end is not known here"),
    ],
)
def test_what_an_edge_asks_for_and_does_not_get_is_said(edge: JsonObject, said: str) -> None:
    document = chain("w", a1=task("delay", time=1))
    document["transitions"]["a1"]["workflow_end"] |= edge
    ((id, message),) = messages(document)
    assert id == "a1"
    assert message.startswith(said)


def test_what_asks_for_nothing_is_said_nothing_of() -> None:
    idle = {"scheduled": False, "actor": "Pronghorn", "runWindow": None, "matched": [{"key": "x"}], "taskVersion": 2}
    document = {**chain("w", a1={**task("delay", time=1), **idle}), "sla": 0, "onCancel": {}, "uuid": "u"}
    document["tasks"]["b2"] = {**task("delay", time=1), "scheduled": True}  # nothing leads to it
    assert messages(document) == []
    owned = {**task("childJob", workflow="x", variables={}), "actor": "job"}
    assert messages(chain("w", a1=owned)) == []


def test_a_form_that_was_never_imported_is_said_of_each_task_that_shows_it() -> None:
    form = {**task("ShowFormByName", app="FormBuilder", form_name="Gone"), "type": "manual"}
    referred = {**task("ShowJsonForm", app="JsonForms", form_id="$var.job.form"), "type": "manual"}
    document = chain("w", a1=form, b2=referred)
    graph = compile_graph(document)
    assert forms_of(graph) == {"Gone"}
    (warning,) = warnings_of(document, graph, lambda _: True, {"Gone"})
    assert (warning["task"], warning["name"]) == ("a1", "ShowFormByName")
    assert warning["message"].startswith("Its form 'Gone' was never imported")
    assert warnings_of(document, graph, lambda _: True, set()) == []
