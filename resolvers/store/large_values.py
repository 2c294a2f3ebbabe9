"""Large values are stored outside of job documents, so that a job stays small whatever its tasks produce.

A value of more than LARGE bytes goes to `job_data`, a value that is too large for a document to GridFS
(`job_data.files` and `.chunks`); a reference replaces it. The id follows from the content: a value that several tasks
and variables share is stored once, and a repeated advance stores it again under the same id.

Secrets in a value are sealed before; the reference then names the key. A GridFS file is sealed as a whole, by a key of
its own that is stored, sealed, beside the file: a rotation seals that key again, and does not rewrite the file.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any, Final, Required, TypedDict, TypeGuard, TypeVar

import orjson
from gridfs.asynchronous import AsyncGridFSBucket
from gridfs.errors import NoFile
from pymongo.errors import BulkWriteError

from ...models.engine.sizes import takes_long
from ...models.errors import SecretsKeyMissing
from ...models.json import Json, JsonObject, is_array, is_object, object_at, text_at
from ...models.json_text import write_json
from ...models.secrets.masking import MASK, Path
from ...models.secrets.sealing import SEALED, is_envelope, keys_in, sealed_at
from ..threads import in_thread, parse_json
from .errors import ValueMissing, faults_of, is_duplicate
from .keyring import Keyring, place_of_job

MISSING = "(this value is missing in the database)"  # in views
LARGE = 64 * 1024
SMALL = 512
LARGEST_DOCUMENT = 8 * 1024 * 1024
AT_ONCE = 2 * 1024 * 1024  # bytes of JSON that are written or read in one command
BSON_FOR_JSON = 7  # at most: an array's `0,` takes two bytes as JSON, and up to fourteen in the database
# Keys of authors that begin with `$` are stored with an escape, so that no author can write this key.
REFERENCE: Final = "$job_data"
BOX = "box"  # in the metadata of a sealed file: the sealed key of the file


Reference = TypedDict(
    "Reference", {"$job_data": Required[str], "size": Required[int], "sealed_by": list[str]}, total=False
)
Part = TypeVar("Part")


@dataclass(frozen=True)
class _Known:
    """A value that was stored outside of its document, and the paths of its secrets."""

    value: Json
    paths: tuple[tuple[str, ...], ...]
    reference: JsonObject


@dataclass(frozen=True)
class _Aside:
    """A value that is to be stored outside of its document: as it is, as stored, encoded, and the sealing keys."""

    key: str
    plain: Json
    stored: Json
    encoded: bytes
    keys: list[str]


class LargeValues:
    """`gridfs` is False for the in-memory store, which has no GridFS and no limit on the size of a document."""

    def __init__(self, database: Any, *, gridfs: bool, keyring: Keyring | None = None) -> None:
        self.data = database["job_data"]
        self.keyring = keyring or Keyring()
        self._gridfs = _GridFs(database) if gridfs else None
        # By job, the values stored so far: the same object is not encoded again at every write.
        self._known: dict[str, list[_Known]] = {}

    async def put_aside(
        self, job_id: str, values: JsonObject, secrets: Sequence[Path] = (), *, remember: bool = True
    ) -> JsonObject:
        """The values with references in place of large ones, which are durable when this returns.

        Values at the paths `secrets` are sealed, if there is a key. With `remember`, the same objects are not encoded
        again until `forget`.
        """
        paths = _paths_by_name(secrets) if self.keyring else {}
        known = {
            key: one.reference
            for key, value in values.items()
            for one in self._known.get(job_id, ())
            if one.value is value and one.paths == paths.get(key, ())
        }
        new = {key: value for key, value in values.items() if key not in known}
        if takes_long(*new.values()):
            ready, aside = await in_thread(partial(self._prepare, job_id, new, paths, write_json))
        else:
            ready, aside = self._prepare(job_id, new, paths, orjson.dumps)
        slim: JsonObject = {key: known[key] if key in known else ready[key] for key in values}
        await self._store(job_id, {text_at(object_at(slim, one.key), REFERENCE): one for one in aside})
        if remember and aside:  # only now: after a fault, a repetition must store them again
            self._known.setdefault(job_id, []).extend(
                _Known(values[one.key], paths.get(one.key, ()), object_at(slim, one.key)) for one in aside
            )
        return slim

    def _prepare(
        self,
        job_id: str,
        values: JsonObject,
        paths: dict[str, tuple[tuple[str, ...], ...]],
        write: Callable[[Json], bytes],
    ) -> tuple[JsonObject, list[_Aside]]:
        """The values as they are stored, and those of them that are stored outside of the document."""
        slim = {key: self._seal(job_id, value, paths.get(key, ())) for key, value in values.items()}
        encoded = {key: write(value) for key, value in slim.items() if _may_be_large(value)}
        # Many small values may be too much together.
        together = sum(map(len, encoded.values()))
        least = LARGE if together <= LARGEST_DOCUMENT // BSON_FOR_JSON else SMALL
        aside: list[_Aside] = []
        for key, text in encoded.items():
            if len(text) > least:
                whole, keys = slim[key], keys_in(slim[key]) if self.keyring else []
                aside.append(_Aside(key, values[key], whole, text, keys))
                slim[key] = _reference(job_id, text, keys)
        return slim, aside

    def _seal(self, job_id: str, value: Json, paths: tuple[tuple[str, ...], ...]) -> Json:
        if not paths:
            return value
        place = place_of_job(job_id)
        return sealed_at({"": value}, [["", *path] for path in paths], lambda one: self.keyring.seal(place, one))[""]

    async def open(self, job_id: str, values: JsonObject, sealed: bool) -> JsonObject:
        """The values with large ones in place of their references, and with secrets opened.

        `sealed`: whether the document of the values has sealed secrets.
        """
        sealed = sealed or any(_is_reference(value) and SEALED in value for value in values.values())
        (whole,) = await self.load_all([values], job_id)
        return object_at({"": self.keyring.open(place_of_job(job_id), whole)}, "") if sealed else whole

    async def load(self, values: JsonObject) -> JsonObject:
        """The values with large ones in place of their references."""
        (whole,) = await self.load_all([values])
        return whole

    async def load_all(self, several: list[JsonObject], job_id: str | None = None) -> list[JsonObject]:
        """The values of several documents with large ones in place of their references.

        With `job_id`, for the server that runs this job: SecretsKeyMissing for a value that cannot be opened, and
        ValueMissing for a missing one. Without it, a mask or MISSING replaces such a value.
        """
        ids = {value[REFERENCE]: value["size"] for one in several for value in one.values() if _is_reference(value)}
        if not ids:
            return several
        found: JsonObject = {}
        for group in _together(sorted(ids), [ids[id] for id in sorted(ids)]):
            query = {"_id": {"$in": group}}
            found |= {one["_id"]: one["value"] async for one in self.data.find(query)}
        for id in ids.keys() - found.keys():
            try:
                found[id] = await self._read_gridfs(id, job_id or str(id).rpartition("/")[0])
            except SecretsKeyMissing:
                if job_id is not None:
                    raise
                found[id] = MASK
            except ValueMissing:
                if job_id is not None:
                    raise
                found[id] = MISSING
        return [
            {key: found[value[REFERENCE]] if _is_reference(value) else value for key, value in values.items()}
            for values in several
        ]

    def forget(self, job_id: str) -> None:
        """Forget the remembered values of a job that this process does not run any more."""
        self._known.pop(job_id, None)

    async def _store(self, job_id: str, values: dict[str, _Aside]) -> None:
        """Store values by id. A stored value of the same id has the same content."""
        documents: list[dict[str, object]] = []
        for id, one in values.items():
            is_text = isinstance(one.stored, str) or is_envelope(one.stored)
            most = LARGEST_DOCUMENT if is_text else 2 * LARGEST_DOCUMENT // BSON_FOR_JSON
            keys, sealed = one.keys, _key_label(one.keys)
            if self._gridfs is None or len(one.encoded) <= most:
                documents.append({"_id": id, "job_id": job_id, "key": one.key, "value": one.stored, **sealed})
            elif keys:
                content, box = await in_thread(partial(self._box, job_id, one.plain))
                await self._gridfs.store(id, one.key, content, {"job": job_id, **sealed, BOX: box})
            else:
                await self._gridfs.store(id, one.key, one.encoded, {"job": job_id})
        for group in _together(documents, [len(values[str(one["_id"])].encoded) for one in documents]):
            try:
                await self.data.insert_many(group, ordered=False)
            except BulkWriteError as error:
                if any(fault is not None and not is_duplicate(fault) for fault in faults_of(error, len(group))):
                    raise

    def _box(self, job_id: str, value: Json) -> tuple[bytes, Json]:
        return self.keyring.box(place_of_job(job_id), write_json(value))

    async def _read_gridfs(self, id: str, job_id: str) -> Json:
        if self._gridfs is None:
            raise ValueMissing(id)
        try:
            content, metadata = await self._gridfs.read(id)
        except NoFile as missing:
            raise ValueMissing(id) from missing
        if BOX in metadata:
            box = object_at(metadata, BOX)
            content = await in_thread(partial(self.keyring.unbox, place_of_job(job_id), box, content))
        return await parse_json(content)


def size_aside(values: JsonObject) -> int:
    """The bytes of JSON that loading the large values would add."""
    return sum(value["size"] for value in values.values() if _is_reference(value))


def keys_of(*several: Mapping[str, object]) -> list[str]:
    """The ids of the keys that sealed secrets in the values, including large ones."""
    keys = set(keys_in(*several))
    for values in several:
        for value in values.values():
            keys.update(value.get(SEALED, []) if _is_reference(value) else ())
    return sorted(keys)


def without_references(values: JsonObject) -> JsonObject:
    """The values without references to large ones."""
    return {key: value for key, value in values.items() if not _is_reference(value)}


def _is_reference(value: object) -> TypeGuard[Reference]:
    return is_object(value) and REFERENCE in value


def _reference(job_id: str, encoded: bytes, keys: list[str]) -> JsonObject:
    return {REFERENCE: f"{job_id}/{sha256(encoded).hexdigest()[:32]}", "size": len(encoded), **_key_label(keys)}


def _key_label(keys: list[str]) -> JsonObject:
    return {SEALED: [*keys]} if keys else {}


def _together(documents: Sequence[Part], sizes: list[int]) -> Iterator[list[Part]]:
    """Groups of documents that fit into one command: the driver encodes a command without a pause."""
    group: list[Part] = []
    total = 0
    for one, size in zip(documents, sizes, strict=True):
        if group and total + size > AT_ONCE:
            yield group
            group, total = [], 0
        group.append(one)
        total += size
    if group:
        yield group


class _GridFs:
    def __init__(self, database: Any) -> None:
        self._bucket = AsyncGridFSBucket(database, bucket_name="job_data")
        self._files, self._chunks = database["job_data.files"], database["job_data.chunks"]

    async def store(self, id: str, name: str, content: bytes, metadata: JsonObject) -> None:
        """Store a file, unless it is stored completely. Parts of a process that was killed are deleted first."""
        if await self._files.find_one({"_id": id}, {"_id": 1}) is None:
            await self._chunks.delete_many({"files_id": id})
            await self._bucket.upload_from_stream_with_id(id, name, content, metadata=metadata)

    async def read(self, id: str) -> tuple[bytes, JsonObject]:
        """The content and the metadata."""
        stream = await self._bucket.open_download_stream(id)
        return await stream.read(), dict(stream.metadata or {})


def _may_be_large(value: Json) -> bool:
    if isinstance(value, str):
        return len(value) > SMALL
    return (is_object(value) and not _is_reference(value)) or is_array(value)


def _paths_by_name(secrets: Sequence[Path]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """The rests of the paths by their first names. The rest of a path to a whole value is empty."""
    names = dict.fromkeys(path[0] for path in secrets if path)
    return {name: tuple(sorted({tuple(path[1:]) for path in secrets if path[:1] == [name]})) for name in names}
