"""The current workflows by name: read in batches, decoded only if they changed."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from ...models.bounded_cache import BoundedCache
from ...models.documents.stored import from_stored
from ...models.documents.workflow import Workflow
from ...models.json import JsonObject
from ..threads import in_thread
from .collections import collection_of
from .group_commit import Batches
from .long_documents import AT_ONCE, decode_in_parts, has_raw_documents, raw_options
from .sealed_documents import open_document

LARGEST_KEPT = 4 * 1024 * 1024  # bytes as they are stored, which take ten times the memory


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
        collection: Any = collection_of(Workflow)
        stored = has_raw_documents(collection)
        documents: Any = collection.with_options(raw_options(collection.codec_options)) if stored else collection
        wanted = sorted(set(names))
        query = {"name": {"$eq": wanted[0]} if len(wanted) == 1 else {"$in": wanted}}
        async for one in documents.find(query).batch_size(len(wanted) + 1):
            name: str = wanted[0] if len(wanted) == 1 else one["name"]
            try:
                found[name] = await self._decode_changed(name, one.raw, collection) if stored else _decode(one)
            except Exception as fault:  # an edge: an error of one workflow is for its own caller
                found[name] = fault
        return [found.get(name) for name in names]

    async def _decode_changed(self, name: str, raw: bytes, collection: Any) -> JsonObject:
        known = self._known.get(name)
        if known is not None and known[0] == raw:
            return known[1]
        decoding = partial(_decode_raw, raw, collection.codec_options)
        made = await in_thread(decoding) if len(raw) > AT_ONCE else decoding()
        self._known.put(name, (raw, made), len(raw))
        return made


def _decode_raw(raw: bytes, options: Any) -> JsonObject:
    return _decode(decode_in_parts(raw, options))


def _decode(stored: JsonObject) -> JsonObject:
    return from_stored(open_document("workflow", stored))
