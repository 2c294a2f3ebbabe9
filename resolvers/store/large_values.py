"""Large values beside the documents that hold them, so that a job stays small whatever its tasks produce.

A value of more than LARGE bytes goes to `job_data`, one of more than a document may have to GridFS (`job_data.files`
and `.chunks`); a reference stands in its place. The id follows from the content, so a value that several tasks and
variables share is stored once, and an advance that is repeated stores it again under the same id.
"""

import asyncio
from hashlib import sha256
from typing import Any, TypeGuard

import orjson
from gridfs.asynchronous import AsyncGridFSBucket
from pymongo.errors import BulkWriteError

from ...models.json import Json, JsonObject, is_array, is_object
from .errors import faults_of, is_duplicate

LARGE = 64 * 1024
SMALL = 512
LARGEST_DOCUMENT = 8 * 1024 * 1024
BSON_FOR_JSON = 7  # at most: an array's `0,` takes two bytes as JSON, and up to fourteen in the database
# Foreign keys that begin with `$` are stored with an escape: this one cannot be anybody's.
REFERENCE = "$job_data"


class LargeValues:
    """`gridfs` is False on the in-memory store, which has none, and no limit on a document either."""

    def __init__(self, database: Any, *, gridfs: bool) -> None:
        self.data = database["job_data"]
        self._gridfs = _GridFs(database) if gridfs else None
        # By job, the values put aside so far: the same object is not encoded again at every write.
        self._known: dict[str, list[tuple[Json, JsonObject]]] = {}

    async def put_aside(self, job_id: str, values: JsonObject, *, remember: bool = True) -> JsonObject:
        """The values with references in place of the large ones, which are durable when this returns.

        `remember` them, if the same objects may come again, until `forget`.
        """
        known = self._known.get(job_id, [])
        slim = {key: next((ref for one, ref in known if one is value), value) for key, value in values.items()}
        encoded: dict[str, bytes] = {}
        for key, value in slim.items():
            if _may_be_large(value):
                encoded[key] = orjson.dumps(value)
                if len(encoded[key]) > LARGEST_DOCUMENT // 16:
                    await asyncio.sleep(0)  # others have their turn between two large ones
        # Many values that are small each may be too much together.
        together = sum(map(len, encoded.values()))
        least = LARGE if together <= LARGEST_DOCUMENT // BSON_FOR_JSON else SMALL
        large = {key: text for key, text in encoded.items() if len(text) > least}
        slim.update({key: _reference(job_id, text) for key, text in large.items()})
        await self._store(job_id, {slim[key][REFERENCE]: (key, values[key], text) for key, text in large.items()})
        if remember and large:  # not before: who tries again after a fault stores them again
            self._known.setdefault(job_id, []).extend((values[key], slim[key]) for key in large)
        return slim

    async def bring_back(self, values: JsonObject) -> JsonObject:
        """The values with the large ones in the place of their references."""
        (whole,) = await self.bring_all_back([values])
        return whole

    async def bring_all_back(self, several: list[JsonObject]) -> list[JsonObject]:
        """The values of several documents with the large ones in the place of their references, at once."""
        ids = {value[REFERENCE] for values in several for value in values.values() if _is_reference(value)}
        if not ids:
            return several
        found = {one["_id"]: one["value"] async for one in self.data.find({"_id": {"$in": sorted(ids)}})}
        for id in ids - found.keys():
            found[id] = await self._from_gridfs(id)
        return [
            {key: found[value[REFERENCE]] if _is_reference(value) else value for key, value in values.items()}
            for values in several
        ]

    def forget(self, job_id: str) -> None:
        """Let go of the values of a job that is not run here any more."""
        self._known.pop(job_id, None)

    async def _store(self, job_id: str, values: dict[str, tuple[str, Json, bytes]]) -> None:
        """Values by id, each with its name and as JSON; one that is stored already has the same content."""
        documents: list[JsonObject] = []
        for id, (key, value, encoded) in values.items():
            most = LARGEST_DOCUMENT if isinstance(value, str) else 2 * LARGEST_DOCUMENT // BSON_FOR_JSON
            if self._gridfs is not None and len(encoded) > most:
                await self._gridfs.store(id, key, encoded, {"job": job_id})
            else:
                documents.append({"_id": id, "job_id": job_id, "key": key, "value": value})
        if not documents:
            return
        try:
            await self.data.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            if any(fault is not None and not is_duplicate(fault) for fault in faults_of(error, len(documents))):
                raise

    async def _from_gridfs(self, id: str) -> Json:
        if self._gridfs is None:
            raise LookupError(f"value {id} is missing from job_data")
        return orjson.loads(await self._gridfs.read(id))


def size_aside(values: JsonObject) -> int:
    """How many bytes of JSON bringing back the large ones would add."""
    return sum(value["size"] for value in values.values() if _is_reference(value))


def without_references(values: JsonObject) -> JsonObject:
    """The values that stand where they belong."""
    return {key: value for key, value in values.items() if not _is_reference(value)}


def _is_reference(value: Json) -> TypeGuard[JsonObject]:
    return is_object(value) and REFERENCE in value


def _reference(job_id: str, encoded: bytes) -> JsonObject:
    return {REFERENCE: f"{job_id}/{sha256(encoded).hexdigest()[:32]}", "size": len(encoded)}


class _GridFs:
    def __init__(self, database: Any) -> None:
        self._bucket = AsyncGridFSBucket(database, bucket_name="job_data")
        self._files, self._chunks = database["job_data.files"], database["job_data.chunks"]

    async def store(self, id: str, name: str, content: bytes, metadata: JsonObject) -> None:
        """Store a file unless it is whole already; what a process that was killed left of one is cleared first."""
        if await self._files.find_one({"_id": id}, {"_id": 1}) is None:
            await self._chunks.delete_many({"files_id": id})
            await self._bucket.upload_from_stream_with_id(id, name, content, metadata=metadata)

    async def read(self, id: str) -> bytes:
        stream = await self._bucket.open_download_stream(id)
        return await stream.read()


def _may_be_large(value: Json) -> bool:
    if isinstance(value, str):
        return len(value) > SMALL
    return (is_object(value) and not _is_reference(value)) or is_array(value)
