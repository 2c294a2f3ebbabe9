"""What a running job is told, in order, and who waits until it is stored."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from ...models.documents.shapes.events import Act
from ...models.engine.events import Event


@dataclass(frozen=True)
class Letter:
    """An event; `inbox_id` names the entry of the job's inbox that it came from, `act` what a person did, if so."""

    event: Event
    handled: "asyncio.Future[None]"
    inbox_id: str | None = None
    act: Act | None = None


class Mailbox:
    def __init__(self) -> None:
        self._letters: list[Letter] = []
        self._filled = asyncio.Event()
        self._known: set[str] = set()

    def put(self, event: Event, inbox_id: str | None = None, act: Act | None = None) -> "asyncio.Future[None]":
        """The future is done once what follows from the event is stored, or the job is not run here any more.

        An entry of the inbox is taken once, however often it is put here.
        """
        handled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if inbox_id is not None and inbox_id in self._known:
            handled.set_result(None)
            return handled
        if inbox_id is not None:
            self._known.add(inbox_id)
        self._letters.append(Letter(event, handled, inbox_id, act))
        self._filled.set()
        return handled

    async def filled(self, seconds: float | None = None) -> bool:
        """Return once there is something; False when so much time has passed without."""
        try:
            async with asyncio.timeout(seconds):
                await self._filled.wait()
        except TimeoutError:
            return self._filled.is_set()
        return True

    @contextmanager
    def taken(self) -> Generator[list[Letter]]:
        """Everything there is; whoever waits for it is told at the end of the block, however that ends."""
        taken, self._letters = self._letters, []
        self._filled.clear()
        try:
            yield taken
        finally:
            for letter in taken:
                if not letter.handled.done():
                    letter.handled.set_result(None)

    def close(self) -> list[Letter]:
        """Nobody will take what is left, which is returned: whoever waits for it must look at the database."""
        with self.taken() as left:
            return left
