"""Inserts in group commit, each with the fault that is its own."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from pymongo.errors import BulkWriteError

from ...models.documents.stored import NotStorable
from ...models.json import Json
from .batches import Batches
from .collection import Collection
from .errors import AlreadyStored, faults_of, fitting, is_duplicate

_INDEX_NAME = re.compile(r"index: (\S+)")


class Writer:
    def __init__(self, collection: Collection[Any]) -> None:
        self._collection = collection
        self._batches = Batches[Sequence[Mapping[str, Json]], list[Exception | None]]("group commit", self._write)

    async def insert(self, document: Mapping[str, Json]) -> None:
        """Return once the document is durable; AlreadyStored and NotStorable are the fault of its own caller alone."""
        for fault in await self.insert_together(document):
            if fault is not None:
                raise fault

    async def insert_together(self, *documents: Mapping[str, Json]) -> list[Exception | None]:
        """The same for documents that go in one command: none is stored while an earlier one is lost on its way.

        The fault of each; None for one that is durable.
        """
        return await self._batches.put(documents)

    async def close(self) -> None:
        """Return once everything that was handed in is stored or refused."""
        await self._batches.close()

    async def _write(self, several: Sequence[Sequence[Mapping[str, Json]]]) -> list[list[Exception | None]]:
        faults: Iterator[Exception | None] = iter(await self._inserted([one for each in several for one in each]))
        return [list(islice(faults, len(each))) for each in several]

    async def _inserted(self, documents: Sequence[Mapping[str, Json]]) -> list[Exception | None]:
        try:
            with fitting("the document"):
                await self._collection.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            return [_fault_of(fault) for fault in faults_of(error, len(documents))]
        except NotStorable as refusal:
            if len(documents) == 1:
                return [refusal]
            # One of them is too large for the database, which then takes none.
            return [fault for one in documents for fault in await self._inserted([one])]
        return [None] * len(documents)


def _fault_of(fault: Exception | None) -> Exception | None:
    if not is_duplicate(fault):
        return fault
    found = _INDEX_NAME.search(str(fault))
    return AlreadyStored(found[1] if found else "key")
