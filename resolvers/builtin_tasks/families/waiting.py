"""Tasks that let time pass: delay, stub, and MOP's reattempt."""

from ....models.engine.outcomes import Finish, Outcome, Sleep, TaskCall
from ....models.language.javascript.coercion import UNDEFINED, number_text
from ..arguments import milliseconds, number, variable_name
from ..task import TaskFailed, built_in, finish

SECOND = 1000
MINUTE = 60 * SECOND


@built_in("delay", {"time": "number: seconds"}, ("time_in_milliseconds",), type="operation")
def delay(call: TaskCall) -> Outcome:
    """Wait a number of seconds."""
    duration = milliseconds(number(call.incoming.get("time"), "time", default=0), SECOND, "time")
    if duration and not call.waited:
        return Sleep(duration)
    # Recorded jobs hold this number as text.
    return Finish("success", {"time_in_milliseconds": number_text(duration)})


@built_in(
    "stub",
    {"type": "string: success or error", "delay": "number: seconds", "response": "any: the result, or the error"},
    ("response",),
)
def stub(call: TaskCall) -> Outcome:
    """Simulate a task: after a number of seconds, return a response or end in error with it."""
    duration = milliseconds(number(call.incoming.get("delay"), "delay", default=0), SECOND, "delay")
    if duration and not call.waited:
        return Sleep(duration)
    response = call.incoming.get("response", UNDEFINED)
    if call.incoming.get("type") == "error":
        return Finish("error", error=None if response is UNDEFINED else response)
    return finish("response", response)


@built_in(
    "reattempt",
    {
        "job_id": "string",
        "attemptID": "string: the name of the job variable that counts",
        "minutes": "number: how long to wait",
        "attempts": "number: how many times at most",
    },
    ("response",),
    app="MOP",
)
def reattempt(call: TaskCall) -> Outcome:
    """Wait some minutes before the workflow tries again; error when the attempts are used up.

    The attempts made are counted in the job variable that attemptID names.
    """
    counter = variable_name(call.incoming.get("attemptID"), "attemptID")
    attempts = number(call.incoming.get("attempts"), "attempts", default=0)
    made = number(call.variables.get(counter), counter, default=0)
    if made >= attempts:
        raise TaskFailed(f"All {number_text(max(0, attempts))} attempts of '{counter}' are used up.")
    pause = milliseconds(number(call.incoming.get("minutes"), "minutes", default=0), MINUTE, "minutes")
    if pause and not call.waited:
        return Sleep(pause)
    return Finish("success", {"response": f"Attempt {number_text(made + 1)}"}, writes={counter: made + 1})


TASKS = (delay, stub, reattempt)
