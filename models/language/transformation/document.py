"""A transformation document, indexed: steps by id, and what is assigned to each argument and outgoing.

The steps are an unordered graph; functions number theirs anew and see the functions of the levels around them.
"""

import re
from collections import ChainMap, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ...json import Json, JsonObject, array_at, is_object, object_at, text_at
from ...json_pointers import keys_of
from ..errors import LanguageError
from ..javascript.coercion import UNDEFINED
from .calls import ABSENT, Absent
from .pointers import Pointer
from .value import Value, from_json

DEEPEST_FUNCTIONS = 50
MOST_ARGUMENTS = 1000

StepKind = Literal["method", "declaration", "function", "template", "switch"]

_KINDS: Mapping[str, StepKind] = {
    "method": "method",
    "declaration": "declaration",
    "function": "function",
    "template": "template",
    "context": "switch",
}
_PLACEHOLDER = re.compile(r"\$\{([^{}]*)\}")
_GATE = re.compile(r"([^\[\]/#]+)\[([^\[\]]*)\]")


@dataclass(frozen=True, slots=True)
class Gate:
    """What stands in a case of a switch is evaluated only in that case."""

    switch: str
    case: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where an assign takes its value: the incoming value or the step called `name`."""

    incoming: bool
    name: str
    pointer: Pointer


@dataclass(frozen=True, slots=True)
class Assign:
    source: Source
    pointer: Pointer  # into the argument or outgoing value
    gates: tuple[Gate, ...]


Assigns: TypeAlias = tuple[Assign, ...]


@dataclass(frozen=True, slots=True)
class Argument:
    literal: Value | Absent
    assigns: Assigns


@dataclass(frozen=True, slots=True)
class Step:
    kind: StepKind
    name: str  # "Library.method" of a method, "new Array" and the like of a declaration, a function's id
    template: tuple[str | int, ...]  # text and numbers of arguments, in turn
    arguments: tuple[Argument, ...]
    subject: Assigns  # what a switch compares
    polymorph: int
    gates: tuple[Gate, ...]


@dataclass(frozen=True, slots=True)
class Incoming:
    name: str
    schema: JsonObject
    default: Value
    required: bool
    extras: tuple[tuple[str, int], ...] | None  # a `thisArg`: its properties and which extra argument each one is


@dataclass(frozen=True, slots=True)
class Level:
    """The transformation or one of its functions."""

    incoming: tuple[Incoming, ...]
    outgoing: Mapping[str, Assigns]
    defaults: Mapping[str, Json]  # of outgoing values
    steps: Mapping[str, Step]
    functions: "ChainMap[str, Level]" = field(repr=False)  # innermost first


def compile_document(document: JsonObject) -> Level:
    """Index a transformation document. Parts that make no sense are left out: a published one has no steps at all."""
    return _level(document, ChainMap[str, Level](), 0)


def _level(document: JsonObject, around: "ChainMap[str, Level]", depth: int) -> Level:
    if depth > DEEPEST_FUNCTIONS:
        raise LanguageError(f"Functions are nested deeper than {DEEPEST_FUNCTIONS} levels.")
    scope = around.new_child({})
    steps = [step for step in array_at(document, "steps") if is_object(step)]
    assigns = _assigns(steps)
    level = Level(
        incoming=tuple(_incoming(entry, steps) for entry in array_at(document, "incoming") if is_object(entry)),
        outgoing={
            text_at(entry, "$id"): _at(assigns[text_at(entry, "$id")], ())
            for entry in array_at(document, "outgoing")
            if is_object(entry)
        },
        defaults={
            text_at(entry, "$id"): entry["default"]
            for entry in array_at(document, "outgoing")
            if is_object(entry) and "default" in entry
        },
        steps={
            str(step.get("id")): _step(kind, step, assigns[_StepTarget(str(step.get("id")))])
            for step in steps
            if (kind := _KINDS.get(text_at(step, "type"))) is not None
        },
        functions=scope,
    )
    for function in array_at(document, "functions"):
        if is_object(function):
            scope[str(function.get("id"))] = _level(function, scope, depth + 1)
    return level


@dataclass(frozen=True, slots=True)
class _StepTarget:
    """Steps and outgoing values are named independently of each other."""

    name: str


_Targets: TypeAlias = "defaultdict[str | _StepTarget, list[Assign]]"


def _assigns(steps: list[JsonObject]) -> _Targets:
    assigns: _Targets = defaultdict(list)
    for step in steps:
        if text_at(step, "type") != "assign":
            continue
        origin, target = object_at(step, "from"), object_at(step, "to")
        name = str(target.get("name"))
        assigns[name if text_at(target, "location") == "outgoing" else _StepTarget(name)].append(
            Assign(_source(origin), tuple(keys_of(text_at(target, "ptr"))), _gates(step))
        )
    return assigns


def _source(origin: JsonObject) -> Source:
    incoming = text_at(origin, "location") == "incoming"
    pointer = tuple(keys_of(text_at(origin, "ptr")))
    if not incoming and pointer[:1] == ("return",):
        pointer = pointer[1:]
    return Source(incoming, str(origin.get("name")), pointer)


def _at(assigns: list[Assign], place: Pointer) -> Assigns:
    """The assigns to `place` and into it: those to the whole first, for the steps have no order of their own."""
    size = len(place)
    found = [
        Assign(assign.source, assign.pointer[size:], assign.gates)
        for assign in assigns
        if assign.pointer[:size] == place
    ]
    return tuple(sorted(found, key=lambda assign: len(assign.pointer)))


def _step(kind: StepKind, step: JsonObject, assigns: list[Assign]) -> Step:
    literals = array_at(step, "args")[:MOST_ARGUMENTS]
    assigned = {index: _at(assigns, ("args", str(index), "value")) for index in _assigned_arguments(assigns)}
    arguments: list[Argument] = []
    for index in range(max(len(literals), max(assigned, default=-1) + 1)):
        literal = literals[index] if index < len(literals) else None
        arguments.append(Argument(ABSENT if literal is None else from_json(literal), assigned.get(index, ())))
    polymorph = step.get("polymorphIndex")
    method = f"{text_at(step, 'library')}.{text_at(step, 'method')}"
    if method == "Conditional.switch":
        kind = "switch"
    names = {"method": method, "declaration": text_at(step, "method"), "function": str(step.get("function"))}
    return Step(
        kind=kind,
        name=names.get(kind, ""),
        template=_template(text_at(step, "template")),
        arguments=tuple(arguments),
        subject=_at(assigns, ("context",)),
        polymorph=polymorph if isinstance(polymorph, int) else 0,
        gates=_gates(step),
    )


def _assigned_arguments(assigns: list[Assign]) -> set[int]:
    places = (assign.pointer[1] for assign in assigns if assign.pointer[:1] == ("args",) and len(assign.pointer) > 2)
    return {int(place) for place in places if place.isdecimal() and len(place) < 4}


def _template(text: str) -> tuple[str | int, ...]:
    """The parts of a template; its arguments come in the order in which distinct names first appear."""
    parts: list[str | int] = []
    numbers: dict[str, int] = {}
    for position, part in enumerate(_PLACEHOLDER.split(text)):
        parts.append(numbers.setdefault(part, len(numbers)) if position % 2 else part)
    return tuple(parts)


def _gates(step: JsonObject) -> tuple[Gate, ...]:
    return tuple(Gate(switch, case) for switch, case in _GATE.findall(text_at(step, "context")))


def _incoming(entry: JsonObject, steps: list[JsonObject]) -> Incoming:
    name = text_at(entry, "$id")
    context = entry.get("isContext") is True or entry.get("isThis") is True
    return Incoming(
        name=name,
        schema=entry,
        default=from_json(entry["default"]) if "default" in entry else UNDEFINED,
        required=entry.get("optional") is not True,
        extras=_extras(name, entry, steps) if context else None,
    )


def _extras(name: str, entry: JsonObject, steps: list[JsonObject]) -> tuple[tuple[str, int], ...]:
    """The properties `0_x`, `1_y` of a context: those it declares, and those that are read from it all the same."""
    properties = dict.fromkeys(object_at(entry, "properties"))
    for step in steps:
        origin = object_at(step, "from")
        if text_at(origin, "location") == "incoming" and origin.get("name") == name:
            properties.update(dict.fromkeys(keys_of(text_at(origin, "ptr"))[:1]))
    numbered = ((key, key.partition("_")[0]) for key in properties)
    return tuple((key, int(digits)) for key, digits in numbered if digits.isdecimal() and len(digits) < 4)
