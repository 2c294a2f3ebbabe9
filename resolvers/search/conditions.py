"""Conditions of a search, made from checked and bounded input, and the database queries made from them."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from ...models.documents.moments import epoch, iso, stored_ids
from ...models.documents.moments import moment as date_of
from ...models.documents.search_terms import (
    FOUND_BY,
    LONGEST_TEXT,
    is_findable,
    tag_token,
    variable_token,
    word_token,
    words_of,
)
from ...models.errors import Fault, RequestInvalid
from ...models.json import Json, is_number

Stored: TypeAlias = Any  # a value of the database: of JSON, a moment, or an id of its own; each compares with its kind

# Letters beyond ASCII that databases and Python take for the capital or small form of one in it, and people do not.
_AS_THEY_ARE: Final = re.compile("[\u0130\u0131\u017f\u212a]")


@dataclass(frozen=True)
class Among:
    """The value under `path`, or an element if it is an array, is one of these."""

    path: str
    values: tuple[Stored, ...]


@dataclass(frozen=True)
class Within:
    """The value under `path` lies within the bounds, which have the type of the field."""

    path: str
    since: Stored = None  # from here on
    after: Stored = None
    until: Stored = None  # up to and with this
    before: Stored = None


@dataclass(frozen=True)
class Matching:
    """The text under `path` contains, starts or ends with this text, without regard to case."""

    path: str
    where: Literal["contains", "starts", "ends"]
    text: str

    def holds(self, value: object) -> bool:
        return isinstance(value, str) and re.search(self.pattern, value, re.IGNORECASE) is not None

    @property
    def pattern(self) -> str:
        """A regular expression with the same meaning in MongoDB and Python: its ends are those of the whole text."""
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


def flatten(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """The conditions, which must all hold, without nested groups."""
    flat: list[Condition] = []
    for condition in conditions:
        flat.extend(flatten(condition.parts) if isinstance(condition, AllOf) else (condition,))
    return tuple(flat)


def rewrite(condition: Condition, change: Callable[[Condition], Condition]) -> Condition:
    """The condition with every part of it, innermost first, changed."""
    match condition:
        case AllOf(parts):
            return change(AllOf(tuple(rewrite(part, change) for part in parts)))
        case AnyOf(parts):
            return change(AnyOf(tuple(rewrite(part, change) for part in parts)))
        case NoneOf(parts):
            return change(NoneOf(tuple(rewrite(part, change) for part in parts)))
        case _:
            return change(condition)


def query_of(conditions: tuple[Condition, ...]) -> dict[str, object]:
    """The database query for all conditions."""
    if not conditions:
        return {}
    parts = [_query(condition) for condition in conditions]
    return parts[0] if len(parts) == 1 else {"$and": parts}


def _query(condition: Condition) -> dict[str, object]:
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


def _any(queries: list[Any]) -> dict[str, object]:
    # No document fulfils one of no conditions; the database refuses an empty $or.
    return {"$or": queries} if queries else {"_id": {"$in": []}}


_BEGINNING: Final = re.compile("[0-9a-f]{4,24}")
MOST_AT_ONCE = 1000
MOST_COUNTED = 100_000
DEFAULT_AT_ONCE = 25
MOST_VALUES = 1000
MOST_GROUPS = 100
MOST_WORDS = 10
FURTHEST = 8_640_000_000_000_000  # milliseconds either way, as ECMA-262 has it: 100 million days
EARLIEST, LATEST = -62_135_596_800_000, 253_402_300_799_999  # the years 1 and 9999, which texts and dates are stored of


def text(value: Json, pointer: str) -> str:
    """A text of at most LONGEST_TEXT characters without NUL, which patterns cannot contain."""
    if not isinstance(value, str):
        raise invalid("type", pointer, "must be text")
    if len(value) > LONGEST_TEXT:
        raise invalid("maxLength", pointer, f"must NOT have more than {LONGEST_TEXT} characters")
    if "\0" in value:
        raise invalid("pattern", pointer, "must not hold a NUL character")
    return value


def at_most(values: Collection[object], most: int, pointer: str) -> None:
    if len(values) > most:
        raise invalid("maxItems", pointer, f"must NOT have more than {most} items")


def texts(values: Collection[Json], pointer: str, most: int = MOST_VALUES) -> tuple[str, ...]:
    """The different texts, in their order."""
    at_most(values, most, pointer)
    return tuple(dict.fromkeys(text(value, f"{pointer}/{index}") for index, value in enumerate(values)))


def ids(path: str, values: Collection[Json], pointer: str) -> Among:
    """A condition on ids of jobs, stored as text or as ObjectIds."""
    return Among(path, tuple(stored for id in texts(values, pointer) for stored in stored_ids(id)))


def id_prefix(path: str, value: str, pointer: str) -> Within:
    """A condition on ids of jobs that begin with these hex digits."""
    if not _BEGINNING.fullmatch(value):
        raise invalid("pattern", pointer, "must be between 4 and 24 of the characters 0 to 9 and a to f")
    return Within(path, since=value, before=f"{value}g")


def words(value: Json, pointer: str) -> tuple[Condition, ...]:
    """Conditions for every word of the text."""
    found = words_of(text(value, pointer))
    if not 0 < len(found) <= MOST_WORDS:
        raise invalid("pattern", pointer, f"must hold between 1 and {MOST_WORDS} words")
    return tuple(Among(FOUND_BY, (word_token(word),)) for word in found)


def tags(values: Collection[Json], pointer: str) -> tuple[Condition, ...]:
    """Conditions for every one of these tags, by id or name."""
    return tuple(Among(FOUND_BY, (tag_token(tag),)) for tag in texts(values, pointer, MOST_WORDS))


def variable(path: Json, value: Json, pointer: str) -> Condition:
    """The condition that the variable under a dotted path has this value: a text, a number or a boolean."""
    if not is_findable(value):
        message = f"must be a number, a boolean or a text of at most {LONGEST_TEXT} characters"
        raise invalid("type", f"{pointer}/equals", message)
    return Among(FOUND_BY, (variable_token(text(path, f"{pointer}/path"), value),))


def moment(value: Json, pointer: str) -> int:
    """Epoch milliseconds from such a number or from ISO-8601 text."""
    at = value
    if isinstance(value, str):
        at = int(value) if value.lstrip("-").isdecimal() and len(value) < 17 else epoch(value)
    if not is_number(at) or not -FURTHEST <= at <= FURTHEST:
        message = "must be a moment: ISO-8601 text or milliseconds since the epoch, of the years -271821 to 275760"
        raise invalid("format", pointer, message)
    return int(at)


def stored_moment(value: Json, pointer: str) -> int:
    """The moment, limited to the years 1 to 9999, which stored dates can have."""
    return min(max(moment(value, pointer), EARLIEST), LATEST)


def stored_date(value: Json, pointer: str) -> datetime:
    """The moment as a date of the database."""
    return date_of(stored_moment(value, pointer))


def moment_text(value: Json, pointer: str) -> str:
    """The moment as text, as tasks store it."""
    return str(iso(stored_moment(value, pointer)))


def size(value: int | None, pointer: str) -> int:
    """The size of a page: 25 by default, from 0 to 1000."""
    if value is None:
        return DEFAULT_AT_ONCE
    if not 0 <= value <= MOST_AT_ONCE:
        raise invalid("range", pointer, f"must be between 0 and {MOST_AT_ONCE}, not {value}")
    return value


def countable(value: int, pointer: str) -> int:
    """How far something is counted."""
    if not 1 <= value <= MOST_COUNTED:
        raise invalid("range", pointer, f"must be between 1 and {MOST_COUNTED}, not {value}")
    return value


def invalid(keyword: str, pointer: str, message: str) -> RequestInvalid:
    return RequestInvalid([Fault(keyword, pointer, f"#{pointer}/{keyword}", message)])
