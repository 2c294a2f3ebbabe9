"""Pages by cursor: every document once, whatever its values are and whatever is stored meanwhile."""

import base64
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Literal

import pytest
from beanie import init_beanie
from bson import BSON, ObjectId
from jobyard.models.documents.job import Job, TaskIteration
from jobyard.models.errors import RequestInvalid, SearchTooLong
from jobyard.models.visibility import SYSTEM
from jobyard.resolvers.search import paging, planner
from jobyard.resolvers.search.collections import (
    END_TIME,
    JOB_ORDERS,
    LAST_UPDATED,
    NAME,
    START_TIME,
    job_finder,
    resolve_conditions,
)
from jobyard.resolvers.search.conditions import Among, Condition, Matching, Within
from jobyard.resolvers.search.paging import Finder, Page, Window, cursor_of, position_of
from jobyard.resolvers.search.planner import Order
from jobyard.resolvers.search.projection import fields
from jobyard.resolvers.store.connect import Store

from .planted import job, number

pytestmark = pytest.mark.anyio

ORDERS = [order for both in (START_TIME, END_TIME, LAST_UPDATED, NAME) for order in (both, both.reverse())]
NOTHING = fields()


@pytest.fixture
async def finder(store: Store) -> Finder:
    await init_beanie(database=store.database, document_models=[Job, TaskIteration])
    return job_finder(SYSTEM)


async def plant(store: Store, *jobs: dict[str, Any]) -> None:
    await store.database["jobs"].insert_many(list(jobs))


async def walk(
    finder: Finder,
    order: Order,
    towards: Literal["end", "start"] = "end",
    conditions: tuple[Condition, ...] = (),
    size: int = 3,
) -> AsyncIterator[Page]:
    """Page after page by cursor, as a caller would, until there is none."""
    position = None
    more = True
    while more:
        page = await finder.page(conditions, order, Window(size, position, towards), NOTHING)
        yield page
        more = page.after if towards == "end" else page.before
        if more:
            position = position_of(page.cursors[-1 if towards == "end" else 0], order, "after")


async def ids(finder: Finder, order: Order, towards: Literal["end", "start"] = "end", **more: Any) -> list[Any]:
    found: list[Any] = []
    async for page in walk(finder, order, towards, **more):
        part = [one["_id"] for one in page.documents]
        found = [*found, *part] if towards == "end" else [*part, *found]
    return found


def assorted() -> list[dict[str, Any]]:
    """Many equal values, missing ones, values and ids of other kinds: what a collection may hold."""
    chance = random.Random(3)
    moments = [datetime(2024, 1, day, tzinfo=UTC) for day in (1, 2)]
    jobs: list[dict[str, Any]] = []
    for count in range(40):
        id = number(count) if count % 3 else ObjectId(number(count))
        one = job(id, chance.choice([1, 2, 2.5, None, "text", moments[0]]), name=chance.choice(["a", "b", None]))
        one["last_updated"] = chance.choice([*moments, None])
        if count % 4:
            one["metrics"]["end_time"] = chance.choice([5, 6, 7])
        jobs.append(one)
    return jobs


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: f"{order.name} {'turned' if order.turned else ''}")
async def test_the_pages_of_a_walk_are_the_whole_list_in_the_databases_own_order(
    store: Store, finder: Finder, order: Order
) -> None:
    await plant(store, *assorted())
    whole = [one["_id"] async for one in store.database["jobs"].find({}).sort(order.sort)]
    assert await ids(finder, order) == whole
    assert await ids(finder, order, "start") == whole


async def test_what_is_stored_during_a_walk_moves_no_page(store: Store, finder: Finder) -> None:
    await plant(store, *(job(number(count), count * 10) for count in range(10)))
    seen: list[str] = []
    async for page in walk(finder, START_TIME):
        seen += [one["_id"] for one in page.documents]
        last = page.documents[-1]["metrics"]["start_time"]
        await plant(store, job(number(100 + len(seen)), last + 1), job(number(200 + len(seen)), 10_000))
    assert seen == [number(count) for count in reversed(range(10))]


async def test_a_cursor_stays_good_when_its_own_document_is_deleted(store: Store, finder: Finder) -> None:
    await plant(store, *(job(number(count), 5) for count in range(5)))
    page = await finder.page((), START_TIME, Window(2), NOTHING)
    await store.database["jobs"].delete_one({"_id": page.documents[-1]["_id"]})
    position = position_of(page.cursors[-1], START_TIME, "after")
    after = await finder.page((), START_TIME, Window(10, position), NOTHING)
    assert [one["_id"] for one in after.documents] == [number(2), number(1), number(0)]


async def test_a_page_knows_what_is_before_and_after_it(store: Store, finder: Finder) -> None:
    await plant(store, *(job(number(count), count) for count in range(5)))
    pages_forwards = [(page.before, page.after) async for page in walk(finder, START_TIME, size=2)]
    pages_backwards = [(page.before, page.after) async for page in walk(finder, START_TIME, "start", size=2)]
    assert pages_forwards == [(False, True), (True, True), (True, False)]
    assert pages_backwards == [(True, False), (True, True), (False, True)]


