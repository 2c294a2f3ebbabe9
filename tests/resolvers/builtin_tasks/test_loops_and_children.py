"""forEach and childJob."""

from typing import Any

import pytest
from jobyard.models.engine.outcomes import Finish, Outcome, StartChildren
from jobyard.models.engine.rules import Rules
from jobyard.models.json import Json, JsonObject
from jobyard.models.language.errors import LanguageError

from .calls import call


def test_for_each_gives_the_element_that_is_due_and_then_succeeds() -> None:
    incoming = {"data_array": ["a", None]}
    assert call("forEach", incoming, element=0) == Finish("loop", {"current_item": "a"})
    assert call("forEach", incoming, element=1) == Finish("loop", {"current_item": None})
    assert call("forEach", incoming, element=2) == Finish("success")
    assert call("forEach", {"data_array": []}) == Finish("success")


def test_for_each_wants_an_array() -> None:
    with pytest.raises(LanguageError, match="'data_array' must be an array, not null"):
        call("forEach", {"data_array": None})


def child_job(
    *, loop_type: Json = "", data: Json = "", transformation: Json = "", workflow: Json = "Reboot", **told: Any
) -> Outcome:
    incoming = {
        "task": "a1",
        "workflow": workflow,
        "variables": {"host": {"task": "job", "value": "host"}},
        "data_array": data,
        "transformation": transformation,
        "loopType": loop_type,
    }
    return call("childJob", incoming, **told)


def ended(status: str, **variables: Json) -> JsonObject:
    return {"status": status, "variables": variables}


@pytest.mark.parametrize("loop_type", ["", None])
def test_one_child_gets_the_resolved_variables(loop_type: Json) -> None:
    outcome = child_job(loop_type=loop_type, resolved_variables={"host": "r1"})
    assert outcome == StartChildren("Reboot", ({"host": "r1"},), sequential=False, looped=False)


def test_one_child_gives_its_variables() -> None:
    outcome = child_job(children=(ended("complete", host="r1", _id="c1"),))
    assert outcome == Finish("success", {"job_details": {"status": "complete", "host": "r1", "_id": "c1"}})


@pytest.mark.parametrize("status", ["canceled", "error"])
def test_one_child_that_did_not_complete_is_an_error(status: str) -> None:
    with pytest.raises(LanguageError, match=f"The child job ended with the status '{status}'"):
        child_job(children=(ended(status),))


@pytest.mark.parametrize(("loop_type", "sequential"), [("parallel", False), ("sequential", True)])
def test_a_loop_starts_one_child_per_element_with_its_index(loop_type: str, sequential: bool) -> None:
    outcome = child_job(loop_type=loop_type, data=[{"host": "r1"}, {}], resolved_variables={"host": "ignored"})
    variables = ({"host": "r1", "childJobLoopIndex": 0}, {"childJobLoopIndex": 1})
    assert outcome == StartChildren("Reboot", variables, sequential=sequential, looped=True)


def test_a_loop_transforms_each_element() -> None:
    def transform(transformation_id: str, incoming: JsonObject, options: JsonObject) -> JsonObject:
        assert (transformation_id, options) == ("65e", {})
        return {"host": incoming["currentValue"].upper()}

    outcome = child_job(loop_type="parallel", data=["r1"], transformation="65e", transform=transform)
    assert outcome == StartChildren("Reboot", ({"host": "R1", "childJobLoopIndex": 0},), looped=True)


def test_a_loop_gives_the_variables_in_the_order_of_the_elements() -> None:
    children = (ended("complete", x=1), ended("canceled"), ended("complete", x=3))
    loop: list[JsonObject] = [
        {"status": "complete", "x": 1, "childJobLoopIndex": 0},
        {"status": "canceled", "childJobLoopIndex": 1},
        {"status": "complete", "x": 3, "childJobLoopIndex": 2},
    ]
    outcome = child_job(loop_type="parallel", data=[{}, {}, {}], children=children)
    assert outcome == Finish("success", {"job_details": {"status": "complete", "loop": loop}})


def test_the_elements_have_no_status_where_the_rule_says_so() -> None:
    older = Rules(loop_status="absent")
    outcome = child_job(loop_type="parallel", data=[{}], children=(ended("complete", x=1),), rules=older)
    assert outcome == Finish(
        "success", {"job_details": {"status": "complete", "loop": [{"x": 1, "childJobLoopIndex": 0}]}}
    )


def test_a_variable_of_the_child_that_is_called_status_stays() -> None:
    outcome = child_job(
        loop_type="parallel", data=[{}], children=({"status": "complete", "variables": {"status": "up"}},)
    )
    loop = [{"status": "up", "childJobLoopIndex": 0}]
    assert outcome == Finish("success", {"job_details": {"status": "complete", "loop": loop}})


def test_a_loop_of_which_nothing_completed_is_an_error() -> None:
    with pytest.raises(LanguageError, match="None of the 2 child jobs completed"):
        child_job(loop_type="sequential", data=[{}, {}], children=(ended("canceled"), ended("canceled")))


def test_a_loop_over_nothing_succeeds_at_once() -> None:
    outcome = child_job(loop_type="sequential", data=[])
    assert outcome == Finish("success", {"job_details": {"status": "complete", "loop": []}})


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"workflow": ""}, "Error starting child job: no workflow is named."),
        ({"workflow": None}, "Error starting child job: no workflow is named."),
        ({"loop_type": "spiral"}, "'loopType' must be empty, parallel or sequential, not 'spiral'."),
        ({"loop_type": "parallel", "data": ""}, "'data_array' must be an array, not the empty text."),
        ({"loop_type": "parallel", "data": ["r1"]}, "'data_array' must be an object, not the text 'r1'."),
        (
            {"loop_type": "parallel", "data": [{}] * 10_001},
            "'data_array' has 10001 elements, more than the 10000 that may be started.",
        ),
        (
            {"loop_type": "parallel", "data": [{}], "transformation": "65e"},
            "The transformation '65e' of the child job cannot be run.",
        ),
    ],
)
def test_what_cannot_be_started_is_an_error(told: JsonObject, message: str) -> None:
    with pytest.raises(LanguageError) as refused:
        child_job(**told)
    assert refused.value.message == message
