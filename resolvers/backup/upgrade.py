"""`jobyard upgrade --check`: whether this release reads what is stored, and what it would upgrade."""

from dataclasses import dataclass
from typing import Final

from beanie import init_beanie  # pyright: ignore[reportUnknownVariableType] -- Beanie leaves types open

from ...models.documents.state_version import STATE_VERSION, VERSION_KEY
from ...models.json import JsonObject
from ...models.settings import Settings
from ..store.collections import DOCUMENTS, KINDS
from ..store.indexes import indexes_of
from .database import open_durable
from .restore import check_restored

_VERSIONED: Final[dict[str, JsonObject]] = {
    "jobs": {"workflow_version": {"$exists": True}},
    "tasks": {},
    "workflow_versions": {},
}


@dataclass(frozen=True)
class CollectionCheck:
    """The documents of a collection by the version of their state, and the indexes that a start would make."""

    name: str
    current: int
    older: int
    newer: int
    missing_indexes: list[str]


async def check_upgrade(settings: Settings) -> list[CollectionCheck]:
    """A check of each collection that has versions or lacks an index. Nothing is changed."""
    async with open_durable(settings) as store:
        await check_restored(store.database)
        await init_beanie(database=store.database, document_models=DOCUMENTS, skip_indexes=True)
        checks: list[CollectionCheck] = []
        for name, kind in KINDS.items():
            present = await store.database[name].index_information()
            missing = [index.document["name"] for index in indexes_of(kind) if index.document["name"] not in present]
            counts = {"current": 0, "older": 0, "newer": 0}
            if name in _VERSIONED:
                stages = [{"$match": _VERSIONED[name]}, {"$group": {"_id": f"${VERSION_KEY}", "count": {"$sum": 1}}}]
                async for group in await store.database[name].aggregate(stages):
                    version = group["_id"] if isinstance(group["_id"], int) else 0
                    place = "newer" if version > STATE_VERSION else "older" if version < STATE_VERSION else "current"
                    counts[place] += group["count"]
            if name in _VERSIONED or missing:
                checks.append(CollectionCheck(name, **counts, missing_indexes=missing))
        return checks