async def test_more_names_than_the_database_merges_are_searched_in_parts_and_merged_here(
    store: Store, finder: Finder
) -> None:
    jobs = [job(number(count), count % 7, name=f"Job {count % 250}") for count in range(600)]
    await plant(store, *jobs, job(number(9999), 3, name="other"))
    conditions = await resolve_conditions(finder, (Matching("name", "starts", "jOB "),))
    expected = sorted(jobs, key=lambda one: (one["metrics"]["start_time"], one["_id"]), reverse=True)
    assert await ids(finder, START_TIME, conditions=conditions, size=97) == [one["_id"] for one in expected]
    assert await finder.count(conditions, START_TIME) == 600
    part = await finder.page_after_skip(conditions, START_TIME, 590, 100, NOTHING)
    assert [one["_id"] for one in part] == [one["_id"] for one in expected[590:]]


@pytest.mark.parametrize(
    "cursor",
    ["", "nonsense", "é", "A" * 100_000, cursor_of(NAME, {"_id": "a", "name": "n"})],
    ids=["empty", "no cursor", "not ASCII", "long", "of another order"],
)
def test_a_cursor_that_is_none_is_refused(cursor: str) -> None:
    with pytest.raises(RequestInvalid, match="must be a cursor of a page in the same order"):
        position_of(cursor, START_TIME, "after")


@pytest.mark.parametrize("value", [{"$gt": ""}, [1], True, b"x"])
def test_a_cursor_brings_no_operator_into_the_database(value: Any) -> None:
    forged = base64.urlsafe_b64encode(BSON.encode({"order": "START_TIME", "at": [value, "a"]})).decode()
    with pytest.raises(RequestInvalid):
        position_of(forged, START_TIME, "after")


async def test_a_search_that_takes_too_long_is_ended_and_told(
    kept_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await init_beanie(database=kept_store.database, document_models=[Job, TaskIteration])
    await plant(kept_store, *(job(number(count), count, description="x" * 20_000) for count in range(2000)))
    monkeypatch.setattr(paging, "PATIENCE", 1)
    monkeypatch.setattr(paging, "COUNTING", 1)
    long = (Matching("description", "contains", "y"),)
    with pytest.raises(SearchTooLong):
        await job_finder(SYSTEM).page(long, START_TIME, Window(5), NOTHING)
    with pytest.raises(SearchTooLong):
        await job_finder(SYSTEM).count(long, START_TIME)
    assert await job_finder(SYSTEM).count_up_to(9, long, START_TIME) is None


INDEXED: list[tuple[Condition, ...]] = [
    (),
    (Among("status", ("complete",)),),
    (Among("status", ("complete", "error", "running")),),
    (Among("name", tuple(f"n{count}" for count in range(100))),),
    (Among("groups", ("default", "other")),),
    (Among("metrics.user", ("ada",)),),
    (Among("ancestors.0", (number(1), ObjectId(number(1)))),),
    (Among("parent.job", (number(1), ObjectId(number(1)))),),
    (Among("found_by", ("w:greet",)),),
    (Within("metrics.start_time", since=1, before=4),),
    (Within("metrics.start_time", since=1), Among("status", ("complete", "error"))),
]


@pytest.mark.parametrize("conditions", INDEXED, ids=str)
async def test_a_page_in_the_order_of_the_start_is_read_from_an_index_in_that_order(
    kept_store: Store, conditions: tuple[Condition, ...]
) -> None:
    await init_beanie(database=kept_store.database, document_models=[Job, TaskIteration])
    await plant(kept_store, *(job(number(count), count % 5) for count in range(50)))
    used: set[str] = set()
    for towards in (START_TIME, START_TIME.reverse()):
        for start, rest in [((), towards), *towards.beyond((3, number(3)))]:
            for search in planner.searches(job_finder(SYSTEM).collection, conditions, rest, start):
                cursor = kept_store.database["jobs"].find(search.query).sort(rest.sort).limit(11).hint(search.index)
                used |= stages((await cursor.explain())["queryPlanner"]["winningPlan"])
    assert used & {"SORT", "COLLSCAN"} == set()
    assert "IXSCAN" in used


def stages(plan: dict[str, Any]) -> set[str]:
    inner = [*plan.get("inputStages", ()), *([plan["inputStage"]] if "inputStage" in plan else ())]
    return {plan["stage"]}.union(*map(stages, inner))


async def test_every_documented_order_is_one_of_an_index(kept_store: Store) -> None:
    await init_beanie(database=kept_store.database, document_models=[Job, TaskIteration])
    indexes = await kept_store.database["jobs"].index_information()
    for order in JOB_ORDERS.values():
        keys = indexes[order.index]["key"]
        assert keys == list(order.paths), order.name
