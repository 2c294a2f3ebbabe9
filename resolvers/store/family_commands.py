"""Commands to all jobs below a job. The jobs of a family pass a command on together, in a few writes."""

from collections.abc import Collection as AnyOf
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from ...models.documents.shapes.commands import InboxEntry
from ...models.documents.shapes.jobs import JobHeader
from ...models.json import JsonObject
from .collections import Collection
from .group_commit import Batches


@dataclass(frozen=True)
class _Below:
    """The entry is for the jobs below this one that have one of these statuses."""

    job_id: str
    entry: InboxEntry
    statuses: tuple[str, ...]


class FamilyCommands:
    """`owner` names this process in leases."""

    def __init__(self, jobs: Collection[JobHeader], owner: str) -> None:
        self._jobs = jobs
        self._owner = owner
        self._batches = Batches[_Below, list[str]]("commands of families", self._write)

    async def store_below(self, job_id: str, entry: InboxEntry, statuses: AnyOf[str]) -> list[str]:
        """Put an entry into the inbox of every job below this one that has one of these statuses.

        The ids of the jobs below that have the entry now; none where other jobs of the family stored the same entry in
        all of them, and got their ids. Jobs of newer servers get the entry, too: newer servers know the commands of
        older ones, and the children of a canceled job must not go on.
        """
        return await self._batches.put(_Below(job_id, entry, tuple(sorted(statuses))))

    async def find_elsewhere(self, job_ids: AnyOf[str], entry_id: str) -> list[str]:
        """Those of the jobs that still have the entry in their inbox, and that this process has no lease of."""
        query: JsonObject = {"_id": {"$in": list(job_ids)}, "inbox.id": entry_id, "lease.owner": {"$ne": self._owner}}
        return [one["_id"] async for one in self._jobs.find(query, {"_id": 1})]

    async def close(self) -> None:
        await self._batches.close()

    async def _write(self, several: Sequence[_Below]) -> list[list[str]]:
        found: dict[str, list[str]] = {}
        for entry_id, alike in groupby(sorted(several, key=_entry_id), key=_entry_id):
            found[entry_id] = await self._store(list(alike))
        return [found.pop(one.entry["id"], []) for one in several]

    async def _store(self, alike: list[_Below]) -> list[str]:
        ids, entry = [one.job_id for one in alike], alike[0].entry
        # A job of the batch that is below another one of it obeys the entry already.
        below: dict[str, object] = {
            "status": {"$in": list(alike[0].statuses)},
            "ancestors": {"$in": ids},
            "_id": {"$nin": ids},
        }
        lacking: dict[str, object] = {"inbox.id": {"$ne": entry["id"]}, **below}
        if not (await self._jobs.update_many(lacking, {"$push": {"inbox": entry}})).matched_count:
            return []
        return [one["_id"] async for one in self._jobs.find({"inbox.id": entry["id"], **below}, {"_id": 1})]


def _entry_id(one: _Below) -> str:
    return one.entry["id"]
