"""Adoption of the jobs of servers that are gone: a batch at a time, this server's share first."""

import logging
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from ...models.documents.progress import read_state
from ...models.documents.shapes.jobs import JobHeader
from ...models.documents.state_version import STATE_VERSION, version_of
from ...models.engine.definition import iteration_id
from ...models.engine.effects import Rest, rest_of
from ...models.engine.endings import child_ends
from ...models.engine.rules import Rules
from ..log_facts import about
from ..metrics import TAKEOVERS
from ..store.jobs import JobStore
from ..workflows.definitions import Definitions

ADOPTED_AT_ONCE = 200
LISTED_AT_ONCE = 10_000
MOST_CHILDREN = 64  # of a dormant parent: it reads all of them again whenever it wakes

log = logging.getLogger("jobyard")


@dataclass(frozen=True)
class AdoptedBatch:
    """The jobs of one batch: the dormant ones, with what they wait for, and the ids of the others."""

    resting: dict[str, Rest]
    others: list[str]


class Adoption:
    def __init__(self, store: JobStore, definitions: Definitions, rules: Rules) -> None:
        self._store = store
        self._definitions = definitions
        self._ends = sorted(child_ends(rules))
        self._left_by_others: set[str] = set()

    async def batches(self) -> AsyncGenerator[AdoptedBatch]:
        """Adopt this server's share of the orphans of now, and those that other servers did not adopt in time."""
        while self._store.servers.is_fresh():
            orphans = await self._store.orphans.find(LISTED_AT_ONCE)
            untaken = [id for id in orphans.others if id in self._left_by_others]
            chosen = [*orphans.mine, *untaken]
            some = False
            for first in range(0, len(chosen), ADOPTED_AT_ONCE):
                if not self._store.servers.is_fresh():
                    return
                taken = await self._store.orphans.take(chosen[first : first + ADOPTED_AT_ONCE], orphans.silent)
                if taken:
                    some = True
                    TAKEOVERS.inc(len(taken))
                    log.info(
                        "taking over %d jobs",
                        len(taken),
                        extra=about("takeover", jobs=len(taken), server=self._store.owner),
                    )
                    resting = await self.find_resting(taken)
                    yield AdoptedBatch(resting, [one["_id"] for one in taken if one["_id"] not in resting])
            if not some:
                self._left_by_others = set(orphans.others) - set(untaken)
                return

    async def find_resting(self, glances: Sequence[JobHeader]) -> dict[str, Rest]:
        """Those of the jobs that only wait, with what they wait for, by id."""
        found = await self._definitions.find_all({one["workflow_version"] for one in glances})
        rests: dict[str, Rest] = {}
        for one in glances:
            pinned = found.get(one["workflow_version"])
            if pinned is None or one.get("inbox") or version_of(one) != STATE_VERSION:
                continue
            rest = rest_of(pinned.graph, read_state(pinned.graph, one, {}))
            if rest is not None:
                rests[one["_id"]] = rest
        written = await self._store.orphans.filter_written([one for one in glances if one["_id"] in rests])
        parents = [one for one in written if rests[one["_id"]].parents]
        busy = await self._busy(parents, rests)
        return {one["_id"]: rests[one["_id"]] for one in written if one["_id"] not in busy}

    async def _busy(self, parents: Sequence[JobHeader], rests: dict[str, Rest]) -> set[str]:
        """Those of the parents that have to start a child, or to take the end of a child."""
        if not parents:
            return set()
        entries = [(job["_id"], task, job["tasks"][task]) for job in parents for task in rests[job["_id"]].parents]
        named = {(id, task): iteration_id(id, task, entry.get("iteration", 0)) for id, task, entry in entries}
        sizes = await self._store.orphans.sizes(list(named.values()))
        children = await self._store.orphans.children([job["_id"] for job in parents], self._ends)
        busy: set[str] = set()
        for id, task, entry in entries:
            number, sequential = sizes.get(named[id, task], (MOST_CHILDREN + 1, False))
            there = children.get((id, task, entry.get("iteration", 0), entry.get("attempt", 0)))
            ended = entry.get("finished_children", 0)
            begun = min(ended + 1, number) if sequential else number
            if number > MOST_CHILDREN or there is None or (there.stored, there.ended) != (begun, ended):
                busy.add(id)
        return busy

    async def parents_to_wake(self, job_ids: Sequence[str]) -> list[str]:
        """Those of these dormant parents that have work to do, or that another process has now."""
        glances = await self._store.orphans.glances(job_ids)
        resting = await self.find_resting(glances)
        return [id for id in job_ids if id not in resting]
