"""Evaluation backwards from the outgoing values: a step runs when its value is needed, and once."""

from collections.abc import Generator, Sequence
from typing import TypeAlias, TypeVar

from ..errors import LanguageError
from ..javascript import coercion as javascript
from ..javascript.coercion import UNDEFINED
from ..javascript.values import join_units
from . import pointers
from .budget import MOST_CALLS_DEEP, Work
from .calls import ABSENT, Absent, Call, Callback, World
from .document import Argument, Assigns, Gate, Level, Source, Step
from .methods import ARRAY_METHODS, DECLARATIONS, LAZY_METHODS, method_for
from .value import Members, Value, is_object

Argued = TypeVar("Argued", bound=Value | Absent)
Arguments: TypeAlias = Generator[Work, Value, list[Value | Absent]]


class Frame:
    """One call of a level: its incoming values and what was evaluated of it so far."""

    __slots__ = ("begun", "depth", "incoming", "level", "values", "world")

    def __init__(self, level: Level, incoming: Members, world: World, depth: int = 0) -> None:
        if depth > MOST_CALLS_DEEP:
            raise LanguageError(f"The transformation's functions call each other more than {MOST_CALLS_DEEP} deep.")
        self.level = level
        self.incoming = incoming
        self.world = world
        self.depth = depth
        self.values: dict[str, Value] = {}
        self.begun: set[str] = set()

    def value_of(self, source: Source) -> Value:
        """What `source` holds; its step was evaluated."""
        value = self.incoming.get(source.name, UNDEFINED) if source.incoming else self.values[source.name]
        return pointers.read(value, source.pointer) if source.pointer else value


def outgoing_values(frame: Frame) -> Work:
    """All outgoing values of the frame's level, without those that are undefined."""
    values: Members = {}
    for name in frame.level.outgoing:
        value = yield _outgoing(frame, name)
        if value is not UNDEFINED:
            values[name] = value
    return values


def _outgoing(frame: Frame, name: str) -> Work:
    return (yield from _assigned(frame, frame.level.outgoing[name], UNDEFINED))


def _assigned(frame: Frame, assigns: Assigns, base: Argued) -> Generator[Work, Value, Value | Argued]:
    """What `assigns` make of `base`."""
    value: Value | Argued = base
    for assign in assigns:
        if assign.gates and not (yield from _opened(frame, assign.gates)):
            continue
        if not assign.source.incoming and assign.source.name not in frame.values:
            yield _evaluated(frame, assign.source.name)
        assigned = frame.value_of(assign.source)
        value = pointers.written(value, assign.pointer, assigned, frame.world.budget)
    return value


def _evaluated(frame: Frame, name: str) -> Work:
    """Evaluate the step called `name` and remember its value."""
    step = frame.level.steps.get(name)
    if name in frame.begun:
        raise LanguageError(f"Step {name} of the transformation depends on itself.")
    frame.begun.add(name)
    frame.world.budget.take_step()
    value: Value = UNDEFINED
    if step is not None and (not step.gates or (yield from _opened(frame, step.gates))):
        match step.kind:
            case "method":
                value = yield from _method(frame, step)
            case "declaration":
                value = yield from _declaration(frame, step)
            case "function":
                value = yield from _function(frame, step)
            case "template":
                value = yield from _template(frame, step)
            case "switch":
                value = yield from _switch(frame, step)
    frame.values[name] = value
    return value


def _arguments(frame: Frame, step: Step) -> Arguments:
    """The values of all arguments, up to the last one."""
    values: list[Value | Absent] = []
    for argument in step.arguments:
        if argument.assigns:
            values.append((yield from _assigned(frame, argument.assigns, argument.literal)))
        else:
            values.append(argument.literal)
    while values and values[-1] is ABSENT:
        values.pop()
    return values


def _method(frame: Frame, step: Step) -> Work:
    lazy = LAZY_METHODS.get(step.name)
    if lazy is not None:
        return (yield from lazy(_Operands(frame, step.arguments)))
    call = Call(step.name, tuple((yield from _arguments(frame, step))), frame.world)
    on_array = ARRAY_METHODS.get(step.name)
    if on_array is not None:
        function, extras = on_array
        return (yield from function(call, _callback(frame, call, extras)))
    made = method_for(step.name, call[0])(call)
    # Halves of a character that a method brings together are the character.
    return join_units(made) if isinstance(made, str) else made


