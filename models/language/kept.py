"""What was made of a text and is worth keeping: bounded by its weight, since few large things fill a memory, too."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Kept(Generic[Made]):
    """At most `room` of weight altogether; what was asked for longest ago goes first.

    Threads may share it: each look at it is one operation, and two that make the same at once waste a little work.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._made: OrderedDict[object, tuple[Made, int]] = OrderedDict()

    def get(self, key: object, make: Callable[[], tuple[Made, int]]) -> Made:
        """What was made for the key; else `make` gives it and its weight. What is heavier than the room is not kept."""
        found = self._made.get(key)
        if found is not None:
            try:  # noqa: SIM105 -- `suppress` would take as long as all else here
                self._made.move_to_end(key)
            except KeyError:
                pass  # another thread let it go
            return found[0]
        made, weight = make()
        if weight <= self._room:
            self._made[key] = made, weight
            too_much = sum(one for _, one in list(self._made.values())) - self._room
            while too_much > 0 and self._made:
                too_much -= self._made.popitem(last=False)[1][1]
        return made
