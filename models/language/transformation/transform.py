"""Running a transformation document."""

from collections.abc import Callable

from ...json import Json, JsonObject
from ..errors import LanguageError
from ..javascript.coercion import UNDEFINED, Undefined
from ..patterns import searching
from .budget import Budget, finish
from .calls import World
from .document import Level, compile_document
from .evaluate import Frame, outgoing_values
from .outcome import plain
from .schemas import faults_of, with_defaults
from .value import Members, from_json, is_object, members_of


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
    are the task's: `validateIncoming` refuses incoming values that are missing or of another kind than their schemas
    say; `revertToDefaultValue`, which is on unless it is false, gives the defaults of incoming schemas for values and
    missing properties, and those of outgoing schemas for values to which nothing was assigned. `draw`
    gives Math.random's numbers (0.5 without it), `now` is epoch milliseconds, `query` evaluates json-query expressions
    for WorkFlowEngine.query.
    """
    level = document if isinstance(document, Level) else compile_document(document)
    world = World(draw=draw or _middle, now=now, query=query, budget=Budget())
    options = options or {}
    reverts = options.get("revertToDefaultValue") is not False
    values = _incoming_values(level, incoming, world.budget if reverts else None)
    if options.get("validateIncoming") is True:
        _validate(level, values)
    with searching():
        outgoing = finish(outgoing_values(Frame(level, values, world)))
    assert is_object(outgoing)
    if reverts:
        outgoing = {**members_of(level.defaults), **outgoing}
    return {name: plain(value, world.budget) for name, value in outgoing.items()}


def outgoing_names(document: "JsonObject | Level") -> list[str]:
    """The `$id`s of the document's outgoing values: the names of the outputs of its task."""
    level = document if isinstance(document, Level) else compile_document(document)
    return list(level.outgoing)


def bare_output(document: "JsonObject | Level", outputs: JsonObject) -> Json | Undefined:
    """`outputs` as the published transformation tests show them: of one outgoing the value alone, else the object."""
    names = outgoing_names(document)
    return outputs.get(names[0], UNDEFINED) if len(names) == 1 else outputs


def _middle() -> float:
    return 0.5


def _incoming_values(level: Level, incoming: JsonObject, defaults_within: Budget | None) -> Members:
    values: Members = {}
    for entry in level.incoming:
        value = from_json(incoming[entry.name]) if entry.name in incoming else UNDEFINED
        if defaults_within is not None:
            value = entry.default if value is UNDEFINED else with_defaults(value, entry.schema, defaults_within)
        values[entry.name] = value
    return values


def _validate(level: Level, values: Members) -> None:
    missing = [entry.name for entry in level.incoming if entry.required and values[entry.name] is UNDEFINED]
    if missing:
        raise LanguageError(_refused(f"Missing one of the following required instances: {', '.join(missing)}"))
    faults = [fault for entry in level.incoming for fault in faults_of(entry.name, values[entry.name], entry.schema)]
    if faults:
        raise LanguageError(_refused(f"The incoming values do not fit their schemas: {'; '.join(faults)}"))


def _refused(message: str) -> JsonObject:
    error: JsonObject = {"code": 500, "message": message, "errors": []}
    return {"code": 500, "message": {"apiVersion": "1", "method": "transformations.run", "error": error}}
