"""Starts that come by the thousand begin a few at a time, and whatever else comes in between is answered at once.

What waits is the bytes of a request that nobody has parsed: it costs next to nothing, and the system tells of a caller
that hangs up.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final
from weakref import WeakKeyDictionary

STARTING_FIELDS: Final = (b"startJob", b"runEndpointTrigger", b"runManualTrigger")
MOST_IN_A_TURN = 8  # of the event loop; the cheapest refusal takes 0.2 ms of processor
LARGEST_HELD = 16 * 1024  # bytes of a request; a larger one comes in without a turn
MOST_HELD = 32 * 1024 * 1024  # bytes of all requests; what comes while so many are held comes in without a turn


def may_start(data: bytes) -> bool:
    """Whether these first bytes of a request may be those of a start: it is enough that most of them are known."""
    if not data.startswith(b"POST ") or len(data) > LARGEST_HELD:
        return False
    return not data.startswith(b"POST /graphql") or any(field in data for field in STARTING_FIELDS)


class Turns:
    """Those that wait are begun in their order, by the event loop that runs."""

    def __init__(self) -> None:
        self._call_soon = asyncio.get_running_loop().call_soon
        self._waiting: deque[Callable[[], None]] = deque()
        self._left = MOST_IN_A_TURN
        self._held = 0

    def take(self, begin: Callable[[], None], size: int = 0) -> bool:
        """Whether it is its turn, or too much is held; otherwise `begin` is called when it is.

        The bytes of what waits are held until they are given back.
        """
        if self._left == MOST_IN_A_TURN:
            self._call_soon(self._next)
        if self._left and not self._waiting:
            self._left -= 1
            return True
        if not self.hold(size):
            return True
        self._waiting.append(begin)
        return False

    def hold(self, size: int) -> bool:
        """Whether so many bytes more may wait."""
        if self._held + size > MOST_HELD:
            return False
        self._held += size
        return True

    def give_back(self, size: int) -> None:
        self._held -= size

    def _next(self) -> None:
        self._left = MOST_IN_A_TURN
        if self._waiting:
            self._call_soon(self._next)  # what came in meanwhile is before it
        while self._left and self._waiting:
            self._left -= 1
            self._waiting.popleft()()


_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, Turns] = WeakKeyDictionary()


def turns_of(loop: asyncio.AbstractEventLoop) -> Turns:
    """Of the event loop that runs; all connections share them."""
    if loop not in _turns:
        _turns[loop] = Turns()
    return _turns[loop]
