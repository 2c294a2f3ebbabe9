"""What an expression of json-query is made of."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from .patterns import Pattern
from .undefined import UndefinedType

Operator: TypeAlias = Literal["=", "~", ":", "<", ">", "<=", ">="]


@dataclass(frozen=True)
class SubQuery:
    """`{...}`, a query on the root, or the function behind `:` in a condition, a query on the item."""

    tokens: tuple["Token", ...]


Part: TypeAlias = str | UndefinedType | SubQuery


@dataclass(frozen=True)
class Root:
    arguments: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Parent:
    """`..`: there is never one, as a query always starts at the root."""


@dataclass(frozen=True)
class Or:
    """`|`: go on from the start unless there is a truthy value."""


@dataclass(frozen=True)
class Values:
    """`[*]`, and `[**]` that also flattens the arrays among the values."""

    flatten: bool


@dataclass(frozen=True)
class Get:
    key: Part


@dataclass(frozen=True)
class Condition:
    key: Part
    operator: Operator
    value: Part | Pattern
    negated: bool
    junction: Literal["", "&", "|"] = ""


@dataclass(frozen=True)
class Select:
    """`[k=v]`, the first item, or `[*k=v]`, all. A None among the conditions is one without an operator."""

    conditions: tuple[Condition | None, ...]
    every: bool


@dataclass(frozen=True)
class Call:
    """`:name(arguments)`."""

    name: str
    arguments: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Deep:
    """`[]`: the first truthy result of the rest, over the items."""

    tokens: tuple["Token", ...]


Token: TypeAlias = Root | Parent | Or | Values | Get | Select | Call | Deep
