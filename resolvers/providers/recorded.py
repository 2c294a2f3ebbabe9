"""Recorded answers, by task id of one workflow; and the stub, with which every task succeeds."""

from collections.abc import Iterable, Mapping

from ...models.engine.events import ProviderCall
from ...models.engine.outcomes import Finish
from ...models.json import Json, JsonObject, array_at, is_object, object_at, text_at
from ...models.language.javascript.coercion import UNDEFINED, deeply_equal
from . import Recorded


def recorded_answers(cases: Iterable[JsonObject]) -> Recorded:
    """Answer the tasks of jobs whose workflow a case starts; a call with other values than recorded ends in error."""
    stubs = _stubs(cases)

    def answer(call: ProviderCall) -> Finish | None:
        recorded = stubs.get(call.workflow, {}).get(call.task_id)
        if recorded is None:
            return None
        stub = recorded_for(recorded, call.iteration)
        if stub is None:
            return Finish("error", error=f"Nothing is recorded for iteration {call.iteration} of task {call.task_id}.")
        keys = differing(object_at(stub, "expect_incoming"), call.incoming)
        if keys:
            error = (
                f"Task {call.task_id} was called with other values of {', '.join(keys)} than it was recorded with. "
                "Start the job with the recorded variables, or take the task out of the recording."
            )
            return Finish("error", error=error)
        return as_recorded(recorded, stub)

    return answer


def recorded_tasks(cases: Iterable[JsonObject]) -> frozenset[tuple[str, str]]:
    """Which tasks the cases answer, by (workflow, task id)."""
    return frozenset((workflow, task_id) for workflow, stubs in _stubs(cases).items() for task_id in stubs)


def _stubs(cases: Iterable[JsonObject]) -> Mapping[str, Mapping[str, JsonObject]]:
    return {
        text_at(object_at(case, "start"), "workflow"): {
            id: stub for id, stub in object_at(case, "stubs").items() if is_object(stub)
        }
        for case in cases
    }


def differing(expected: Mapping[str, object], incoming: Mapping[str, object]) -> list[str]:
    """The keys of `expected` that have another value in `incoming`; undefined there is the recording's null."""
    return [
        key
        for key, value in expected.items()
        if not deeply_equal(None if (got := incoming.get(key)) is UNDEFINED else got, value)
    ]


def recorded_for(stub: JsonObject, iteration: int) -> JsonObject | None:
    """The answer that was recorded for this iteration: one of `answers`, else the same for every one."""
    if "answers" not in stub:
        return stub
    found = array_at(stub, "answers")[iteration - 1 : iteration]
    return found[0] if found and is_object(found[0]) else None


def as_recorded(stub: JsonObject, answer: JsonObject) -> Finish:
    """Not mapped to job variables unless the recording says so: published expectations come out right only so."""
    match answer.get("finish_state"):
        case "failure":
            state = "failure"
        case "error":
            state = "error"
        case _:
            state = "success"
    mapped = stub.get("writes_job_variables") is True
    return Finish(state, outgoing=object_at(answer, "outgoing"), error=answer.get("error"), mapped=mapped)


async def stub(call: ProviderCall) -> Finish:
    """Succeed, with a value for each outgoing name that the author's document has."""
    names = object_at(object_at(call.definition, "variables"), "outgoing")
    return Finish("success", {name: usual_result(call.definition, name) for name in names})


def usual_result(definition: Mapping[str, object], outgoing: str) -> Json:
    """The shapes are those that published workflows read (reference/execution.md#recorded-answers)."""
    if text_at(definition, "location") == "Adapter":
        return {"icode": "AD.200", "response": {}, "headers": {}, "metrics": {}}
    app, name = text_at(definition, "app"), text_at(definition, "name")
    if ":" in app:  # a task of an integration model, whose application is `Title:version`
        return {"body": {}, "headers": {}, "statusCode": 200}
    if (app, name) == ("GatewayManager", "runCode"):
        return {"stdout": "", "stdout_json": {}, "stderr": "", "return_code": 0}
    if outgoing == "mop_template_results":
        return {"all_pass_flag": True}
    if outgoing == "renderedTemplate":
        return ""
    return {}
