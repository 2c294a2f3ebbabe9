"""Importing many automations or triggers: what one of them refuses stops no other."""

from collections.abc import Awaitable

from ..models.access import Caller
from ..models.errors import Problem
from ..models.json import Json, JsonObject
from . import automations, triggers
from .yard import Yard

Outcomes = list[JsonObject | Problem]


async def automations_in(yard: Yard, caller: Caller, documents: list[Json]) -> Outcomes:
    return [await _outcome(automations.bring_in(yard, caller, one)) for one in documents]


async def triggers_in(yard: Yard, caller: Caller, documents: list[Json]) -> Outcomes:
    return [await _outcome(triggers.create(yard, caller, one)) for one in documents]


async def _outcome(bringing: Awaitable[JsonObject]) -> JsonObject | Problem:
    try:
        return await bringing
    except Problem as problem:
        return problem
