"""What is looked for, as values: whatever a caller hands in becomes one of these, and only these become a query.

No operator of a caller's reaches the database: every value is compared by an operator of ours, every pattern is quoted.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from ...models.json import Json, JsonObject

# Letters beyond ASCII that databases and Python take for the capital or small form of one in it, and people do not.
_AS_THEY_ARE: Final = re.compile("[\u0130\u0131\u017f\u212a]")


@dataclass(frozen=True)
class Among:
    """The value under `path` is one of these; where an array is, one of its elements is."""

    path: str
    values: tuple[Json, ...]


@dataclass(frozen=True)
class Within:
    """The value under `path` lies within the bounds there are, which are of the field's own type."""

    path: str
    since: Json = None  # from here on
    after: Json = None
    until: Json = None  # up to and with this
    before: Json = None


@dataclass(frozen=True)
class Matching:
    """The text under `path` contains, starts or ends with this text; small and capital letters are the same."""

    path: str
    where: Literal["contains", "starts", "ends"]
    text: str

    def holds(self, value: object) -> bool:
        return isinstance(value, str) and re.search(self.pattern, value, re.IGNORECASE) is not None

    @property
    def pattern(self) -> str:
        """A regular expression that means the same to the database and here: its ends are those of the whole text."""
        quoted = _AS_THEY_ARE.sub(r"(?-i:\g<0>)", re.escape(self.text))
        match self.where:
            case "starts":
                return f"^{quoted}"
            case "ends":
                return rf"{quoted}(?![\s\S])"
            case "contains":
                return quoted


@dataclass(frozen=True)
class Exists:
    path: str
    present: bool


@dataclass(frozen=True)
class AllOf:
    parts: "tuple[Condition, ...]"


@dataclass(frozen=True)
class AnyOf:
    parts: "tuple[Condition, ...]"


@dataclass(frozen=True)
class NoneOf:
    parts: "tuple[Condition, ...]"


Condition: TypeAlias = Among | Within | Matching | Exists | AllOf | AnyOf | NoneOf

NOTHING = AnyOf(())


def flattened(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """The conditions that must all hold, without those that only group others."""
    flat: list[Condition] = []
    for condition in conditions:
        flat.extend(flattened(condition.parts) if isinstance(condition, AllOf) else (condition,))
    return tuple(flat)


def rewritten(condition: Condition, change: Callable[[Condition], Condition]) -> Condition:
    """The condition with every part of it, innermost first, changed."""
    match condition:
        case AllOf(parts):
            return change(AllOf(tuple(rewritten(part, change) for part in parts)))
        case AnyOf(parts):
            return change(AnyOf(tuple(rewritten(part, change) for part in parts)))
        case NoneOf(parts):
            return change(NoneOf(tuple(rewritten(part, change) for part in parts)))
        case _:
            return change(condition)


def query_of(conditions: tuple[Condition, ...]) -> JsonObject:
    """The database's query for all of them."""
    if not conditions:
        return {}
    parts = [_query(condition) for condition in conditions]
    return parts[0] if len(parts) == 1 else {"$and": parts}


def _query(condition: Condition) -> JsonObject:
    match condition:
        case Among(path, values):
            return {path: {"$eq": values[0]} if len(values) == 1 else {"$in": list(values)}}
        case Within(path, since, after, until, before):
            bounds = {"$gte": since, "$gt": after, "$lte": until, "$lt": before}
            return {path: {operator: bound for operator, bound in bounds.items() if bound is not None}}
        case Matching(path):
            return {path: {"$regex": condition.pattern, "$options": "i"}}
        case Exists(path, present):
            return {path: {"$exists": present}}
        case AllOf(parts):
            return query_of(parts)
        case AnyOf(parts):
            return _any([_query(part) for part in parts])
        case NoneOf(parts):
            return {"$nor": [_query(part) for part in parts]} if parts else {}


def _any(queries: list[Any]) -> JsonObject:
    # Nothing is any of no conditions; the database refuses an empty $or.
    return {"$or": queries} if queries else {"_id": {"$in": []}}
