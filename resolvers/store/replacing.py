"""Storing a document that somebody brings in place of the one it replaces. Each answers its id and whether it did."""

from uuid import uuid4

from beanie import Document
from pymongo.errors import DuplicateKeyError

from ...models.documents.workflow import Form
from ...models.json import Json, JsonObject, text_at
from .collections import collection_of

Replaced = tuple[str, bool]


async def replace_by_id(kind: type[Document], document: JsonObject) -> Replaced:
    result = await collection_of(kind).replace_one({"_id": document["_id"]}, document, upsert=True)
    return str(document["_id"]), result.matched_count > 0


async def replace_by_name(kind: type[Document], document: JsonObject) -> Replaced:
    """A name has one document, whose id stays; a copy under a new name whose id is taken gets an id of its own."""
    documents = collection_of(kind)
    content = {key: value for key, value in document.items() if key != "_id"}
    while True:
        known = await documents.find_one({"name": document["name"]}, {"_id": 1})
        if known is not None:
            await documents.replace_one({"_id": known["_id"]}, content)
            return str(known["_id"]), True
        try:
            return await insert_new(kind, document), False
        except DuplicateKeyError:
            continue  # somebody imported the same name meanwhile: replace it


async def insert_new(kind: type[Document], document: JsonObject) -> str:
    """Its id, which is one of its own where the document has none or one that is taken."""
    documents = collection_of(kind)
    id = text_at(document, "_id") or str(uuid4())
    if await documents.find_one({"_id": id}, {"_id": 1}) is not None:
        id = str(uuid4())
    await documents.insert_one({**document, "_id": id})
    return id


async def replace_form(document: JsonObject) -> Replaced:
    """The form of this id, else of this name; its `_id` stays. A new one is stored under the id that it brings."""
    forms = collection_of(Form)
    content = {key: value for key, value in document.items() if key != "_id"}
    id = text_at(document, "_id") or text_at(document, "id")
    known = await _known_form(id, text_at(document, "name"))
    if known is not None:
        await forms.replace_one({"_id": known}, content)
        return str(known), True
    id = id or str(uuid4())
    await forms.replace_one({"_id": id}, content, upsert=True)
    return id, False


async def _known_form(id: str, name: str) -> Json:
    asked = [*([{"_id": id}, {"id": id}] if id else []), *([{"name": name}] if name else [])]
    for one in asked:
        found = await collection_of(Form).find_one(one, {"_id": 1}, sort=[("_id", 1)])
        if found is not None:
            return found["_id"]
    return None
