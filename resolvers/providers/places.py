"""How many requests are on their way at once: so many to one place, and so many to all places together.

No place can fill the room of all: each may hold as much of it as it leaves free, and what is kept free of that is for
places that hold next to nothing. So a request to a place that answers goes out, however many tasks hang elsewhere.
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

AT_ONCE = 256  # to one place, where nobody chose a number
AT_ONCE_IN_ALL = 768  # each may be a socket: fewer than the 1024 files that systems let a process open
KEPT_FREE = 256  # of them, for places that hold fewer than
FEW = 4


@dataclass(frozen=True)
class _Waiting:
    most: int
    admitted: "asyncio.Future[None]"


class Places:
    """`room` is for how many requests to all places together, `kept_free` a part of it."""

    def __init__(self, room: int = AT_ONCE_IN_ALL, kept_free: int = KEPT_FREE) -> None:
        self._free = room
        self._kept_free = kept_free
        self._taken: Counter[str] = Counter()
        self._waiting: dict[str, deque[_Waiting]] = {}  # by place, whoever came longest ago at its turn first

    @asynccontextmanager
    async def at(self, place: str, most: int = AT_ONCE) -> AsyncGenerator[None]:
        """Wait until there is room for one more request to this place, and hold it for the block."""
        if place in self._waiting or not self._has_room(place, most):
            await self._admitted(place, most)
        else:
            self._take(place)
        try:
            yield
        finally:
            self._give_back(place)

    async def _admitted(self, place: str, most: int) -> None:
        waiting = _Waiting(most, asyncio.get_running_loop().create_future())
        self._waiting.setdefault(place, deque()).append(waiting)
        try:
            await waiting.admitted
        except asyncio.CancelledError:
            if waiting.admitted.cancelled():
                self._admit()  # whoever came behind it may ask for less room
            else:
                self._give_back(place)  # it was admitted, and will not go
            raise

    def _has_room(self, place: str, most: int) -> bool:
        taken = self._taken[place]
        few = taken < FEW and self._free > 0
        return taken < most and (few or taken < self._free - self._kept_free)

    def _take(self, place: str) -> None:
        self._taken[place] += 1
        self._free -= 1

    def _give_back(self, place: str) -> None:
        self._taken[place] -= 1
        if not self._taken[place]:
            del self._taken[place]
        self._free += 1
        self._admit()

    def _admit(self) -> None:
        """Let go whoever has room now, one of each place in turn."""
        admitted = True
        while admitted:
            admitted = False
            for place, queue in list(self._waiting.items()):
                while queue and queue[0].admitted.cancelled():
                    queue.popleft()
                if queue and self._has_room(place, queue[0].most):
                    admitted = True
                    self._take(place)
                    queue.popleft().admitted.set_result(None)
                    del self._waiting[place]  # its next turn comes after those of the others
                    self._waiting[place] = queue
                if not queue:
                    del self._waiting[place]
