"""What every trouble has: its code, its facts and its message; and a fault of a value."""

from dataclasses import dataclass
from typing import ClassVar, Final

from ..json import Json, JsonObject

LONGEST_QUOTED = 200  # characters of a request that an error repeats


def cut(text: str, most: int) -> str:
    """The text, or its beginning and its end, where a sentence about a long name says what is wrong."""
    return text if len(text) <= most else f"{text[: most // 2]} ... {text[-most // 4 :]}"


class Problem(Exception):
    """`code` is the same in GraphQL and REST; `facts` are what a program may read of the error.

    `status` is the status of an HTTP answer that has nothing but the error. `retry`: the same request may succeed a
    little later, though nobody changes anything. `rest` is False where REST never answers the error.
    """

    code: ClassVar[str]
    status: ClassVar[int]
    retry: ClassVar[bool] = False
    rest: ClassVar[bool] = True
    undone: ClassVar[bool] = True  # nothing was done of what was asked for, unless the facts say otherwise

    def __init_subclass__(cls) -> None:
        if cls.code in PROBLEMS:
            raise TypeError(f"{cls.__name__} and {PROBLEMS[cls.code].__name__} have the same code")
        PROBLEMS[cls.code] = cls

    def __init__(self, message: str, **facts: Json) -> None:
        super().__init__(message)
        self.message = message
        self.facts: JsonObject = facts


PROBLEMS: Final[dict[str, type[Problem]]] = {}  # every class of errors by its code


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a value, in the words of the documented `validationErrors`."""

    keyword: str
    instance_path: str  # JSON pointer into the value
    schema_path: str
    message: str

    @property
    def documented(self) -> JsonObject:
        return {
            "keyword": self.keyword,
            "instancePath": self.instance_path,
            "schemaPath": self.schema_path,
            "message": self.message,
        }

    def __str__(self) -> str:
        return f"{self.instance_path or '(the whole value)'} {self.message}"