def _declaration(frame: Frame, step: Step) -> Work:
    declare = DECLARATIONS.get(step.name)
    if declare is None:
        raise LanguageError(f"The declaration '{step.name}' is unknown.")
    arguments = yield from _arguments(frame, step)
    return declare(Call(step.name, tuple(arguments), frame.world, step.polymorph))


def _function(frame: Frame, step: Step) -> Work:
    level = _found(frame, step.name)
    arguments: list[Value] = [UNDEFINED if value is ABSENT else value for value in (yield from _arguments(frame, step))]
    positional = sum(entry.extras is None for entry in level.incoming)
    called = _called(frame, level, arguments[:positional], arguments[positional:])
    return (yield outgoing_values(called))


def _template(frame: Frame, step: Step) -> Work:
    call = Call("template", tuple((yield from _arguments(frame, step))), frame.world)
    return join_units(
        call.world.budget.joined([part if isinstance(part, str) else call.text(part) for part in step.template])
    )


def _switch(frame: Frame, step: Step) -> Work:
    """The case whose value is the subject, as the one key of an object: `case_1`, or `default` when none is.

    One published document uses a switch (reference/execution.md#transformations); where the subject and the cases stand
    is inferred.
    """
    arguments = yield from _arguments(frame, step)
    subject: Value | Absent = UNDEFINED
    if step.subject:
        subject = yield from _assigned(frame, step.subject, UNDEFINED)
    else:
        subject = arguments.pop(0) if arguments else UNDEFINED
    matching = (index for index, value in enumerate(arguments) if javascript.strictly_equal(value, subject))
    index = next(matching, None)
    return {"default" if index is None else f"case_{index}": UNDEFINED if subject is ABSENT else subject}


def _opened(frame: Frame, gates: Sequence[Gate]) -> Work:
    """Whether all the cases that something stands in are the ones taken."""
    for gate in gates:
        if gate.switch not in frame.values:
            yield _evaluated(frame, gate.switch)
        taken = frame.values[gate.switch]
        if not is_object(taken) or (gate.case not in taken and f"case_{gate.case}" not in taken):
            return False
    return True


class _Operands:
    """The arguments of a lazy method."""

    def __init__(self, frame: Frame, arguments: Sequence[Argument]) -> None:
        self._frame = frame
        self._arguments = arguments

    @property
    def count(self) -> int:
        return len(self._arguments)

    def __call__(self, index: int) -> Work:
        if index >= len(self._arguments):
            return UNDEFINED
        argument = self._arguments[index]
        value = yield from _assigned(self._frame, argument.assigns, argument.literal)
        return UNDEFINED if value is ABSENT else value


def _callback(frame: Frame, call: Call, extras: int) -> Callback | None:
    """The function that argument 1 names; the call's arguments from `extras` on are its context."""
    if not call.has(1):
        return None
    level = _found(frame, javascript.text(call[1]))
    context = [call[index] for index in range(extras, len(call.arguments))]
    first = next(iter(level.outgoing), None)

    def call_back(*values: Value) -> Work:
        called = _called(frame, level, values, context)
        return UNDEFINED if first is None else (yield from _outgoing(called, first))

    return call_back


def _found(frame: Frame, name: str) -> Level:
    level = frame.level.functions.get(name)
    if level is None:
        raise LanguageError(f"The transformation has no function '{name}'.")
    return level


def _called(frame: Frame, level: Level, values: Sequence[Value], extras: Sequence[Value]) -> Frame:
    frame.world.budget.take_step()
    incoming: Members = {}
    position = 0
    for entry in level.incoming:
        if entry.extras is not None:
            incoming[entry.name] = {key: extras[number] for key, number in entry.extras if number < len(extras)}
            continue
        incoming[entry.name] = values[position] if position < len(values) else UNDEFINED
        position += 1
    return Frame(level, incoming, frame.world, frame.depth + 1)
