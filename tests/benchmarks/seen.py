"""What lists cost those who may see a part of the jobs, and what looking up a job costs that one may not see.

A part of `make bench-find`.
"""

import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from math import inf
from statistics import median
from typing import Any

from jobyard.models.errors import SearchTooLong
from jobyard.models.visibility import SYSTEM, Caller
from jobyard.resolvers.search import conditions, tasks
from jobyard.resolvers.search.collections import (
    END_TIME,
    START_TIME,
    WAITING,
    job_finder,
    resolve_conditions,
    task_finder,
)
from jobyard.resolvers.search.conditions import Among, Condition, Matching, Within
from jobyard.resolvers.search.paging import Finder, Window
from jobyard.resolvers.search.planner import Order
from jobyard.resolvers.search.projection import fields
from jobyard.resolvers.store.jobs import JobStore
from jobyard.resolvers.store.large_values import LargeValues
from planting import BEGAN, COMMON, OTHERS, RARE

PAGE = 25
DEEP = 9_975
ROUNDS = 7
LOOKED_UP = 3_000
SHOWN = fields("name", "status", "description", "metrics", "groups", "last_updated", "parent")


def member(*groups: str) -> Caller:
    return Caller("64dd000000000000000000dd", "member", frozenset(groups))


MEMBERS = {
    "administrator": SYSTEM,
    "half": member(COMMON),
    "0.25 %": member(OTHERS[0]),
    "0.02 %": member(RARE),
    "nothing": member(),
    "200 groups": member(*OTHERS),
    "200 of nothing": member(*(f"64ee{number:020x}" for number in range(200))),
}


@dataclass(frozen=True)
class Question:
    name: str
    finder: Callable[[Caller], Finder]
    conditions: tuple[Condition, ...] = ()
    order: Order = START_TIME


def questions(count: int) -> list[Question]:
    middle = BEGAN + count * 20
    return [
        Question("jobs", job_finder),
        Question("jobs, oldest first", job_finder, (), START_TIME.reverse()),
        Question("status = complete (90 %)", job_finder, (Among("status", ("complete",)),)),
        Question("status = running (0.4 %)", job_finder, (Among("status", ("running",)),)),
        Question("name contains router (12 %)", job_finder, (Matching("name", "contains", "router"),)),
        Question("variable (0.1 %)", job_finder, (conditions.variable("device", "edge-7", "/"),)),
        Question("start before a moment (half)", job_finder, (Within("metrics.start_time", before=middle),)),
        Question("by end, latest first", job_finder, (), END_TIME),
        Question("tasks", task_finder),
        Question("tasks, app (50 %)", task_finder, (Among("app", ("Jira",)),)),
        Question("my tasks", task_finder, tasks.waiting_for("ada"), WAITING),
    ]


async def ask(caller: Caller, question: Question) -> tuple[float, float, float]:
    """Milliseconds: the first page, a late one, and the total, which is counted once."""
    finder = question.finder(caller)
    conditions = await resolve_conditions(finder, question.conditions)

    async def page(position: Any) -> None:
        finder = question.finder(caller)  # of each request its own
        await finder.page(
            await resolve_conditions(finder, question.conditions), question.order, Window(PAGE, position), SHOWN
        )

    began = time.perf_counter()
    try:
        total = await finder.count(conditions, question.order)
        counted = (time.perf_counter() - began) * 1000
    except SearchTooLong:  # on a busy machine, what somebody sees of half a million may take the database too long
        total, counted = 0, inf
    start = min(DEEP, total - PAGE)
    position = None
    if start > 0:
        (before,) = await finder.page_after_skip(conditions, question.order, start - 1, 1, SHOWN)
        position = question.order.position(before)
    first = await milliseconds(lambda: page(None))
    return first, await milliseconds(lambda: page(position)) if position else first, counted


async def milliseconds(work: Callable[[], Awaitable[object]]) -> float:
    took: list[float] = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await work()
        took.append((time.perf_counter() - began) * 1000)
    return median(took)


async def lists(count: int) -> dict[str, dict[str, tuple[float, float, float]]]:
    return {
        question.name: {who: await ask(caller, question) for who, caller in MEMBERS.items()}
        for question in questions(count)
    }


async def lookups(database: Any) -> dict[str, list[float]]:
    """Looking up jobs, and jobs of iterations, of others and that there are not, each once and in turns."""
    stranger = member()
    store = JobStore("", 0, LargeValues(database, gridfs=True))
    chance = random.Random()
    sample: list[dict[str, object]] = [{"$sample": {"size": LOOKED_UP}}, {"$project": {"_id": 1}}]
    took: dict[str, list[float]] = {}

    async def timed(name: str, look: Awaitable[object]) -> None:
        began = time.perf_counter()
        await look
        took.setdefault(name, []).append((time.perf_counter() - began) * 1000)

    jobs = [one["_id"] async for one in await database["jobs"].aggregate(sample)]
    iterations = [one["_id"] async for one in await database["tasks"].aggregate(sample)]
    for job, iteration in zip(jobs, iterations, strict=True):
        turns = [
            ("a job of others", store.exists(job, stranger)),
            ("no job", store.exists(f"{chance.getrandbits(96):024x}", stranger)),
            ("an iteration of others", store.tasks.find_job_id(iteration)),
            ("no iteration", store.tasks.find_job_id(f"{chance.getrandbits(128):032x}")),
        ]
        chance.shuffle(turns)
        for name, look in turns:
            await timed(name, look)
    return took


def likelier(some: list[float], others: list[float]) -> float:
    """How likely one of `some` takes longer than one of `others` (Mann and Whitney): 0.5 where nobody can tell."""
    ranked = sorted([(one, True) for one in some] + [(one, False) for one in others])
    ranks = sum(rank for rank, (_, mine) in enumerate(ranked, 1) if mine)
    return (ranks - len(some) * (len(some) + 1) / 2) / (len(some) * len(others))


def report(few: dict[str, dict[str, tuple[float, ...]]], many: dict[str, dict[str, tuple[float, ...]]]) -> None:
    print("\nwhat one sees, milliseconds (median): the first page, a late one, the total; of few jobs and of many")
    for name, by_member in many.items():
        print(name)
        for who, costs in by_member.items():
            shown = "   ".join(f"{a:>7.1f}{b:>8.1f}" for a, b in zip(few[name][who], costs, strict=True))
            print(f"  {who:<18}{shown}")


def report_lookups(took: dict[str, list[float]]) -> None:
    print(f"\n{'looked up once each by a stranger':<36}{'median':>8}{'longer than what there is not':>32}")
    for name, other in (("a job of others", "no job"), ("an iteration of others", "no iteration")):
        print(f"{name:<36}{median(took[name]):>8.3f}{likelier(took[name], took[other]):>32.3f}")
        print(f"{other:<36}{median(took[other]):>8.3f}")
