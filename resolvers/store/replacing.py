"""Replacement of stored documents by imported ones.

The identity of a workflow or template is its name, of a transformation its id, of a form its id or else its name.
"""

import re
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Final
from uuid import UUID, uuid4, uuid5

from beanie import Document

from ...models.documents.containers import Kind
from ...models.documents.workflow import AnalyticTemplate, CommandTemplate, Form, Template, Transformation, Workflow
from ...models.hex_ids import HEX_ID
from ...models.json import Json, JsonObject, text_at
from ..threads import in_thread_if_long
from . import sealed_documents
from .collections import collection_of

KINDS: Final[Mapping[Kind, type[Document]]] = MappingProxyType(
    {
        "workflow": Workflow,
        "transformation": Transformation,
        "template": Template,
        "form": Form,
        "commandTemplate": CommandTemplate,
        "analyticTemplate": AnalyticTemplate,
    }
)


# Ids of documents on the systems that they come from.
_ID: Final = re.compile(rf"{HEX_ID}|[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}")
_OF_PROJECTS: Final = UUID("6f0f3f5e-3a5c-4d0f-9f0b-0a7a52d6c1e4")


async def find_replaced(kind: Kind, document: JsonObject) -> JsonObject | None:
    """The stored document that this one replaces; None if it replaces none."""
    for query in _identity_queries(kind, document):
        found: JsonObject | None = await collection_of(KINDS[kind]).find_one(query, sort=[("_id", 1)])
        if found is not None:
            return found
    return None


async def replace(kind: Kind, id: Json, document: JsonObject) -> None:
    """Store the document under the id of the one that it replaces."""
    stored = await in_thread_if_long(partial(_stored, kind, id, document), document)
    await collection_of(KINDS[kind]).replace_one({"_id": id}, stored, upsert=True)


async def free_id(kind: Kind, document: JsonObject, reference: str = "", project_id: str = "") -> str:
    """The id of a new document: the id in the document if it is free, otherwise a new one.

    A transformation always has the id in its document, because workflows refer to it; the id of a command or analytic
    template is its name (reference/rest-api.md#projects). For a document of a project the `reference` of its component
    counts, too, and a new id is the same at each import.
    """
    if kind == "transformation":
        return str(document["_id"])
    if kind in ("commandTemplate", "analyticTemplate"):
        return text_at(document, "name")
    id = text_at(document, "_id") or (reference if _ID.fullmatch(reference) else "")
    id = id or (text_at(document, "id") if kind == "form" else "")
    own = str(uuid5(_OF_PROJECTS, f"{project_id}/{kind}/{id or text_at(document, 'name')}"))
    for wanted in (id, own if project_id else ""):
        if wanted and await collection_of(KINDS[kind]).find_one({"_id": wanted}, {"_id": 1}) is None:
            return wanted
    return str(uuid4())


async def insert_new(kind: Kind, document: JsonObject, id: str | None = None) -> str:
    """Store a new document; its id. DuplicateKeyError if a concurrent request stored the same one."""
    id = id or await free_id(kind, document)
    stored = await in_thread_if_long(partial(_stored, kind, id, document), document)
    await collection_of(KINDS[kind]).insert_one({**stored, "_id": id})
    return id


def _stored(kind: Kind, id: Json, document: JsonObject) -> JsonObject:
    return without_id(sealed_documents.seal_document(collection_of(KINDS[kind]).name, {**document, "_id": id}))


def without_id(document: JsonObject) -> JsonObject:
    return {key: value for key, value in document.items() if key != "_id"}


def _identity_queries(kind: Kind, document: JsonObject) -> list[JsonObject]:
    name = text_at(document, "name")
    if kind == "transformation":
        return [{"_id": document["_id"]}]
    if kind != "form":
        return [{"name": name}]
    id = text_at(document, "_id") or text_at(document, "id")
    return [*([{"_id": id}, {"id": id}] if id else []), *([{"name": name}] if name else [])]
