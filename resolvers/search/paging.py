"""Pages of a search: by cursor, or by the number of documents to skip."""

import asyncio
import base64
import binascii
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from bson import BSON
from bson.codec_options import CodecOptions, DatetimeConversion
from bson.errors import BSONError
from pymongo.errors import ExecutionTimeout

from ...models.errors import Fault, RequestInvalid, SearchTooLong
from ...models.json import JsonObject, is_array
from ...models.visibility import Filter
from ..store.collections import Collection as Documents
from ..store.indexes import hint_of
from .conditions import Condition
from .planner import BY_ID, Collection, Order, Position, Search, searches
from .projection import Fields
from .visibility import SMALL_VISIBLE_SET, Query, VisibleSet

LONGEST = 32 * 1024

_AWARE: CodecOptions[JsonObject] = CodecOptions(tz_aware=True, datetime_conversion=DatetimeConversion.DATETIME_AUTO)


def cursor_of(order: Order, document: Mapping[str, object]) -> str:
    content = BSON.encode({"order": order.name, "at": list(order.position(document))})
    return base64.urlsafe_b64encode(content).decode()


def position_of(cursor: str, order: Order, argument: str) -> Position:
    """The position of a cursor; RequestInvalid unless it is of this order, in either direction."""
    content = _content(cursor)
    at: object = content.get("at")
    if content.get("order") != order.name or not is_array(at) or not order.has(at):
        message = f"must be a cursor of a page in the same order ({order.name}), as it was answered"
        raise RequestInvalid([Fault("cursor", f"/{argument}", f"#/properties/{argument}", message)])
    return tuple(at)


def _content(cursor: str) -> JsonObject:
    if len(cursor) > LONGEST:
        return {}
    try:
        return BSON(base64.urlsafe_b64decode(cursor.encode())).decode(_AWARE)
    except (BSONError, binascii.Error, ValueError, RecursionError):
        return {}


Found = TypeVar("Found")

IDS = Fields(frozenset())
PATIENCE = 10_000  # milliseconds that the database may take for one search
COUNTING = 1_000  # milliseconds, for a count that may stay unknown


@dataclass(frozen=True)
class Window:
    """At most `size` documents `towards` an end of the order, from `position`, or else from the other end.

    Documents at `bound` or beyond are left out.
    """

    size: int
    position: Position | None = None
    towards: Literal["end", "start"] = "end"
    bound: Position | None = None


@dataclass(frozen=True)
class Page:
    """A page: the documents in their order, each with its cursor."""

    documents: list[Any]  # as they are stored, as far as they were read
    cursors: list[str]
    before: bool  # whether there are documents before these
    after: bool


@dataclass(frozen=True)
class Listed:
    """A page of documents in their documented form; `total` counts all documents that the search finds.

    `total_up_to` counts no further than to a number; None if that takes long.
    """

    page: Page
    documents: list[JsonObject]
    total: Callable[[], Awaitable[int]]
    total_up_to: Callable[[int], Awaitable[int | None]]


def listed(
    finder: "Finder", page: Page, documents: list[JsonObject], conditions: tuple[Condition, ...], order: Order
) -> Listed:
    return Listed(
        page,
        documents,
        lambda: finder.count(conditions, order),
        lambda most: finder.count_up_to(most, conditions, order),
    )


