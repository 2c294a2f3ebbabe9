"""Importing many automations or triggers: what one of them refuses stops no other."""

from collections.abc import Awaitable

from ..models.errors import Problem
from ..models.json import Json, JsonObject
from . import automations, triggers
from .yard import Yard

Outcomes = list[JsonObject | Problem]


async def automations_in(yard: Yard, documents: list[Json], user: str) -> Outcomes:
    return [await _outcome(automations.bring_in(yard, one, user)) for one in documents]


async def triggers_in(yard: Yard, documents: list[Json], user: str) -> Outcomes:
    return [await _outcome(triggers.create(yard, one, user)) for one in documents]


async def _outcome(bringing: Awaitable[JsonObject]) -> JsonObject | Problem:
    try:
        return await bringing
    except Problem as problem:
        return problem
