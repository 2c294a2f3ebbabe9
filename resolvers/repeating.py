"""Whether a recorded case plays as its job ran, and what of it is another value each time."""

from dataclasses import dataclass

from ..models.json import JsonObject, array_at, object_at
from ..models.language.javascript import deeply_equal
from .rehearsal import Rehearsal, rehearse


@dataclass(frozen=True)
class Repeated:
    """The case without the variables that `vary`, a time of the day for example, and how it was rehearsed."""

    case: JsonObject
    vary: list[str]
    run: Rehearsal


async def repeat(case: JsonObject) -> Repeated:
    run = await rehearse(case)
    expected = object_at(case, "expect")
    exactly, ignored = object_at(expected, "variables_exactly"), array_at(expected, "ignore_variables")
    vary = [
        name
        for name, value in exactly.items()
        if name in run.variables and not deeply_equal(run.variables[name], value)
    ]
    if not vary:
        return Repeated(case, [], run)
    kept = {name: value for name, value in exactly.items() if name not in vary}
    without = {**case, "expect": {**expected, "variables_exactly": kept, "ignore_variables": [*ignored, *vary]}}
    return Repeated(without, vary, await rehearse(without))