class Finder:
    """Searches the visible documents of one collection, for one request."""

    def __init__(self, documents: Any, collection: Collection, sight: VisibleSet) -> None:
        self._documents = documents
        self.collection = collection
        self.visible_set = sight
        self._sees_few: bool | None = None

    async def page(self, conditions: tuple[Condition, ...], order: Order, window: Window, fields: Fields) -> Page:
        backwards = window.towards == "start"
        walked = order.reverse() if backwards else order
        fields = fields.plus(*order.keys)
        starts = [((), walked)] if window.position is None else walked.beyond(window.position)
        found: list[Any] = []
        for start, rest in starts:
            wanted = window.size + 1 - len(found)
            if wanted > 0:
                parts = searches(self.collection, conditions, rest, start)
                found += await self._first(parts, rest, wanted, fields)
        within = found if window.bound is None else walked.until(window.bound, found)
        more = len(within) > window.size or window.bound is not None
        found, came = within[: window.size], window.position is not None
        if backwards:
            found.reverse()
        return Page(
            found,
            [cursor_of(order, one) for one in found],
            before=more if backwards else came,
            after=came if backwards else more,
        )

    async def page_after_skip(
        self, conditions: tuple[Condition, ...], order: Order, skip: int, limit: int, fields: Fields
    ) -> list[Any]:
        """`limit` documents after the first `skip`, which the database skips in the index."""
        parts = searches(self.collection, conditions, order)
        if skip and len(parts) == 1:
            return await self._find_far(parts[0], skip, limit, fields)
        return (await self._first(parts, order, skip + limit, fields.plus(*order.keys)))[skip:]

    async def count(self, conditions: tuple[Condition, ...], order: Order) -> int:
        """The exact number of documents: the database counts them in the index."""
        async with limit_time():
            return await self._sum(searches(self.collection, conditions, order), None, PATIENCE)

    async def count_up_to(self, most: int, conditions: tuple[Condition, ...], order: Order) -> int | None:
        """The number of documents, at most `most`; None if it takes the database longer than COUNTING."""
        try:
            async with asyncio.timeout(COUNTING / 1000):  # of all its commands
                return await self._sum(searches(self.collection, conditions, order), most, COUNTING)
        except (TimeoutError, ExecutionTimeout):
            return None

    async def _sum(self, parts: list[Search], most: int | None, patience: int) -> int:
        total = 0
        for search in parts:
            rest = None if most is None else most - total
            if rest != 0:
                total += await self._count(search, rest, patience)
        return total

    async def _count(self, search: Search, most: int | None, patience: int) -> int:
        queries = await self._queries(search, sorted=False)
        if len(queries) > 1:
            cursors = [_find(self._documents, *query, patience=patience).limit(most or 0) for query in queries]
            found = len({one["_id"] for cursor in cursors async for one in cursor})
            return found if most is None else min(found, most)
        query, index = queries[0]
        if not (self.visible_set.is_everything or search.conditions or self.visible_set.besides):
            query, index = self.visible_set.any_branch, None  # the indexes of the ways know it all
        options: dict[str, Any] = {"hint": hint_of(self._documents, index)} if index else {}
        if most is not None:
            options["limit"] = most
        return await self._documents.count_documents(query, maxTimeMS=patience, **options)

    async def values_of(self, path: str, holds: Callable[[object], bool]) -> tuple[Any, ...]:
        """The different values of a path that an index begins with, if `holds` is true for them."""
        index = dict(hint_of(self._documents, self.collection.indexes[path]))
        stages = [{"$sort": {path: 1}}, {"$group": {"_id": f"${path}"}}]
        async with limit_time():
            found = await self._documents.aggregate(stages, hint=index, maxTimeMS=PATIENCE)
            return tuple([one["_id"] async for one in found if holds(one["_id"])])

    async def _first(self, parts: list[Search], order: Order, limit: int, fields: Fields) -> list[Any]:
        async with limit_time():
            found = [one for search in parts for one in await self._find_merged(search, limit, fields)]
        return found if len(parts) < 2 else order.sort_documents(found)[:limit]

    async def _find_far(self, search: Search, skip: int, limit: int, fields: Fields) -> list[Any]:
        # In two commands: the database fetches whole documents that it skips, unless only ids are read.
        async with limit_time():
            queries = await self._queries(search)
            if len(queries) == 1:
                cursor = self._cursor(queries[0], search, IDS).skip(skip)
                ids = [one["_id"] async for one in cursor.limit(limit).batch_size(limit + 1)]
            else:
                found = await self._find_merged(search, skip + limit, Fields(frozenset(search.order.keys)))
                ids = [one["_id"] for one in found[skip:]]
        by_id = {one["_id"]: one for one in await read_all(self._documents, {"_id": {"$in": ids}}, fields, len(ids))}
        return [by_id[id] for id in ids if id in by_id]

    async def _find_merged(self, search: Search, limit: int, fields: Fields) -> list[Any]:
        queries = await self._queries(search)
        found: list[Any] = []
        for query in queries:
            found += [one async for one in self._cursor(query, search, fields).limit(limit).batch_size(limit + 1)]
        if len(queries) == 1:
            return found
        once = {one["_id"]: one for one in found}  # who started a job may be in its groups, too
        return search.order.sort_documents(list(once.values()))[:limit]

    async def _queries(self, search: Search, *, sorted: bool = True) -> list[Query]:
        if self.visible_set.is_everything or search.index == BY_ID:
            return self.visible_set.filter_first(search)
        merged = sorted and search.plain and self.visible_set.merges
        return (
            self.visible_set.visible_first(search)
            if merged or await self._sees_few_documents()
            else self.visible_set.filter_first(search)
        )

    async def _sees_few_documents(self) -> bool:
        """Whether the caller sees few documents in all."""
        if self._sees_few is None:
            query = self.visible_set.any_branch
            seen: int = await self._documents.count_documents(query, limit=SMALL_VISIBLE_SET + 1, maxTimeMS=PATIENCE)
            self._sees_few = seen <= SMALL_VISIBLE_SET
        return self._sees_few

    def _cursor(self, query: Query, search: Search, fields: Fields) -> Any:
        return _find(self._documents, *query, fields).sort(search.order.sort)


async def read_all(
    documents: Documents[Found], query: Filter, fields: Fields, most: int, index: str | None = None
) -> list[Found]:
    """At most `most` documents of a query, in one command."""
    if not most:
        return []
    async with limit_time():
        return [one async for one in _find(documents, query, index, fields).limit(most).batch_size(most + 1)]


def _find(documents: Any, query: Filter, index: str | None, fields: Fields = IDS, patience: int | None = None) -> Any:
    cursor = documents.find(query, fields.projection).max_time_ms(patience or PATIENCE)
    return cursor.hint(hint_of(documents, index)) if index else cursor


@asynccontextmanager
async def limit_time() -> AsyncGenerator[None]:
    try:
        yield
    except ExecutionTimeout as fault:
        raise SearchTooLong(PATIENCE // 1000) from fault
