"""The indexes of the collections. Their names are a public interface: tools for the documented system hint them."""

import logging
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from beanie import Document
from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError, OperationFailure

from ...models.json import JsonObject, is_object
from ..log_facts import about
from .collections import KINDS, collection_of
from .errors import StoreProblem

# MongoDB's codes if another program made an index of these keys, or of this name, with other options.
CONFLICTS: Final = (85, 86)
_EXPIRY: Final = "expireAfterSeconds"
MOST_NAMED: Final = 5  # documents of one name

log = logging.getLogger("jobyard")


def indexes_of(kind: type[Document]) -> list[IndexModel]:
    return [field.index for field in kind.get_settings().indexes]


def hint_of(collection: Any, name: str) -> list[tuple[str, int]]:
    """The keys of the index of this name, for a hint: another program may have given the index another name."""
    return _keys(collection.name, name)


@cache
def _keys(collection: str, name: str) -> list[tuple[str, int]]:
    named = {index.document["name"]: index.document["key"] for index in indexes_of(KINDS[collection])}
    return [("_id", 1)] if name == "_id_" else list(named[name].items())


async def make_indexes(kinds: Sequence[type[Document]]) -> None:
    """Make missing indexes. An index that another program made with other options stays, with a warning.

    StoreProblem if a unique index of ours exists without uniqueness, or if two documents have the same key.
    """
    for kind in kinds:
        indexes = indexes_of(kind)
        if not indexes or await _make(kind, indexes):
            continue
        for index in indexes:
            if await _make(kind, [index]) or await _differs_in_expiry_alone(kind, index):
                continue
            named = f"index {index.document['name']} of {collection_of(kind).name}"
            if index.document.get("unique"):
                raise StoreProblem(f"The {named} is there with other options: drop it, it will be made anew.")
            log.warning(
                "the %s cannot be made: another program made one of its name or keys",
                named,
                extra=about("index_refused", index=named),
            )


async def set_expiry(kind: type[Document], name: str, seconds: int) -> None:
    """Let the database delete the documents so many seconds after the moment that the index of this name has."""
    collection: Any = collection_of(kind)
    known = (await collection.index_information()).get(name, {})
    if known.get(_EXPIRY) not in (None, seconds):
        await collection.database.command({"collMod": collection.name, "index": {"name": name, _EXPIRY: seconds}})


async def _differs_in_expiry_alone(kind: type[Document], index: IndexModel) -> bool:
    """Whether the index is there with another age of the documents, as settings choose it."""
    wanted = index.document
    known = (await collection_of(kind).index_information()).get(wanted["name"], {})
    return _EXPIRY in wanted and _EXPIRY in known and known.get("key") == list(wanted["key"].items())


async def index_names(collection: Any) -> list[str]:
    """The names of the collection's indexes; empty if the collection does not exist."""
    return sorted(await collection.index_information())


async def _make(kind: type[Document], indexes: list[IndexModel]) -> bool:
    try:
        await collection_of(kind).create_indexes(indexes)
    except DuplicateKeyError as fault:
        key: Any = (fault.details or {}).get("keyValue")
        if not is_object(key) or not key:
            raise
        raise StoreProblem(await _describe_duplicates(kind, key)) from fault
    except OperationFailure as fault:
        if fault.code not in CONFLICTS:
            raise
        return False
    return True


async def _describe_duplicates(kind: type[Document], key: JsonObject) -> str:
    """A sentence that names documents with the same key."""
    collection = collection_of(kind)
    ids = [repr(one["_id"]) async for one in collection.find(key, {"_id": 1}).limit(MOST_NAMED)]
    said = ", ".join(f"{name} {value!r:.200}" for name, value in key.items())
    return (
        f"Documents of {collection.name} have the same {said}: those with the _id {', '.join(ids)}. One alone may: "
        "rename or delete the others in the database."
    )
