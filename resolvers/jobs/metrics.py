"""Metrics of jobs and tasks by workflow and task, and the state of this server's workers."""

from typing import Any, Final

from beanie import Document

from ...models.documents.job import Job, TaskIteration
from ...models.documents.moments import iso
from ...models.documents.stored import from_stored
from ...models.documents.workflow import Workflow
from ...models.engine.lifecycle import TASK_DONE
from ...models.json import JsonObject
from ...models.visibility import Caller, Filter, visible, visible_tasks, visible_workflows
from ..search import rows
from ..search.documented_fields import MOMENT_TEXT, NUMBER, TEXT
from ..search.lists import DocumentedList
from ..search.paging import PATIENCE, limit_time
from ..services import Services
from ..store.collections import collection_of

_DAY: Final = 24 * 3600 * 1000
_FURTHEST: Final = 8_640_000_000_000_000  # milliseconds before and after 1970 (ECMA-262); no NaN is within
_JOB_SUMS: Final = ("jobsComplete", "totalRunTime")
_TASK_SUMS: Final = {"success": "totalSuccesses", "failure": "totalFailures", "error": "totalErrors"}
_JOB_FIELDS: Final[rows.RowFields] = {
    "_id": TEXT,
    "workflow.name": TEXT,
    "metrics.startDate": MOMENT_TEXT,
    **dict.fromkeys((*_JOB_SUMS, "preAutomationTime", *(f"metrics.{name}" for name in _JOB_SUMS)), NUMBER),
}
_TASK_FIELDS: Final[rows.RowFields] = {
    **dict.fromkeys(("_id", "app", "name", "taskId", "taskType", "workflow.name"), TEXT),
    **dict.fromkeys((f"metrics.{name}" for name in (*_TASK_SUMS.values(), "totalRunTime")), NUMBER),
}


async def job_metrics(caller: Caller, parameters: JsonObject) -> DocumentedList:
    """One row per workflow name: sums of its complete jobs, in all and by the day of their start (UTC)."""
    start, end = "$metrics.start_time", "$metrics.end_time"
    number = {"$type": "number", "$gte": -_FURTHEST, "$lte": _FURTHEST}
    grouped = await _aggregate(
        Job,
        {"$and": [{"status": "complete", start[1:]: number, end[1:]: number}, visible(caller)]},
        {"name": "$name", "day": {"$subtract": [start, {"$mod": [start, _DAY]}]}},
        {"jobsComplete": {"$sum": 1}, "totalRunTime": {"$sum": {"$subtract": [end, start]}}},
    )
    by_name: dict[str, list[_Day]] = {}
    for row in sorted(grouped, key=lambda one: one["_id"]["day"]):
        by_name.setdefault(str(row["_id"].get("name")), []).append(_Day(row))
    seen = Workflow.find({"$and": [{"name": {"$in": list(by_name)}}, visible_workflows(caller)]})
    known = {one.name: one.shown async for one in seen}
    documents: list[JsonObject] = [
        {
            "_id": known[name]["_id"] if name in known else name,
            "workflow": {"name": name},
            "metrics": [{"startDate": day.start, **day.sums} for day in days],
            **{total: sum(day.sums[total] for day in days) for total in _JOB_SUMS},
            "preAutomationTime": known.get(name, {}).get("preAutomationTime") or 0,
        }
        for name, days in by_name.items()
    ]
    return rows.list_rows(documents, parameters, _JOB_FIELDS, first="workflow.name")


async def task_metrics(caller: Caller, parameters: JsonObject) -> DocumentedList:
    """How complete iterations finished: one row per task of a workflow, and a `global` row per method."""
    grouped = await _aggregate(
        TaskIteration,
        {"$and": [{"status": {"$in": list(TASK_DONE)}}, visible_tasks(caller)]},
        {
            **{name: f"${name}" for name in ("app", "name", "type")},
            "workflow": "$job.name",
            "task": "$job.task",
            "finish": "$metrics.finish_state",
        },
        {"count": {"$sum": 1}, "totalRunTime": {"$sum": "$metrics.run_time"}},
    )
    counted: dict[str, _TaskRow] = {}
    for row in grouped:
        of = {name: str(value) for name, value in row["_id"].items()}
        counted.setdefault(f"{of['app']}.{of['name']}", _TaskRow(of)).count(row)
        own: JsonObject = {"taskId": of["task"], "workflow": {"name": of["workflow"]}, "global": False}
        counted.setdefault(f"{of['workflow']}/{of['task']}", _TaskRow(of, own)).count(row)
    documents: list[JsonObject] = [{"_id": id, **row.documented} for id, row in counted.items()]
    return rows.list_rows(documents, parameters, _TASK_FIELDS, first="_id")


class _Day:
    """The jobs of a workflow that started on one day."""

    def __init__(self, row: Any) -> None:
        self.start = iso(int(row["_id"]["day"]))
        self.sums = {key: int(row[key]) for key in _JOB_SUMS}


class _TaskRow:
    """The iterations of a task, or of all tasks of one method."""

    def __init__(self, of: dict[str, str], own: JsonObject | None = None) -> None:
        self._own: JsonObject = {"app": of["app"], "name": of["name"], "taskType": "automatic", "global": True}
        self._own |= own or {}
        self._sums = dict.fromkeys((*_TASK_SUMS.values(), "totalRunTime"), 0)

    def count(self, found: Any) -> None:
        self._sums["totalRunTime"] += int(found["totalRunTime"])
        if found["_id"].get("finish") in _TASK_SUMS:
            self._sums[_TASK_SUMS[found["_id"]["finish"]]] += found["count"]
        if found["_id"].get("type") == "manual":
            self._own["taskType"] = "manual"

    @property
    def documented(self) -> JsonObject:
        return {**self._own, "metrics": [{**self._sums}]}


def workers(services: Services) -> JsonObject:
    """The state of the workers. `localValue` is that of this server; other servers on the database have their own."""
    active = services.admission.active
    one: JsonObject = {"running": active, "clusterValue": True, "localValue": active}
    return {"jobWorker": one, "taskWorker": one, "serverId": services.jobs.owner}


async def _aggregate(kind: type[Document], match: Filter, by: JsonObject, sums: JsonObject) -> list[Any]:
    stages: list[Filter] = [{"$match": match}, {"$group": {"_id": by, **sums}}]
    async with limit_time():
        found = await collection_of(kind).aggregate(stages, maxTimeMS=PATIENCE)
        return [from_stored(row) async for row in found]
