"""What may go wrong is said on the job when it starts (execution facts, 2 and 7)."""

from jobyard.models.documents.warnings import MOST_WARNINGS, warnings_of
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
