"""What somebody sees of many jobs and tasks: exactly what the predicate says, and at no other's cost."""

import random
from itertools import product
from typing import Any

import pytest
from beanie import init_beanie
from bson import ObjectId
from jobyard.models.documents.job import JOB_OF, LOOKED_UP, Job, TaskIteration
from jobyard.models.documents.moments import stored_ids
from jobyard.models.visibility import SYSTEM, Caller, may_see_job, may_see_task, visible_of
from jobyard.resolvers.search import conditions, visibility
from jobyard.resolvers.search.collections import END_TIME, START_TIME, job_finder, resolve_conditions, task_finder
from jobyard.resolvers.search.conditions import Among, Condition, Matching, Within
from jobyard.resolvers.search.paging import Finder, Window, position_of
from jobyard.resolvers.search.planner import MOST_RANGES, Order, searches
from jobyard.resolvers.search.projection import fields
from jobyard.resolvers.search.tasks import limit_to_visible_jobs
from jobyard.resolvers.store.connect import Store

from .planted import job, number
from .test_pages import stages

pytestmark = pytest.mark.anyio

GROUPS = [f"{digit}" * 24 for digit in "abc"]
ADA = "1" * 24
CALLERS = {
    "none": Caller(ADA, "ada"),
    "one": Caller(ADA, "ada", frozenset(GROUPS[:1])),
    "two": Caller(ADA, "ada", frozenset(GROUPS[:2])),
    "many": Caller(ADA, "ada", frozenset([GROUPS[0], *(f"{count:024x}" for count in range(MOST_RANGES))])),
    "all": SYSTEM,
}
# As we write them, as others do, and as nobody should.
SHAPES: list[Any] = [
    *([group] for group in GROUPS),
    *(["default"], GROUPS[:2], [GROUPS[2], "default"], [ObjectId(GROUPS[0])], [ObjectId(GROUPS[2])]),
    *([], None, "missing", [None], [[]], [None, GROUPS[0]], GROUPS[0], GROUPS[2], "default", 7, [{"_id": GROUPS[0]}]),
]
CONDITIONS: list[tuple[Condition, ...]] = [
    (),
    (Among("status", ("error",)),),
    (Matching("name", "contains", "1"),),
    (Among("status", ("error",)), Among("name", ("n1",))),
    (Within("metrics.start_time", since=3),),
    (Among("_id", tuple(number(count) for count in range(0, 200, 3))),),
]


def planted() -> list[dict[str, Any]]:
    chance = random.Random(4)
    jobs: list[dict[str, Any]] = []
    for count, (shape, starter) in enumerate(product(SHAPES, [ADA, "2" * 24, None])):
        start = chance.randrange(6)
        one = job(number(count), start, groups=shape, status=chance.choice(["complete", "error"]), name=f"n{count % 3}")
        one["metrics"] |= {"user": starter, "end_time": chance.choice([1, 2, None])}
        if shape == "missing":
            del one["groups"]
        jobs.append(one)
    return jobs


async def opened(store: Store, *jobs: dict[str, Any]) -> Any:
    await init_beanie(database=store.database, document_models=[Job, TaskIteration])
    await store.database["jobs"].insert_many(list(jobs))
    return store.database["jobs"]


async def walked(finder: Finder, conditions: tuple[Condition, ...], order: Order) -> list[str]:
    """The whole list, page after page."""
    ids: list[str] = []
    position, more = None, True
    while more:
        page = await finder.page(await resolve_conditions(finder, conditions), order, Window(17, position), fields())
        ids += [one["_id"] for one in page.documents]
        more = page.after
        position = position_of(page.cursors[-1], order, "after") if page.cursors else None
    return ids


@pytest.mark.parametrize("few", [0, 1_000], ids=["through what is asked for", "through what is in sight"])
@pytest.mark.parametrize("who", CALLERS)
async def test_lists_and_totals_have_what_the_predicate_lets_see(
    kept_store: Store, monkeypatch: pytest.MonkeyPatch, who: str, few: int
) -> None:
    monkeypatch.setattr(visibility, "SMALL_VISIBLE_SET", few)
    caller = CALLERS[who]
    jobs = await opened(kept_store, *planted())
    for wanted, order in product(CONDITIONS, (START_TIME, START_TIME.reverse(), END_TIME)):
        everything = await walked(job_finder(SYSTEM), wanted, order)
        by_id = {one["_id"]: one async for one in jobs.find({})}
        seen = [id for id in everything if may_see_job(caller, by_id[id].get("groups"), by_id[id]["metrics"]["user"])]
        assert await walked(job_finder(caller), wanted, order) == seen
        found = await resolve_conditions(job_finder(caller), wanted)
        assert await job_finder(caller).count(found, order) == len(seen)
        assert await job_finder(caller).count_up_to(9, found, order) == min(9, len(seen))
        skipped = await job_finder(caller).page_after_skip(found, order, 5, 20, fields())
        assert [one["_id"] for one in skipped] == seen[5:25]


