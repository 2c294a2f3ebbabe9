"""What a running job is told, in order, and who waits until it is stored."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

from ...models.engine.events import Event


class Mailbox:
    def __init__(self) -> None:
        self._told: list[tuple[Event, asyncio.Future[None]]] = []
        self._filled = asyncio.Event()

    def put(self, event: Event) -> "asyncio.Future[None]":
        """The future is done once what follows from the event is stored, or the job is not run here any more."""
        handled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._told.append((event, handled))
        self._filled.set()
        return handled

    async def filled(self) -> None:
        """Return once there is something."""
        await self._filled.wait()

    @contextmanager
    def taken(self) -> Generator[list[Event]]:
        """Everything there is; whoever waits for it is told at the end of the block, however that ends."""
        taken, self._told = self._told, []
        self._filled.clear()
        try:
            yield [event for event, _ in taken]
        finally:
            for _, handled in taken:
                if not handled.done():
                    handled.set_result(None)

    def close(self) -> None:
        """Nobody will take what is left: whoever waits for it must look at the database."""
        with self.taken():
            pass
