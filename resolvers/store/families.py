"""The bound on the descendants of a root job."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from ...models.documents.shapes.jobs import JobHeader
from ...models.json import JsonObject
from .collections import Collection

REMEMBERED = 10_000  # roots
SHARE = 4  # the fraction 1/SHARE of the free places is given before the next count: several servers share them


@dataclass
class _Family:
    places: int = 0  # that are left until the jobs are counted again
    begun: int = 0  # starts that have a place, and may not be stored yet
    all_stored: asyncio.Event = field(default_factory=asyncio.Event)
    counting: asyncio.Lock = field(default_factory=asyncio.Lock)


class Families:
    """`most` is the largest number of jobs below one root."""

    def __init__(self, jobs: Collection[JobHeader], most: int) -> None:
        self.most = most
        self._jobs = jobs
        self._families: OrderedDict[str, _Family] = OrderedDict()

    @asynccontextmanager
    async def place(self, root: str) -> AsyncGenerator[bool]:
        """Around a start below the root: whether the family has a place for it."""
        family = self._family(root)
        while not family.places:
            async with family.counting:
                if not family.places:
                    await self._count(root, family)
                    if not family.places:
                        yield False
                        return
        family.places -= 1
        family.begun += 1
        family.all_stored.clear()
        try:
            yield True
        finally:
            family.begun -= 1
            if not family.begun:
                family.all_stored.set()

    async def is_canceled(self, ancestors: Sequence[str]) -> bool:
        """Whether one of the jobs is canceled, or has that command in its inbox."""
        ending: JsonObject = {"$or": [{"status": "canceled"}, {"inbox.kind": "Canceled"}]}
        return await self._jobs.find_one({"_id": {"$in": list(ancestors)}, **ending}, {"_id": 1}) is not None

    async def _count(self, root: str, family: _Family) -> None:
        if family.begun:
            await family.all_stored.wait()
        left = self.most + 1 - await self._jobs.count_documents({"ancestors.0": root}, limit=self.most + 1)
        family.places = -(-left // SHARE)

    def _family(self, root: str) -> _Family:
        family = self._families.setdefault(root, _Family())
        self._families.move_to_end(root)
        if len(self._families) > REMEMBERED:
            oldest = next(iter(self._families))
            if not self._families[oldest].begun:
                del self._families[oldest]
        return family
