"""Rotation of keys: the first key seals again what other keys sealed, a batch at a time, while servers run.

One guarded write changes each document: a document that changed meanwhile is read again. So a rotation may be
interrupted, repeated, and run twice at once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from ...models.json import Json, JsonObject, array_at, is_array, is_object, object_at
from ...models.secrets.sealing import SEALED, keys_in
from .keyring import Keyring, place_of_job
from .large_values import BOX, REFERENCE

INDEX: Final = "sealed_by"


@dataclass(frozen=True)
class _Where:
    """The fields of a collection's documents that may have sealed values, and the place of the envelopes."""

    fields: tuple[str, ...]
    place: Callable[[JsonObject], str]


def _of_job(document: JsonObject) -> str:
    return place_of_job(str(document["_id"]))


def _of_iteration(document: JsonObject) -> str:
    return place_of_job(str(object_at(document, "job").get("_id")))


# Values before the documents that name the keys of these.
_WHERE: Final[Mapping[str, _Where]] = MappingProxyType(
    {
        "job_data": _Where(("value",), lambda one: place_of_job(str(one.get("job_id")))),
        "tasks": _Where(("variables", "children", "answer"), _of_iteration),
        "jobs": _Where(("variables", "inbox", "outbox"), _of_job),
        "workflow_versions": _Where(("document",), lambda one: f"workflow version {one['_id']}"),
        "workflows": _Where(("tasks", "inputSchema"), lambda one: f"workflow {one['_id']}"),
        "retained_documents": _Where(("document",), lambda one: f"workflow {object_at(one, 'document').get('_id')}"),
        "triggers": _Where(("formData",), lambda one: f"trigger {one['_id']}"),
    }
)
_FILES: Final = "job_data.files"


@dataclass(frozen=True)
class RotationResult:
    """The number of documents that were sealed again and of those left, and the keys that this server does not have."""

    done: int
    left: int
    missing: list[str]


class Rotation:
    def __init__(self, database: Any, keyring: Keyring, *, gridfs: bool) -> None:
        self._database = database
        self._keyring = keyring
        self._gridfs = gridfs

    async def batch(self, most: int) -> RotationResult:
        """Seal at most so many documents again."""
        others = [id for id in self._keyring.ids if id != self._keyring.first]
        done = left = 0
        if others:
            await self._database["job_data"].create_index([(SEALED, 1)], name=INDEX, sparse=True)
            for name, where in _WHERE.items():
                query = {SEALED: {"$in": others}}
                async for one in self._database[name].find(query).limit(max(0, most - done) or 1):
                    done += done < most and await self._reseal(name, where, one)
                left += await self._database[name].count_documents(query)
            if self._gridfs:
                query = {f"metadata.{SEALED}": {"$in": others}}
                async for one in self._database[_FILES].find(query).limit(max(0, most - done) or 1):
                    done += done < most and await self._reseal_file(one)
                left += await self._database[_FILES].count_documents(query)
        return RotationResult(done, left, await self.missing_keys())

    async def missing_keys(self) -> list[str]:
        """The ids of the keys of sealed values that this server does not have and that are not known to be lost."""
        found: set[str] = set()
        for name in _WHERE:
            if name != "job_data":  # jobs and iterations name the keys of `job_data`
                found.update(map(str, await self._database[name].distinct(SEALED)))
        return sorted(self._keyring.missing_keys(found))

    async def _reseal(self, name: str, where: _Where, one: JsonObject) -> bool:
        place = where.place(one)
        before = {key: one.get(key) for key in where.fields}
        after = {key: self._relabel(self._keyring.reseal(place, value)) for key, value in before.items()}
        keys = sorted({*keys_in(after), *_labels(after)})
        changed = {key: value for key, value in after.items() if value is not before[key]}
        expected = {"_id": one["_id"], SEALED: one[SEALED], **{key: {"$eq": value} for key, value in before.items()}}
        update: dict[str, object] = {"$set": {**changed, SEALED: keys}}
        return (await self._database[name].update_one(expected, update)).matched_count > 0

    async def _reseal_file(self, one: JsonObject) -> bool:
        metadata = object_at(one, "metadata")
        box = self._keyring.reseal(place_of_job(str(metadata.get("job"))), metadata[BOX])
        update: dict[str, object] = {"$set": {f"metadata.{BOX}": box, f"metadata.{SEALED}": keys_in(box)}}
        expected = {"_id": one["_id"], f"metadata.{BOX}": {"$eq": metadata[BOX]}}
        return (await self._database[_FILES].update_one(expected, update)).matched_count > 0

    def _relabel(self, value: Json) -> Json:
        """The value, with the current keys in references to large values, as in iterations."""
        if is_array(value):
            several = [self._relabel(one) for one in value]
            return several if any(one is not other for one, other in zip(several, value, strict=True)) else value
        if not is_object(value):
            return value
        items = {key: self._label(one) if key == SEALED else self._relabel(one) for key, one in value.items()}
        return items if any(items[key] is not one for key, one in value.items()) else value

    def _label(self, keys: Json) -> Json:
        known = self._keyring.ids
        return (
            [*sorted({str(self._keyring.first) if key in known else str(key) for key in keys})]
            if is_array(keys)
            else keys
        )


def _labels(value: Json) -> Iterable[str]:
    """The keys in references to large values."""
    if is_object(value):
        if REFERENCE in value:
            yield from map(str, array_at(value, SEALED))
        for one in value.values():
            yield from _labels(one)
    elif is_array(value):
        for one in value:
            yield from _labels(one)
