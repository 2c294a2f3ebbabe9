"""The base class of errors with code, facts and message, and the fault of a value."""

from dataclasses import dataclass
from typing import ClassVar, Final

from ..json import Json, JsonObject

LONGEST_QUOTED = 200  # characters of a request that an error repeats


def cut(text: str, most: int) -> str:
    """The text, or the beginning and the end of a text that is too long for a message."""
    return text if len(text) <= most else f"{text[: most // 2]} ... {text[-most // 4 :]}"


class Problem(Exception):
    """`code` is the same in GraphQL and REST; `facts` are data for programs.

    `status` is the status of an HTTP answer with the error alone. `retry`: the same request may succeed a little later
    without any change. `rest` is False for errors that REST never returns.
    """

    code: ClassVar[str]
    status: ClassVar[int]
    retry: ClassVar[bool] = False
    rest: ClassVar[bool] = True
    undone: ClassVar[bool] = True  # the request had no effect, unless the facts say otherwise

    def __init_subclass__(cls) -> None:
        if cls.code in PROBLEMS:
            raise TypeError(f"{cls.__name__} and {PROBLEMS[cls.code].__name__} have the same code")
        PROBLEMS[cls.code] = cls

    def __init__(self, message: str, **facts: Json) -> None:
        super().__init__(message)
        self.message = message
        self.facts: JsonObject = facts


PROBLEMS: Final[dict[str, type[Problem]]] = {}  # every class of errors by code


@dataclass(frozen=True)
class Fault:
    """A fault of a value, in the form of the documented `validationErrors`."""

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
