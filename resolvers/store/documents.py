"""Documents whose ids are of the database's own kind: what other programs read by ObjectId."""

from typing import Any

from beanie import Document
from bson import ObjectId
from pymongo import ASCENDING

from ...models.documents.ids import object_id
from ...models.documents.stored import from_stored
from ...models.json import JsonObject
from .collections import collection_of
from .sealed_documents import sealed, shown


async def find(kind: type[Document], id: str) -> JsonObject | None:
    key = object_id(id)
    return None if key is None else await find_by(kind, {"_id": key})


async def find_by(kind: type[Document], query: dict[str, Any]) -> JsonObject | None:
    """The first that was stored."""
    found = await find_all_by(kind, query, 1)
    return found[0] if found else None


async def find_all_by(kind: type[Document], query: dict[str, Any], most: int = 0) -> list[JsonObject]:
    """In the order in which they were stored; `most` 0: all."""
    found = collection_of(kind).find(query).sort([("_id", ASCENDING)]).limit(most)
    return [from_stored(shown(collection_of(kind).name, one)) async for one in found]


async def insert(kind: type[Document], document: JsonObject) -> JsonObject:
    """Under a new id."""
    id = ObjectId()
    await collection_of(kind).insert_one(sealed(collection_of(kind).name, {"_id": id, **document}))
    return from_stored({"_id": id, **document})


async def change(kind: type[Document], id: str, fields: JsonObject) -> JsonObject | None:
    """The document with these fields changed; None where there is none."""
    stored = sealed(collection_of(kind).name, {"_id": ObjectId(id), **fields})
    stored.pop("_id")
    changed = await collection_of(kind).find_one_and_update(
        {"_id": ObjectId(id)}, {"$set": stored}, return_document=True
    )
    return None if changed is None else from_stored(shown(collection_of(kind).name, changed))


async def delete_by(kind: type[Document], query: dict[str, Any]) -> int:
    return (await collection_of(kind).delete_many(query)).deleted_count