@pytest.mark.parametrize("few", [0, 1_000], ids=["through what is asked for", "through what is in sight"])
@pytest.mark.parametrize("who", CALLERS)
async def test_lists_of_tasks_have_what_the_predicate_lets_see(
    kept_store: Store, monkeypatch: pytest.MonkeyPatch, who: str, few: int
) -> None:
    monkeypatch.setattr(visibility, "SMALL_VISIBLE_SET", few)
    caller = CALLERS[who]
    await opened(kept_store, job(number(1)))
    chance = random.Random(5)
    iterations: list[dict[str, Any]] = []
    for count, (of_job, of_task, starter) in enumerate(product(SHAPES, SHAPES[:10], [ADA, None])):
        start = f"2024-01-0{chance.randrange(1, 9)}T00:00:00.000Z"
        one: dict[str, Any] = {"_id": f"{count:05}", "groups": of_task, "metrics": {"start_time": start}}
        one["access"] = {"starter": starter, **({} if of_job == "missing" else {"groups": of_job})}
        iterations.append(one)
    await kept_store.database["tasks"].insert_many(iterations)
    seen = sorted(one["_id"] for one in iterations if may_see_task(caller, one))
    assert sorted(await walked(task_finder(caller), (), START_TIME)) == seen
    assert await task_finder(caller).count((), START_TIME) == len(seen)


@pytest.mark.parametrize("who", ["none", "one", "two"])
async def test_a_page_of_a_list_costs_what_is_in_sight(kept_store: Store, who: str) -> None:
    """However many jobs of others there are: they are in other ranges of the index, which nobody enters."""
    own = [job(number(count), count, groups=GROUPS[:1]) for count in range(30)]
    hidden = [job(number(1000 + count), 1000 + count, groups=GROUPS[2:]) for count in range(2000)]
    jobs = await opened(kept_store, *own, *hidden)
    examined, used = 0, set[str]()
    for search in searches(job_finder(SYSTEM).collection, (), START_TIME, ()):
        for query, index in job_finder(CALLERS[who]).visible_set.visible_first(search):
            plan = await jobs.find(query).hint(index).sort(START_TIME.sort).limit(26).explain()
            examined += plan["executionStats"]["totalDocsExamined"]
            used |= stages(plan["queryPlanner"]["winningPlan"])
    assert examined <= 30
    assert used & {"SORT", "COLLSCAN"} == set()


async def test_who_may_not_see_a_job_is_refused_without_a_look_at_it(kept_store: Store) -> None:
    jobs = await opened(
        kept_store,
        job(number(1), groups=GROUPS[:1], metrics={"start_time": 1, "user": "2" * 24}),
        job(ObjectId(number(2)), groups=[ObjectId(GROUPS[2]), None], metrics={"start_time": 1, "user": None}),
    )

    async def looked_at(caller: Caller, id: str) -> tuple[int, int]:
        query = visible_of(caller, stored_ids(id))
        plan = (await jobs.find(query).hint(LOOKED_UP).limit(1).explain())["executionStats"]
        return plan["nReturned"], plan["totalDocsExamined"]

    for id in (number(1), number(3)):
        assert await looked_at(CALLERS["none"], id) == (0, 0)
        asked = (conditions.ids("job._id", [id], "/"), Among("status", ("complete",)))
        left = await limit_to_visible_jobs(CALLERS["none"], asked)
        assert searches(task_finder(CALLERS["none"]).collection, left, START_TIME) == []
    asked = (conditions.ids("job._id", [number(1), number(3)], "/"),)
    assert await limit_to_visible_jobs(CALLERS["one"], asked) == (Among("job._id", (number(1), ObjectId(number(1)))),)
    assert await looked_at(Caller(ADA, "ada", frozenset(GROUPS[1:2])), number(2)) == (0, 1)  # it holds a null
    assert await looked_at(CALLERS["one"], number(1)) == (1, 1)
    await kept_store.database["tasks"].insert_one({"_id": "i", "job": {"_id": number(1)}, "groups": []})
    cursor = kept_store.database["tasks"].find({"_id": "i"}, {"job._id": 1}).hint(JOB_OF)
    assert (await cursor.explain())["executionStats"]["totalDocsExamined"] == 0
