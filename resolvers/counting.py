"""What jobs and tasks came to, by workflow and by task, and how much of everything there is (rest-api facts, 3.7)."""

from typing import Any, Final

from beanie import Document

from ..models.access import Caller, visible, visible_tasks
from ..models.documents.job import Job, TaskIteration
from ..models.documents.moments import iso
from ..models.documents.workflow import Workflow
from ..models.json import JsonObject
from .finding import checks
from .finding.lists import DocumentedList, metadata
from .finding.pages import PATIENCE, limited
from .store.collections import collection_of
from .yard import Yard

_DAY: Final = 24 * 3600 * 1000


async def of_jobs(caller: Caller, limit: int, skip: int) -> DocumentedList:
    """A row a workflow, by name: its complete jobs, all together and by the day of their start (UTC)."""
    start, end = "$metrics.start_time", "$metrics.end_time"
    number = {"$type": "number"}
    rows = await _grouped(
        Job,
        {"$and": [{"status": "complete", start[1:]: number, end[1:]: number}, visible(caller)]},
        {"name": "$name", "day": {"$subtract": [start, {"$mod": [start, _DAY]}]}},
        {"jobsComplete": {"$sum": 1}, "totalRunTime": {"$sum": {"$subtract": [end, start]}}},
    )
    by_name: dict[str, list[JsonObject]] = {}
    for row in sorted(rows, key=lambda one: one["_id"]["day"]):
        day = {"startDate": iso(int(row["_id"]["day"])), **_sums(row, "jobsComplete", "totalRunTime")}
        by_name.setdefault(str(row["_id"].get("name")), []).append(day)
    names = sorted(by_name)
    shown = names[skip : skip + limit]
    known = {one.name: one.document async for one in Workflow.find({"name": {"$in": shown}})}
    documents: list[JsonObject] = [
        {
            "_id": known[name]["_id"] if name in known else name,
            "workflow": {"name": name},
            "metrics": by_name[name],
            "jobsComplete": sum(day["jobsComplete"] for day in by_name[name]),
            "totalRunTime": sum(day["totalRunTime"] for day in by_name[name]),
            "preAutomationTime": known.get(name, {}).get("preAutomationTime") or 0,
        }
        for name in shown
    ]
    return DocumentedList(documents, metadata(skip, limit, len(documents), len(names)))


async def of_tasks(caller: Caller, limit: int, skip: int) -> DocumentedList:
    """A row a task, by application and name: how its complete iterations finished, of all workflows together."""
    rows = await _grouped(
        TaskIteration,
        {"$and": [{"status": {"$in": ["complete", "error"]}}, visible_tasks(caller)]},
        {"app": "$app", "name": "$name", "type": "$type", "finish": "$metrics.finish_state"},
        {"count": {"$sum": 1}, "totalRunTime": {"$sum": "$metrics.run_time"}},
    )
    by_task: dict[tuple[str, str], JsonObject] = {}
    manual: set[tuple[str, str]] = set()
    totals = {"success": "totalSuccesses", "failure": "totalFailures", "error": "totalErrors"}
    for row in rows:
        key = row["_id"]
        sums = by_task.setdefault(
            (str(key.get("app")), str(key.get("name"))), {**dict.fromkeys(totals.values(), 0), "totalRunTime": 0}
        )
        if key.get("type") == "manual":
            manual.add((str(key.get("app")), str(key.get("name"))))
        sums["totalRunTime"] += int(row["totalRunTime"])
        if key.get("finish") in totals:
            sums[totals[key["finish"]]] += row["count"]
    names = sorted(by_task)
    documents: list[JsonObject] = [
        {
            "_id": f"{app}.{name}",
            "app": app,
            "name": name,
            "taskType": "manual" if (app, name) in manual else "automatic",
            "global": True,
            "metrics": [by_task[app, name]],
        }
        for app, name in names[skip : skip + limit]
    ]
    return DocumentedList(documents, metadata(skip, limit, len(documents), len(names)))


def workers(yard: Yard) -> JsonObject:
    """Jobs and tasks are worked as long as the server runs: there is no switch for it here."""
    one = {"running": True, "clusterValue": True, "localValue": True}
    return {"jobWorker": one, "taskWorker": one, "serverId": yard.jobs.owner}


def window(limit: int, skip: int) -> tuple[int, int]:
    """A page of at most 1000."""
    if skip < 0 or limit < 0:
        raise checks.invalid("minimum", "/skip" if skip < 0 else "/limit", "must be >= 0")
    return min(limit, checks.MOST_AT_ONCE), skip


async def _grouped(kind: type[Document], match: JsonObject, by: JsonObject, sums: JsonObject) -> list[Any]:
    stages: list[JsonObject] = [{"$match": match}, {"$group": {"_id": by, **sums}}]
    async with limited():
        found = await collection_of(kind).aggregate(stages, maxTimeMS=PATIENCE)
        return [row async for row in found]


def _sums(row: JsonObject, *keys: str) -> JsonObject:
    return {key: int(row[key]) for key in keys}
