"""What a case expects, compared with how a rehearsal ended: each difference is a sentence."""

from math import isclose

from ..models.engine.state import JobState
from ..models.json import JsonObject, array_at, is_array, is_number, is_object, object_at
from ..models.language.javascript import deeply_equal
from ..models.language.query import query
from ..models.language.undefined import UNDEFINED


def differences(expected: JsonObject, state: JobState, now: int) -> list[str]:
    """`now` is how long the job took, in milliseconds."""
    found: list[str] = []
    if "status" in expected and state.status != expected["status"]:
        found.append(f"status is {state.status}, not {expected['status']}")
    ignored = {str(name) for name in array_at(expected, "ignore_variables")}
    variables = {name: value for name, value in state.variables.items() if name not in ignored}
    if "variables_exactly" in expected:
        exact = object_at(expected, "variables_exactly")
        found += [f"variable {name} is not expected" for name in variables if name not in exact]
        found += _variables(exact, variables)
    found += _variables(object_at(expected, "variables_contain"), variables)
    for expression, value in object_at(expected, "check").items():
        got = query(expression, state.variables)
        if not deeply_equal(None if got is UNDEFINED else got, value):
            found.append(f"{expression} is {shortened(got)}, not {shortened(value)}")
    job = {"description": state.description, "status": state.status}
    for name, value in object_at(expected, "job").items():
        if not deeply_equal(job.get(name), value):
            found.append(f"the job's {name} is {shortened(job.get(name))}, not {shortened(value)}")
    least = expected.get("min_run_time_ms")
    if is_number(least) and now < least:
        found.append(f"it took {now} ms, less than {least}")
    return found


def _variables(expected: JsonObject, variables: JsonObject) -> list[str]:
    return [
        f"variable {name} is {shortened(variables[name]) if name in variables else 'absent'}, not {shortened(value)}"
        for name, value in expected.items()
        if name not in variables or not deeply_equal(variables[name], value)
    ]


def shortened(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:200]}... ({len(text)} characters)"


def nearly_equal(got: object, expected: object) -> bool:
    """Deep equality, numbers within 1e-9: means and deviations differ in their last digits."""
    if is_object(got) and is_object(expected):
        return got.keys() == expected.keys() and all(nearly_equal(got[key], expected[key]) for key in got)
    if is_array(got) and is_array(expected):
        return len(got) == len(expected) and all(map(nearly_equal, got, expected))
    if is_number(got) and is_number(expected):
        return isclose(got, expected, rel_tol=1e-9, abs_tol=1e-9)
    return deeply_equal(got, expected)
