"""The database's indexes: which this server wants, which there are, and making those that are missing."""

import re
from collections.abc import Sequence
from typing import Final

from ...models.json import JsonObject, object_at
from ..search import conditions
from ..services import Services
from ..store.collections import KINDS
from ..store.indexes import index_names, indexes_of, make_indexes

MOST_COLLECTIONS: Final = 100
_NAME: Final = re.compile(r"(?!system\.)(?=.{1,100}\Z)[A-Za-z_][\w-]*(\.[\w-]+)*", re.ASCII)


def wanted() -> JsonObject:
    """By collection, the definitions of its indexes as the database takes them."""
    return {name: [dict(index.document) for index in indexes_of(kind)] for name, kind in KINDS.items()}


async def status(services: Services, collections: Sequence[str]) -> JsonObject:
    """By collection, the names of the indexes that are there, and of those that are wanted and missing.

    Of no collection: of all that this server wants indexes in.
    """
    conditions.at_most(collections, MOST_COLLECTIONS, "/collections")
    for index, name in enumerate(collections):
        if not _NAME.fullmatch(name):
            raise conditions.invalid(
                "pattern", f"/collections/{index}", f"must be the name of a collection, not '{name}'"
            )
    return {name: await _status(services, name) for name in collections or KINDS}


async def create(services: Services, collection: str) -> JsonObject:
    """Make those of a collection that are missing; its status after that."""
    if collection in KINDS:
        await make_indexes([KINDS[collection]])
    return object_at(await status(services, [collection]), collection)


async def _status(services: Services, name: str) -> JsonObject:
    present = await index_names(services.store.database[name])
    kind = KINDS.get(name)
    names = [] if kind is None else [index.document["name"] for index in indexes_of(kind)]
    return {"present": [*present], "missing": [*sorted(set(names) - set(present))]}
