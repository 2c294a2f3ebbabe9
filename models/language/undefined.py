"""JavaScript's `undefined`, which workflow documents tell apart from null (execution facts, 4.4 and 9)."""

from enum import Enum
from typing import Final, Literal


class Undefined(Enum):
    UNDEFINED = "undefined"

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "UNDEFINED"


UNDEFINED: Final = Undefined.UNDEFINED
UndefinedType = Literal[Undefined.UNDEFINED]
