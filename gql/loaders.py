"""What belongs to many objects of one answer, read together; and how much one request may read."""

from collections.abc import Awaitable, Callable, Sequence
from functools import cached_property
from typing import Any, TypeAlias

from strawberry.dataloader import DataLoader

from ..models.access import Caller
from ..models.errors import AnswerTooLarge
from ..models.json import JsonObject
from ..resolvers.finding import batches
from ..resolvers.finding.fields import Fields
from ..resolvers.yard import Yard

MOST_DOCUMENTS = 20_000
MOST_SHOWN = 100_000  # objects that belong to others: what was read once can be shown again and again
LEAST_OF_A_LIST = 100  # documents that a list counts for, however few it answers
COUNTING = 1000  # documents that it counts for when all there are have to be counted

# Whose, and which documented keys are wanted of it.
Key: TypeAlias = tuple[str, Fields]
_Read: TypeAlias = Callable[[Yard, Caller, Sequence[str], Fields], Awaitable[dict[str, Any]]]


class Loaders:
    """Of one request, each made when it is asked for."""

    def __init__(self, yard: Yard, caller: Caller) -> None:
        self._yard, self._caller = yard, caller
        self._read = self._shown = 0

    @cached_property
    def jobs(self) -> DataLoader[Key, JsonObject | None]:
        return DataLoader(load_fn=self._together(batches.jobs_of))

    @cached_property
    def entries(self) -> DataLoader[Key, JsonObject | None]:
        return DataLoader(load_fn=self._together(batches.entries_of))

    @cached_property
    def ours(self) -> DataLoader[Key, bool | None]:
        return DataLoader(load_fn=self._together(batches.ours_of))

    @cached_property
    def children(self) -> DataLoader[Key, list[JsonObject] | None]:
        return DataLoader(load_fn=self._together(batches.children_of))

    @cached_property
    def workflows(self) -> DataLoader[Key, JsonObject | None]:
        return DataLoader(load_fn=self._together(batches.workflows_of))

    @cached_property
    def workflows_by_id(self) -> DataLoader[Key, JsonObject | None]:
        return DataLoader(load_fn=self._together(batches.workflows_by_id))

    @cached_property
    def projects(self) -> DataLoader[Key, JsonObject | None]:
        return DataLoader(load_fn=self._together(batches.projects_by_id))

    @cached_property
    def iterations(self) -> DataLoader[Key, JsonObject | None]:
        return DataLoader(load_fn=self._together(batches.iterations_of))

    def spend(self, documents: int) -> None:
        """Count documents that are read for this request; AnswerTooLarge when they are too many."""
        self._read += documents
        if self._read > MOST_DOCUMENTS:
            raise AnswerTooLarge("documents", MOST_DOCUMENTS, "Ask for fewer at a time, in several requests.")

    def show(self, objects: int) -> None:
        """Count objects that an answer has inside of others, however often it has them; AnswerTooLarge as above."""
        self._shown += objects
        if self._shown > MOST_SHOWN:
            raise AnswerTooLarge("objects inside of others", MOST_SHOWN, "Ask for fewer at a time, or less deep.")

    def may_show(self, objects: int) -> bool:
        """Whether the answer may have so many more of them."""
        return self._shown + objects <= MOST_SHOWN

    def _together(self, read: _Read) -> Callable[[list[Key]], Awaitable[list[Any]]]:
        async def load(keys: list[Key]) -> list[Any]:
            found: dict[Key, Any] = {}
            for wanted in {wanted for _, wanted in keys}:
                whose = [id for id, its in keys if its == wanted]
                self.spend(len(whose))
                for id, value in (await read(self._yard, self._caller, whose, wanted)).items():
                    found[id, wanted] = value
            return [found.get(key) for key in keys]

        return load
