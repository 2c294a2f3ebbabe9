"""Recorded answers: files in the format of a rehearsal's case, whose `stubs` answer by task id of one workflow."""

from collections.abc import Iterable

from ...models.engine.events import ProviderCall
from ...models.engine.outcomes import Finish
from ...models.json import JsonObject, is_object, object_at, text_at
from ...models.language.javascript import deeply_equal
from ...models.language.undefined import UNDEFINED
from . import Recorded


def recorded_answers(cases: Iterable[JsonObject]) -> Recorded:
    """Answer the tasks of jobs whose workflow a case starts; a call with other values than recorded ends in error."""
    stubs = {text_at(object_at(case, "start"), "workflow"): object_at(case, "stubs") for case in cases}

    def answer(call: ProviderCall) -> Finish | None:
        stub = stubs.get(call.workflow, {}).get(call.task_id)
        if not is_object(stub):
            return None
        keys = differing(object_at(stub, "expect_incoming"), call.incoming)
        if keys:
            error = (
                f"Task {call.task_id} was called with other values of {', '.join(keys)} than it was recorded with. "
                "Start the job with the recorded variables, or take the task out of the recording."
            )
            return Finish("error", error=error)
        return as_recorded(stub)

    return answer


def differing(expected: JsonObject, incoming: JsonObject) -> list[str]:
    """The keys of `expected` that have another value in `incoming`; undefined there is the recording's null."""
    return [
        key
        for key, value in expected.items()
        if not deeply_equal(None if (got := incoming.get(key)) is UNDEFINED else got, value)
    ]


def as_recorded(stub: JsonObject) -> Finish:
    """Recorded answers are not mapped to job variables: published expectations come out right only so."""
    return Finish("success", outgoing=object_at(stub, "outgoing"), mapped=False)
