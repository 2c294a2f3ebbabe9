"""The current workflows by name: read in batches, decoded only if they changed."""

from collections.abc import Sequence
from typing import Any

from bson import decode  # pyright: ignore[reportUnknownVariableType] -- its overloads are partial
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo.asynchronous.collection import AsyncCollection

from ...models.bounded_cache import BoundedCache
from ...models.documents.stored import from_stored
from ...models.documents.workflow import Workflow
from ...models.json import JsonObject
from .collections import collection_of
from .group_commit import Batches
from .sealed_documents import open_document

LARGEST_KEPT = 4 * 1024 * 1024  # bytes as they are stored, which take ten times the memory
_RAW = CodecOptions(document_class=RawBSONDocument)


class NamedWorkflows:
    def __init__(self) -> None:
        self._reads = Batches[str, JsonObject | None]("workflows by their names", self._read)
        self._known: BoundedCache[str, tuple[bytes, JsonObject]] = BoundedCache(room=LARGEST_KEPT)

    async def find(self, name: str) -> JsonObject | None:
        """The workflow, which the caller must not change; the same object as before if the workflow did not change."""
        return await self._reads.put(name)

    async def close(self) -> None:
        await self._reads.close()

    async def _read(self, names: Sequence[str]) -> list[JsonObject | Exception | None]:
        found: dict[str, JsonObject | Exception] = {}
        collection = collection_of(Workflow)
        stored = isinstance(collection, AsyncCollection)  # the in-memory store has no raw documents
        documents: Any = collection.with_options(_RAW) if stored else collection
        wanted = sorted(set(names))
        query = {"name": {"$eq": wanted[0]} if len(wanted) == 1 else {"$in": wanted}}
        async for one in documents.find(query).batch_size(len(wanted) + 1):
            name: str = wanted[0] if len(wanted) == 1 else one["name"]
            try:
                found[name] = self._decode_changed(name, one.raw, collection) if stored else _decode(one)
            except Exception as fault:  # an edge: an error of one workflow is for its own caller
                found[name] = fault
        return [found.get(name) for name in names]

    def _decode_changed(self, name: str, raw: bytes, collection: Any) -> JsonObject:
        known = self._known.get(name)
        if known is not None and known[0] == raw:
            return known[1]
        made = _decode(decode(raw, collection.codec_options))
        self._known.put(name, (raw, made), len(raw))
        return made


def _decode(stored: JsonObject) -> JsonObject:
    return from_stored(open_document("workflow", stored))
