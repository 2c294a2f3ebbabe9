"""Running a transformation document."""

from collections.abc import Callable

from ...json import Json, JsonObject
from ..errors import LanguageError
from ..undefined import UNDEFINED
from .budget import Budget
from .calls import World
from .document import Level, compile_document
from .evaluate import Frame, outgoing_values
from .outcome import plain
from .work import finish


def transform(
    document: "JsonObject | Level",
    incoming: JsonObject,
    options: JsonObject | None = None,
    *,
    draw: Callable[[], float] | None = None,
    now: int = 0,
    query: Callable[[str, object], object] | None = None,
) -> JsonObject:
    """The outgoing values by `$id`, without those that are undefined; they may share parts with `incoming`.

    `document` is the document or what `compile_document` made of it, worth keeping for one that runs often. `options`
    are the task's: `validateIncoming` and `revertToDefaultValue`. `draw` gives Math.random's numbers (0.5 without it),
    `now` is epoch milliseconds, `query` evaluates json-query expressions for WorkFlowEngine.query.
    """
    level = document if isinstance(document, Level) else compile_document(document)
    world = World(draw=draw or _middle, now=now, query=query, budget=Budget())
    values = _incoming_values(level, incoming, options or {})
    outgoing: JsonObject = finish(outgoing_values(Frame(level, values, world)))
    return {name: plain(value, world.budget) for name, value in outgoing.items()}


def outgoing_names(document: "JsonObject | Level") -> list[str]:
    """The `$id`s of the document's outgoing values: the names of the outputs of its task."""
    level = document if isinstance(document, Level) else compile_document(document)
    return list(level.outgoing)


def bare_output(document: "JsonObject | Level", outputs: JsonObject) -> Json:
    """`outputs` as the published transformation tests show them: of one outgoing the value alone, else the object."""
    names = outgoing_names(document)
    return outputs.get(names[0], UNDEFINED) if len(names) == 1 else outputs


def _middle() -> float:
    return 0.5


def _incoming_values(level: Level, given: JsonObject, options: JsonObject) -> JsonObject:
    values: JsonObject = {}
    missing: list[str] = []
    for entry in level.incoming:
        value = given.get(entry.name, UNDEFINED)
        if value is UNDEFINED and options.get("revertToDefaultValue") is not False:
            value = entry.default
        if value is UNDEFINED and entry.required:
            missing.append(entry.name)
        values[entry.name] = value
    if missing and options.get("validateIncoming") is True:
        raise LanguageError(_missing(missing))
    return values


def _missing(names: list[str]) -> JsonObject:
    message = f"Missing one of the following required instances: {', '.join(names)}"
    error: JsonObject = {"code": 500, "message": message, "errors": []}
    return {"code": 500, "message": {"apiVersion": "1", "method": "transformations.run", "error": error}}
