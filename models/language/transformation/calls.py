"""What a library method is called with."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol, TypeAlias, TypeVar

from ..errors import LanguageError
from ..javascript import coercion as javascript
from ..javascript import values
from ..javascript.coercion import UNDEFINED
from ..javascript.values import clamped
from .budget import Budget, Work
from .value import Value, is_array, is_object


class Absent(Enum):
    """A missing argument: a literal null to which no assign writes.

    See reference/execution.md#absent-arguments.
    """

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT

Made = TypeVar("Made")


@dataclass(frozen=True)
class World:
    """What a transformation may ask of the outside; it is pure, so all of it is an argument."""

    draw: Callable[[], float]
    now: int  # epoch milliseconds
    query: Callable[[str, object], object] | None
    budget: Budget


@dataclass(frozen=True, slots=True)
class Call:
    """One call. Missing arguments read as undefined; no method writes into an argument."""

    name: str
    arguments: tuple[Value | Absent, ...]
    world: World
    polymorph: int = 0  # which of a declaration's forms the author chose

    def __getitem__(self, index: int) -> Value:
        value = self.arguments[index] if index < len(self.arguments) else UNDEFINED
        return UNDEFINED if value is ABSENT else value

    def has(self, index: int) -> bool:
        return index < len(self.arguments) and self.arguments[index] is not ABSENT

    def rest(self, start: int) -> list[Value]:
        """The arguments from `start` on."""
        return [value for value in self.arguments[start:] if value is not ABSENT]

    def receiver(self) -> Value:
        """The first argument, which the method belongs to in JavaScript; null and undefined have no methods."""
        value = self[0]
        if value is None or value is UNDEFINED:
            method = self.name.partition(".")[2]
            raise LanguageError(f"Cannot read properties of {javascript.text(value)} (reading '{method}')")
        return value

    def array(self) -> list[Value]:
        """The array that the method belongs to, paid for as something that is read through."""
        value = self.receiver()
        if not is_array(value):
            raise LanguageError(f"{self.name}: {kind(value)} is not an array.")
        self.world.budget.spend(len(value))
        return value

    def text(self, index: int) -> str:
        return javascript.text(self.world.budget.walked(self[index]))

    def units(self, index: int) -> str:
        """An argument as text in UTF-16 code units, paid for as something that is read through."""
        units = values.split_units(self.text(index))
        self.world.budget.spend(len(units) >> 3)
        return units

    def own_text(self) -> str:
        """The text that the method belongs to; numbers and booleans are lent a text's methods."""
        value = self.receiver()
        if is_array(value) or is_object(value):
            raise LanguageError(f"{self.name}: {kind(value)} is not a text.")
        return self.text(0)

    def own_units(self) -> str:
        units = values.split_units(self.own_text())
        self.world.budget.spend(len(units) >> 3)
        return units

    def number(self, index: int) -> int | float:
        return javascript.to_number(self.world.budget.walked(self[index]))

    def position(self, index: int, length: int, absent: int = 0) -> int:
        """A position in a text: between 0 and `length`, or `absent` when undefined."""
        value = self.world.budget.walked(self[index])
        return absent if value is UNDEFINED else clamped(value, 0, length)

    def made(self, value: Made) -> Made:
        return self.world.budget.made(value)


class Callback(Protocol):
    """The author's function that an array method calls."""

    def __call__(self, *values: Value) -> Work: ...


class Operands(Protocol):
    """The arguments of a method that does not need them all: each is evaluated when the method reads it."""

    @property
    def count(self) -> int: ...

    def __call__(self, index: int) -> Work: ...


Method: TypeAlias = Callable[[Call], Value]
ArrayMethod: TypeAlias = Callable[[Call, Callback | None], Work]
LazyMethod: TypeAlias = Callable[[Operands], Work]


def kind(value: Value) -> str:
    if is_array(value):
        return "an array"
    if value is None or value is UNDEFINED:
        return javascript.text(value)
    return "an object" if javascript.type_of(value) == "object" else f"a {javascript.type_of(value)}"
