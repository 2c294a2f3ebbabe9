"""delay, stub, MOP.reattempt, and the tasks that wait for people."""

import pytest
from jobyard.models.engine.outcomes import AskPerson, Finish, Outcome, Sleep
from jobyard.models.json import Json
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.javascript.coercion import UNDEFINED

from .calls import call


@pytest.mark.parametrize(
    ("time", "milliseconds"), [(5, 5000), ("5", 5000), (0.25, 250), (0, 0), ("", 0), (None, 0), (-3, 0)]
)
def test_delay_sleeps_and_then_tells_the_milliseconds_as_text(time: Json, milliseconds: int) -> None:
    over = Finish("success", {"time_in_milliseconds": str(milliseconds)})
    assert call("delay", {"time": time}) == (Sleep(milliseconds) if milliseconds else over)
    assert call("delay", {"time": time}, waited=True) == over


@pytest.mark.parametrize(
    ("time", "message"),
    [("soon", "'time' must be a number, not the text 'soon'."), (1e300, "'time' is too long a time: 1e+300.")],
)
def test_delay_refuses_what_is_no_time(time: Json, message: str) -> None:
    with pytest.raises(LanguageError) as refused:
        call("delay", {"time": time})
    assert refused.value.message == message


@pytest.mark.parametrize(
    ("incoming", "expected"),
    [
        ({"type": "success", "delay": "", "response": {"a": 1}}, Finish("success", {"response": {"a": 1}})),
        ({"type": "success", "delay": 0, "response": None}, Finish("success", {"response": None})),
        ({"type": "success", "delay": "", "response": UNDEFINED}, Finish("failure")),
        ({"type": "error", "delay": "", "response": {"code": 5}}, Finish("error", error={"code": 5})),
        ({"type": "success", "delay": "2", "response": 1}, Sleep(2000)),
    ],
)
def test_stub_responds(incoming: dict[str, Json], expected: Outcome) -> None:
    assert call("stub", incoming) == expected


def test_stub_responds_after_its_delay() -> None:
    incoming = {"type": "error", "delay": 2, "response": "no"}
    assert call("stub", incoming, waited=True) == Finish("error", error="no")


def reattempt(made: Json, *, attempts: Json = 3, minutes: Json = 1, waited: bool = False) -> Outcome:
    incoming = {"job_id": "65f", "attemptID": "tries", "minutes": minutes, "attempts": attempts}
    return call("reattempt", incoming, app="MOP", variables={} if made is None else {"tries": made}, waited=waited)


def test_reattempt_waits_and_then_counts_in_the_job_variable() -> None:
    assert reattempt(None) == Sleep(60_000)
    assert reattempt(None, waited=True) == Finish("success", {"response": "Attempt 1"}, writes={"tries": 1})
    assert reattempt(2, waited=True) == Finish("success", {"response": "Attempt 3"}, writes={"tries": 3})


def test_reattempt_without_minutes_does_not_wait() -> None:
    assert reattempt(1, minutes="0") == Finish("success", {"response": "Attempt 2"}, writes={"tries": 2})


@pytest.mark.parametrize(("made", "attempts"), [(3, 3), (4, 3), (None, 0), (None, -1), (1, "1")])
def test_reattempt_ends_in_error_when_the_attempts_are_used_up(made: Json, attempts: Json) -> None:
    with pytest.raises(LanguageError, match=r"All \d attempts of 'tries' are used up"):
        reattempt(made, attempts=attempts)


@pytest.mark.parametrize("name", ["ViewData", "ViewHTML", "ViewDiff"])
def test_views_wait_for_a_person(name: str) -> None:
    assert call(name, {"header": "Look", "btn_success": "ok"}) == AskPerson()


def test_error_handling_asks_a_person() -> None:
    assert call("ErrorHandling", {"severity": "fatal", "status": "503", "retry": True}) == AskPerson()
