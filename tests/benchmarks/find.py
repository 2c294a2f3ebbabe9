"""Finding jobs among 10,000 and among 1,000,000: `make bench-find`.

Plants jobs and iterations of tasks in a real mongod of its own, asks every filter for its first page and for the page
after the 9,990th job that it finds (or the last one it has), and prints the milliseconds, their ratio, and how the
database did it. A blocking SORT, a COLLSCAN, or a page that takes more than three times as long among the million is
marked. Then the same for people who may see a part of the jobs, and what looking up the jobs of others costs.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import checkout  # noqa: F401 -- names the checkout jobyard
import seen
from jobyard.models.json import JsonObject
from jobyard.models.visibility import SYSTEM
from jobyard.resolvers.search import conditions, tasks
from jobyard.resolvers.search.collections import (
    END_TIME,
    LAST_UPDATED,
    NAME,
    START_TIME,
    WAITING,
    job_finder,
    resolve_conditions,
    task_finder,
)
from jobyard.resolvers.search.conditions import Among, Condition, Matching, Within
from jobyard.resolvers.search.documented_query import JOBS, TASKS, read_query
from jobyard.resolvers.search.paging import Finder, Window
from jobyard.resolvers.search.planner import Order, searches
from jobyard.resolvers.search.projection import fields
from planting import BEGAN, COMMON, NAMES, RARE, planted

SIZES = (10_000, 1_000_000)
PAGE = 10
DEEP = 9_990  # documents before the 1,000th page
ROUNDS = 15
SHOWN = fields("name", "status", "description", "metrics", "groups", "last_updated", "parent")


@dataclass(frozen=True)
class Question:
    name: str
    conditions: tuple[Condition, ...] = ()
    order: Order = START_TIME


def job_questions(some: JsonObject, count: int) -> list[Question]:
    middle = BEGAN + count * 20
    return [
        Question("all"),
        Question("all, oldest first", (), START_TIME.reverse()),
        Question("status = complete (90 %)", (Among("status", ("complete",)),)),
        Question("status = running (0.4 %)", (Among("status", ("running",)),)),
        Question("status in running, error, canceled", (Among("status", ("running", "error", "canceled")),)),
        Question("status = paused (none)", (Among("status", ("paused",)),)),
        Question("name = (2.5 %)", (Among("name", ("Check circuits",)),)),
        Question("name = (0.02 %)", (Among("name", ("Replace the one mainframe",)),)),
        Question("name in 8", (Among("name", tuple(NAMES[:8])),)),
        Question("name contains router (12 %)", (Matching("name", "contains", "router"),)),
        Question("name contains mainframe (0.02 %)", (Matching("name", "contains", "mainframe"),)),
        Question("name contains r (all)", (Matching("name", "contains", "r"),)),
        Question("name starts with Back (20 %)", (Matching("name", "starts", "Back"),)),
        Question("type = automation (98 %)", (Among("type", ("automation",)),)),
        Question("type = resource:action (2 %)", (Among("type", ("resource:action",)),)),
        Question("group (50 %)", (Among("groups", (COMMON,)),)),
        Question("group (0.02 %)", (Among("groups", (RARE,)),)),
        Question("2 groups", (Among("groups", (COMMON, RARE)),)),
        Question("starter (50 %)", (Among("metrics.user", ("ada",)),)),
        Question("starter (0.02 %)", (Among("metrics.user", ("grace",)),)),
        Question("parent (one)", (Among("parent.job", (some["parent"]["job"],)),)),
        Question("root (two)", (Among("ancestors.0", (some["parent"]["job"],)),)),
        Question("start in a range (half)", (Within("metrics.start_time", since=middle),)),
        Question("start before a moment (half)", (Within("metrics.start_time", before=middle),)),
        Question("end in a range (half)", (Within("metrics.end_time", since=middle),), END_TIME),
        Question("tag (33 %)", conditions.tags(["core"], "/")),
        Question("tag (0.02 %)", conditions.tags(["night"], "/")),
        Question("variable (0.1 %)", (conditions.variable("device", "edge-7", "/"),)),
        Question("variable (3 %)", (conditions.variable("site.code", 7, "/"),)),
        Question("variable (99.98 %)", (conditions.variable("rare", False, "/"),)),
        Question("text: 1 word (20 %)", conditions.words("check", "/")),
        Question("text: 1 word (0.02 %)", conditions.words("hours", "/")),
        Question("text: 2 words (0.1 %, 99.98 %)", conditions.words("ticket 76", "/")),
        Question("ids (2)", (conditions.ids("_id", [some["_id"], some["parent"]["job"]], "/"),)),
        Question("by end, latest first", (), END_TIME),
        Question("by end, without one first", (), END_TIME.reverse()),
        Question("by name", (), NAME),
        Question("by last change", (), LAST_UPDATED),
        Question("status = complete, by end", (Among("status", ("complete",)),), END_TIME),
        Question("starter (0.02 %), by last change", (Among("metrics.user", ("grace",)),), LAST_UPDATED),
        Question("status = error and name (0.15 %)", (Among("status", ("error",)), Among("name", ("Check circuits",)))),
        Question("group (50 %), status running (0.4 %)", (Among("groups", (COMMON,)), Among("status", ("running",)))),
    ]


def task_questions() -> list[Question]:
    return [
        Question("all"),
        Question("job", (conditions.ids("job._id", [f"{1000:024x}"], "/"),)),
        Question("status = complete (99.9 %)", (Among("status", ("complete",)),)),
        Question("status = error (0.02 %)", (Among("status", ("error",)),)),
        Question("name contains reb (0.02 %)", (Matching("name", "contains", "reb"),)),
        Question("app (50 %)", (Among("app", ("Jira",)),)),
        Question("type = manual (0.04 %)", (Among("type", ("manual",)),)),
        Question("owner (0.02 %)", (Among("metrics.owner", ("grace",)),)),
        Question("my tasks", tasks.waiting_for("ada"), WAITING),
    ]


REST_JOBS: list[JsonObject] = [
    {},
    {"in": {"status": "running,error"}},
    {"not-in": {"status": "complete"}},
    {"starts-with": {"name": "Back"}},
    {"contains": {"description": "hours"}},
    {"equals": {"variables.device": "edge-7"}},
    {"gt": {"metrics.start_time": "2020-09-13T12:26:45"}, "sort": "metrics.start_time", "order": -1},
    {"sort": "name"},
]
REST_TASKS: list[JsonObject] = [{}, {"equals": {"type": "manual", "status": "running"}}]


@dataclass
class Timed:
    first: float
    deep: float
    deep_at: int
    how: str


async def ask(finder: Finder, documents: Any, question: Question) -> Timed:
    conditions = await resolve_conditions(finder, question.conditions)
    total = await finder.count(conditions, question.order)
    # At least one, so that few matches and many are asked for in the same way.
    start = max(1, min(DEEP, total - PAGE)) if total else 0
    position = None
    if start:
        before = await finder.page_after_skip(conditions, question.order, start - 1, 1, SHOWN)
        position = question.order.position(before[0])
    first = await milliseconds(lambda: page(finder, question, None))
    deep = await milliseconds(lambda: page(finder, question, position))
    how: set[str] = set()
    for begin, rest in [((), question.order), *(question.order.beyond(position) if position else ())]:
        for search in searches(finder.collection, conditions, rest, begin):
            cursor = documents.find(search.query, SHOWN.projection).sort(search.order.sort).limit(PAGE + 1)
            plan = await (cursor.hint(search.index) if search.index else cursor).explain()
            how |= set(stages(plan["queryPlanner"]["winningPlan"]))
    return Timed(first, deep, start, " ".join(sorted(how)))


async def page(finder: Finder, question: Question, position: Any) -> object:
    """As the resolvers ask for it, the names that match included."""
    conditions = await resolve_conditions(finder, question.conditions)
    return await finder.page(conditions, question.order, Window(PAGE, position), SHOWN)


async def milliseconds(work: Any) -> float:
    """The best of ROUNDS: what else the machine does is no concern of ours."""
    took: list[float] = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await work()
        took.append((time.perf_counter() - began) * 1000)
    return min(took)


def stages(plan: JsonObject) -> Iterator[str]:
    yield plan["stage"]
    for inner in [*plan.get("inputStages", ()), *([plan["inputStage"]] if "inputStage" in plan else ())]:
        yield from stages(inner)


async def ask_rest(finder: Finder, given: JsonObject, of: Any) -> tuple[float, float, float]:
    """The first page, the one after as many documents, and the count."""
    query = read_query(given, of)
    conditions = await resolve_conditions(finder, query.conditions)
    total = await finder.count(conditions, query.order)
    skip = max(0, min(DEEP, total - PAGE))
    first = await milliseconds(lambda: finder.page_after_skip(conditions, query.order, 0, PAGE, SHOWN))
    deep = await milliseconds(lambda: finder.page_after_skip(conditions, query.order, skip, PAGE, SHOWN))
    return first, deep, await milliseconds(lambda: finder.count(conditions, query.order))


@dataclass(frozen=True)
class Measured:
    timed: dict[str, Timed]
    rest: dict[str, tuple[float, float, float]]
    seen: dict[str, dict[str, tuple[float, float, float]]]
    looked_up: dict[str, list[float]]


async def measure(directory: Path, size: int) -> Measured:
    async with planted(directory, size) as database:
        some = await database["jobs"].find_one({"parent.job": {"$exists": True}})
        timed: dict[str, Timed] = {}
        for question in job_questions(some, size):
            timed[f"jobs: {question.name}"] = await ask(job_finder(SYSTEM), database["jobs"], question)
        for question in task_questions():
            timed[f"tasks: {question.name}"] = await ask(task_finder(SYSTEM), database["tasks"], question)
        rest = {f"GET jobs {given}": await ask_rest(job_finder(SYSTEM), given, JOBS) for given in REST_JOBS}
        rest |= {f"GET tasks {given}": await ask_rest(task_finder(SYSTEM), given, TASKS) for given in REST_TASKS}
        return Measured(timed, rest, await seen.lists(size), await seen.lookups(database))


def report(few: dict[str, Timed], many: dict[str, Timed]) -> None:
    print(f"{'milliseconds':<46}{'first':>7}{'first':>8}{'ratio':>7}{'deep':>8}{'deep':>8}{'ratio':>7}  how")
    for name, one in few.items():
        other = many[name]
        first, deep = other.first / one.first, other.deep / one.deep
        marks = "".join(
            mark
            for mark, holds in (
                (" SLOWER", max(first, deep) > 3),
                (" SORTS", "SORT" in f"{one.how} {other.how}".split()),
                (" SCANS", "COLLSCAN" in f"{one.how} {other.how}".split()),
            )
            if holds
        )
        print(
            f"{name:<46}{one.first:>7.1f}{other.first:>8.1f}{first:>7.2f}{one.deep:>8.1f}{other.deep:>8.1f}{deep:>7.2f}"
            f"  {other.how}{marks}"
        )


def report_rest(few: dict[str, tuple[float, ...]], many: dict[str, tuple[float, ...]]) -> None:
    print(
        f"\n{'skip and limit, milliseconds':<88}{'first':>7}{'first':>8}{'skip':>8}{'skip':>8}{'count':>8}{'count':>8}"
    )
    for name, one in few.items():
        print(f"{name:<88}" + "".join(f"{a:>8.1f}{b:>8.1f}" for a, b in zip(one, many[name], strict=True)))


async def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs=2, default=SIZES, metavar="N")
    options.add_argument("--data", type=Path, help="keep what is planted here, for another time")
    given = options.parse_args()
    directory = given.data or Path(tempfile.mkdtemp(prefix="jobyard-find-"))
    try:
        few, many = [await measure(directory, size) for size in given.sizes]
        report(few.timed, many.timed)
        report_rest(few.rest, many.rest)
        seen.report(few.seen, many.seen)
        seen.report_lookups(many.looked_up)
    finally:
        if given.data is None:
            shutil.rmtree(directory)


if __name__ == "__main__":
    asyncio.run(main())
