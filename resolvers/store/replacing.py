"""What a document that somebody brings stands in place of, and how it is stored.

A workflow and a template are known by their names, a transformation by its id, and a form by its id, else its name.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from uuid import uuid4

from beanie import Document

from ...models.documents.containers import Kind
from ...models.documents.workflow import Form, Template, Transformation, Workflow
from ...models.json import Json, JsonObject, text_at
from . import sealed_documents
from .collections import collection_of

KINDS: Final[Mapping[Kind, type[Document]]] = MappingProxyType(
    {"workflow": Workflow, "transformation": Transformation, "template": Template, "form": Form}
)


async def replaced_by(kind: Kind, document: JsonObject) -> JsonObject | None:
    """The stored document in whose place this one stands."""
    for query in _known_by(kind, document):
        found: JsonObject | None = await collection_of(KINDS[kind]).find_one(query, sort=[("_id", 1)])
        if found is not None:
            return found
    return None


async def replace(kind: Kind, id: Json, document: JsonObject) -> None:
    """Store the document under the id of the one that it replaces."""
    await collection_of(KINDS[kind]).replace_one({"_id": id}, _stored(kind, id, document), upsert=True)


async def free_id(kind: Kind, document: JsonObject) -> str:
    """The id that a new document brings, or one of its own where it brings none or one that is taken.

    A transformation has the id that it brings: workflows refer to it by that.
    """
    if kind == "transformation":
        return str(document["_id"])
    id = text_at(document, "_id") or (text_at(document, "id") if kind == "form" else "")
    if not id or await collection_of(KINDS[kind]).find_one({"_id": id}, {"_id": 1}) is not None:
        return str(uuid4())
    return id


async def insert_new(kind: Kind, document: JsonObject, id: str | None = None) -> str:
    """Its id. DuplicateKeyError where somebody has stored such a document meanwhile."""
    id = id or await free_id(kind, document)
    await collection_of(KINDS[kind]).insert_one({**_stored(kind, id, document), "_id": id})
    return id


def _stored(kind: Kind, id: Json, document: JsonObject) -> JsonObject:
    return content_of(sealed_documents.sealed(collection_of(KINDS[kind]).name, {**document, "_id": id}))


def content_of(document: JsonObject) -> JsonObject:
    return {key: value for key, value in document.items() if key != "_id"}


def _known_by(kind: Kind, document: JsonObject) -> list[JsonObject]:
    name = text_at(document, "name")
    if kind == "transformation":
        return [{"_id": document["_id"]}]
    if kind != "form":
        return [{"name": name}]
    id = text_at(document, "_id") or text_at(document, "id")
    return [*([{"_id": id}, {"id": id}] if id else []), *([{"name": name}] if name else [])]
