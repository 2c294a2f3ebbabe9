"""Pages of a search: by cursor, or by how many documents to skip."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

from pymongo.errors import ExecutionTimeout

from ...models.errors import SearchTooLong
from ...models.json import JsonObject
from .conditions import Condition
from .cursors import cursor_of
from .fields import Fields
from .orders import Order, Position
from .searches import Collection, Search, searches

PATIENCE = 10_000  # milliseconds that the database may take for one search


@dataclass(frozen=True)
class Window:
    """At most `size` documents `towards` an end of the order, from `position` on, or else from the other end."""

    size: int
    position: Position | None = None
    towards: Literal["end", "start"] = "end"


@dataclass(frozen=True)
class Page:
    """The documents in their order, each with its cursor."""

    documents: list[JsonObject]
    cursors: list[str]
    before: bool  # whether there are documents before these
    after: bool


class Finder:
    """Searches what the filter `among` lets through of one collection."""

    def __init__(self, documents: Any, collection: Collection, among: JsonObject) -> None:
        self._documents = documents
        self.collection = collection
        self._among = among

    async def page(self, conditions: tuple[Condition, ...], order: Order, window: Window, fields: Fields) -> Page:
        backwards = window.towards == "start"
        walked = order.turn() if backwards else order
        fields = fields.plus(*order.keys)
        starts = [((), walked)] if window.position is None else walked.beyond(window.position)
        found: list[JsonObject] = []
        for start, rest in starts:
            wanted = window.size + 1 - len(found)
            if wanted > 0:
                parts = searches(self.collection, conditions, rest, start)
                found += await self._first(parts, rest, wanted, fields)
        more, found = len(found) > window.size, found[: window.size]
        came = window.position is not None
        if backwards:
            found.reverse()
        return Page(
            found,
            [cursor_of(order, one) for one in found],
            before=more if backwards else came,
            after=came if backwards else more,
        )

    async def skipped(
        self, conditions: tuple[Condition, ...], order: Order, skip: int, limit: int, fields: Fields
    ) -> list[JsonObject]:
        """`limit` documents after the first `skip`: the database has to walk past those, in the index alone."""
        parts = searches(self.collection, conditions, order)
        if len(parts) == 1 and skip:
            return await self._far(parts[0], skip, limit, fields)
        return (await self._first(parts, order, skip + limit, fields.plus(*order.keys)))[skip:]

    async def count(self, conditions: tuple[Condition, ...], order: Order) -> int:
        """How many there are, exactly: the database looks at every one of them in the index."""
        total = 0
        async with limited():
            for search in searches(self.collection, conditions, order):
                options: dict[str, Any] = {"hint": search.index} if search.index else {}
                total += await self._documents.count_documents(self._query(search), maxTimeMS=PATIENCE, **options)
        return total

    async def values_of(self, path: str, holds: Callable[[object], bool]) -> tuple[Any, ...]:
        """The different values under a path that an index begins with, as far as they hold."""
        index = self.collection.indexes[path]
        stages = [{"$sort": {path: 1}}, {"$group": {"_id": f"${path}"}}]
        async with limited():
            found = await self._documents.aggregate(stages, hint=index, maxTimeMS=PATIENCE)
            return tuple([one["_id"] async for one in found if holds(one["_id"])])

    async def _first(self, parts: list[Search], order: Order, limit: int, fields: Fields) -> list[JsonObject]:
        found: list[JsonObject] = []
        async with limited():
            for search in parts:
                found += [one async for one in self._cursor(search, fields).limit(limit).batch_size(limit + 1)]
        return found if len(parts) < 2 else order.sorted(found)[:limit]

    async def _far(self, search: Search, skip: int, limit: int, fields: Fields) -> list[JsonObject]:
        # In two strides: the database fetches whole documents that it skips, unless their ids are all that is asked.
        async with limited():
            cursor = self._cursor(search, Fields(frozenset())).skip(skip).limit(limit).batch_size(limit + 1)
            ids = [one["_id"] async for one in cursor]
        by_id = {one["_id"]: one for one in await all_of(self._documents, {"_id": {"$in": ids}}, fields, len(ids))}
        return [by_id[id] for id in ids if id in by_id]

    def _query(self, search: Search) -> JsonObject:
        return {"$and": [search.query, self._among]} if self._among else search.query

    def _cursor(self, search: Search, fields: Fields) -> Any:
        cursor = _find(self._documents, self._query(search), fields).sort(search.order.sort)
        return cursor.hint(search.index) if search.index else cursor


async def all_of(documents: Any, query: JsonObject, fields: Fields, most: int) -> list[JsonObject]:
    """The documents of a query, `most` at most, in one command."""
    if not most:
        return []
    async with limited():
        return [one async for one in _find(documents, query, fields).limit(most).batch_size(most + 1)]


def _find(documents: Any, query: JsonObject, fields: Fields) -> Any:
    return documents.find(query, fields.projection).max_time_ms(PATIENCE)


@asynccontextmanager
async def limited() -> AsyncGenerator[None]:
    try:
        yield
    except ExecutionTimeout as fault:
        raise SearchTooLong(PATIENCE // 1000) from fault
