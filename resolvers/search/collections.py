"""The collections of jobs and tasks for searches: indexes, orders, and the fields with few values."""

from collections.abc import Callable

from pymongo import ASCENDING, DESCENDING

from ...models.documents.job import LOOKED_UP, NEWEST, Job, TaskIteration
from ...models.documents.search_terms import FOUND_BY
from ...models.visibility import Caller, Filter, besides_the_job, visibility_branches, ways_to_see_tasks
from ..store.collections import collection_of
from .conditions import Among, Condition, Matching, NoneOf, flatten, rewrite
from .paging import Finder
from .planner import Collection, Order
from .visibility import VisibleSet

START_TIME = Order("START_TIME", "newest", NEWEST, frozenset(["metrics.start_time"]))
WAITING = Order(
    "WAITING",
    "waiting",
    (("metrics.start_time", ASCENDING), ("_id", ASCENDING)),
    frozenset(["metrics.owner", "waits_for", "answer"]),
)
ID = Order("ID", "_id_", (("_id", ASCENDING),), frozenset(["_id"]))


def _latest(name: str, path: str, index: str) -> Order:
    return Order(name, index, ((path, DESCENDING), ("_id", DESCENDING)), frozenset([path]))


def _order_by(path: str, index: str) -> Order:
    """The order by a field that an index begins with, and by the newest start for equal values."""
    return Order(path, index, ((path, ASCENDING), *NEWEST), frozenset([path]))


END_TIME = _latest("END_TIME", "metrics.end_time", "end_time")
LAST_UPDATED = _latest("LAST_UPDATED", "last_updated", "last_updated")
NAME = _order_by("name", "name_newest")

JOBS = Collection(
    START_TIME,
    {
        "status": "status_newest",
        "name": "name_newest",
        "type": "type_newest",
        "metrics.user": "user_newest",
        "groups": "groups_newest",
        "ancestors.0": "root_newest",
        "parent.job": "parent_newest",
        FOUND_BY: "found_by_newest",
    },
    many_valued=frozenset(["groups", FOUND_BY]),
    partial=frozenset(["parent.job"]),
)
TASKS = Collection(
    START_TIME,
    {
        "job._id": "job_newest",
        "status": "status_newest",
        "name": "name_newest",
        "app": "app_newest",
        "type": "type_newest",
        "metrics.owner": "owner_newest",
    },
)
JOB_ORDERS = {
    "_id": ID,
    "metrics.start_time": START_TIME,
    "metrics.end_time": END_TIME,
    "last_updated": LAST_UPDATED,
    **{path: _order_by(path, JOBS.indexes[path]) for path in ("name", "status", "type", "metrics.user")},
}
TASK_ORDERS = {
    "_id": ID,
    "metrics.start_time": START_TIME,
    **{path: _order_by(path, index) for path, index in TASKS.indexes.items()},
}
# These fields have so few different values that a search reads all of them, and then searches for exact values.
FEW_VALUES = frozenset(["name", "status", "type", "app", "metrics.user", "metrics.owner"])


# By the path of a branch of the visibility filter.
_VISIBILITY_INDEXES = {
    "groups": JOBS.indexes["groups"],
    "metrics.user": JOBS.indexes["metrics.user"],
    "access.groups": "access_groups_newest",
    "access.starter": "access_starter_newest",
}


def job_finder(caller: Caller) -> Finder:
    return Finder(collection_of(Job), JOBS, VisibleSet(_with_indexes(visibility_branches(caller)), by_id=LOOKED_UP))


def task_finder(caller: Caller) -> Finder:
    sight = VisibleSet(_with_indexes(ways_to_see_tasks(caller)), besides_the_job(caller))
    return Finder(collection_of(TaskIteration), TASKS, sight)


def _with_indexes(ways: list[Filter]) -> list[tuple[Filter, str]]:
    return [(way, next(index for path, index in _VISIBILITY_INDEXES.items() if path in way)) for way in ways]


async def resolve_conditions(finder: Finder, conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """The conditions, with exact values in place of texts to match and of excluded values."""
    values: dict[Condition, Condition] = {}

    def note(part: Condition) -> Condition:
        if (few := _few_values_test(part)) and few[0] in finder.collection.indexes:
            values[part] = part
        return part

    for condition in conditions:
        rewrite(condition, note)
    for part in values:
        path, holds = _few_values_test(part) or ("", bool)
        values[part] = Among(path, await finder.values_of(path, holds))
    return flatten(tuple(rewrite(condition, lambda part: values.get(part, part)) for condition in conditions))


def _few_values_test(condition: Condition) -> tuple[str, Callable[[object], bool]] | None:
    """The path of the condition, if that field has few values, and a test of these values; else None."""
    match condition:
        case Matching(path) if path in FEW_VALUES:
            return path, condition.holds
        case NoneOf((Among(path, excluded),)) if path in FEW_VALUES:
            return path, lambda value: value not in excluded
        case _:
            return None
