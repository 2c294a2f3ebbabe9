"""A cache that is bounded by the number of its entries and by their weight, since few large things fill a memory."""

import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class BoundedCache(Generic[Key, Value]):
    """Values by their keys. What was asked for longest ago goes first where there are too many, or they weigh too much.

    `spared` entries stay however heavy they are. `dropped` is called with every value that goes or is replaced.
    Threads may share a cache: a look at it is one operation, and changes come one after the other.
    """

    def __init__(
        self,
        *,
        most: int = sys.maxsize,
        room: int = sys.maxsize,
        spared: int = 0,
        dropped: Callable[[Value], object] | None = None,
    ) -> None:
        self._most = most
        self._room = room
        self._spared = spared
        self._dropped = dropped
        self._entries: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()
        self.weight = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: Key) -> bool:
        return key in self._entries

    def get(self, key: Key) -> Value | None:
        found = self._entries.get(key)
        if found is None:
            return None
        try:  # noqa: SIM105 -- `suppress` would take as long as all else here
            self._entries.move_to_end(key)
        except KeyError:
            pass  # another thread dropped it
        return found[0]

    def get_or_make(self, key: Key, make: Callable[[], tuple[Value, int]]) -> Value:
        """What is there for the key; else what `make` gives with its weight, which is not kept where that is too much.

        Two threads that make the same at once waste a little work.
        """
        found = self._entries.get(key)
        if found is not None:
            try:  # noqa: SIM105 -- as above
                self._entries.move_to_end(key)
            except KeyError:
                pass
            return found[0]
        made, weight = make()
        if weight <= self._room:
            self.put(key, made, weight)
        return made

    def put(self, key: Key, value: Value, weight: int = 0) -> None:
        with self._lock:
            self._drop(self._entries.pop(key, None))
            self._entries[key] = value, weight
            self.weight += weight
            self._make_room()

    def grow(self, key: Key, weight: int) -> None:
        """Add to the weight of an entry, unless it is gone."""
        with self._lock:
            if (found := self._entries.get(key)) is not None:
                self._entries[key] = found[0], found[1] + weight
                self.weight += weight
                self._make_room()

    def pop(self, key: Key) -> None:
        with self._lock:
            self._drop(self._entries.pop(key, None))

    def clear(self) -> None:
        with self._lock:
            while self._entries:
                self._drop(self._entries.popitem()[1])

    def _make_room(self) -> None:
        while len(self._entries) > self._spared and (len(self._entries) > self._most or self.weight > self._room):
            self._drop(self._entries.popitem(last=False)[1])

    def _drop(self, entry: tuple[Value, int] | None) -> None:
        if entry is not None:
            self.weight -= entry[1]
            if self._dropped is not None:
                self._dropped(entry[0])
