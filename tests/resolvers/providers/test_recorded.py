"""Recorded answers on a server."""

import pytest
from jobyard.models.engine.outcomes import Finish
from jobyard.models.json import Json
from jobyard.models.language.javascript.coercion import UNDEFINED
from jobyard.resolvers.providers.recorded import recorded_answers

from .calls import call

ANSWER = recorded_answers(
    [
        {
            "start": {"workflow": "call"},
            "stubs": {"a1": {"expect_incoming": {"id": 7, "note": None}, "outgoing": {"result": {"n": 1}}}},
        },
        {"start": {"workflow": "other"}, "stubs": {"b2": {"outgoing": {"result": 2}}}},
    ]
)


@pytest.mark.parametrize("incoming", [{"id": 7, "note": None}, {"id": 7.0}, {"id": 7, "note": UNDEFINED, "more": 1}])
def test_it_answers_the_task_of_its_workflow_without_mapping_to_job_variables(incoming: Json) -> None:
    assert ANSWER(call(**incoming)) == Finish("success", {"result": {"n": 1}}, mapped=False)


def test_other_values_than_recorded_are_an_error_that_names_the_keys_and_not_the_values() -> None:
    assert ANSWER(call(id="secret", note=1)) == Finish(
        "error",
        error="Task a1 was called with other values of id, note than it was recorded with. "
        "Start the job with the recorded variables, or take the task out of the recording.",
    )


def test_a_task_of_another_workflow_is_not_answered() -> None:
    assert recorded_answers([{"start": {"workflow": "other"}, "stubs": {"a1": {"outgoing": {"r": 1}}}}])(call()) is None


def test_a_task_without_a_recording_is_not_answered() -> None:
    assert recorded_answers([{"start": {"workflow": "call"}, "stubs": {"b2": {"outgoing": {"r": 1}}}}])(call()) is None
