"""WebSockets of who is not signed in: few from one address, and few in all, until connection_init says who speaks."""

from collections import Counter
from collections.abc import Callable

MOST_OF_ADDRESS = 100
MOST = 1_000


class Strangers:
    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    def place(self, address: str) -> Callable[[], None] | None:
        """What gives the place back, once however often it is called; None where there is none left."""
        if self._open[address] >= MOST_OF_ADDRESS or self._open.total() >= MOST:
            return None
        self._open[address] += 1
        held = [address]

        def leave() -> None:
            for one in held:
                self._open -= Counter([one])
            held.clear()

        return leave
