"""Families of jobs as a server stores them, with everything that belongs to their jobs."""

from datetime import UTC, datetime
from typing import Any

from pymongo.database import Database

COLLECTIONS = ("jobs", "tasks", "job_events", "job_data", "job_data.files", "job_data.chunks")
DAY = 24 * 3600 * 1000


def plant_family(database: Database[dict[str, Any]], number: int, end: int, children: int = 1, **root: Any) -> str:
    """A root and its child jobs, each with a task, an event, a value and a file; the id of the root."""
    for name, documents in _family(number, end, children, root).items():
        database[name].insert_many(documents)
    return f"{number:024x}"


def plant_whole_families(database: Database[dict[str, Any]], number: int, end: int) -> None:
    """So many families of a root and a child job, with everything that belongs to them."""
    for first in range(1, number + 1, 500):
        families = [_family(one, end, 1, {}) for one in range(first, min(first + 500, number + 1))]
        for name in COLLECTIONS:
            database[name].insert_many([document for family in families for document in family[name]])


def _family(number: int, end: int, children: int, root: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The documents by collection."""
    id = f"{number:024x}"
    ids = [id, *(f"{child:08x}{number:016x}" for child in range(1, children + 1))]
    headers: list[dict[str, Any]] = [
        {
            "_id": job, "name": "w", "status": "complete", "workflow_version": "v", "seq": 1, "state_version": 1,
            "ancestors": [id] if job == id else [id, job], "metrics": {"start_time": end - 1000, "end_time": end},
            "found_by": ["w"],
        }
        for job in ids
    ]  # fmt: skip
    headers[0] |= {"idempotency": {"key": f"account {number}", "request": "r"}, **root}
    stored = datetime.now(UTC)
    return {
        "jobs": headers,
        "tasks": [{"_id": f"task {job}", "job": {"_id": job}, "status": "complete"} for job in ids],
        "job_events": [
            {"_id": f"{job}/0", "job": job, "seq": 0, "status": "complete", "stored": stored} for job in ids
        ],
        "job_data": [{"_id": f"{job}/hash", "job_id": job, "value": "v"} for job in ids],
        "job_data.files": [{"_id": f"{job}/file", "metadata": {"job": job}, "length": 1} for job in ids],
        "job_data.chunks": [{"files_id": f"{job}/file", "n": 0, "data": b"x"} for job in ids],
    }


def plant_families(database: Database[dict[str, Any]], number: int, end: int) -> None:
    """So many families of a root and a child job, whose ends lie a millisecond apart; without large values."""
    stored = datetime.now(UTC)
    for first in range(1, number + 1, 500):
        roots = range(first, min(first + 500, number + 1))
        jobs = [
            (f"{prefix}{root:016x}", f"{0:08x}{root:016x}", root) for root in roots for prefix in ("00000000", "1" * 8)
        ]
        database["jobs"].insert_many(
            {
                "_id": job, "name": "w", "status": "complete", "workflow_version": "v", "seq": 1, "state_version": 1,
                "ancestors": [root] if job == root else [root, job], "found_by": ["w"],
                "metrics": {"start_time": end + n - 1000, "end_time": end + n}, "variables": {"text": "x" * 500},
            }
            for job, root, n in jobs
        )  # fmt: skip
        tasks = [{"_id": f"{job}/{n}", "job": {"_id": job}, "status": "complete"} for job, *_ in jobs for n in range(2)]
        database["tasks"].insert_many(tasks)
        events = [{"_id": f"{job}/{n}", "job": job, "seq": n, "stored": stored} for job, *_ in jobs for n in range(2)]
        database["job_events"].insert_many(events)


def counts(database: Database[dict[str, Any]]) -> dict[str, int]:
    return {name: database[name].count_documents({}) for name in (*COLLECTIONS, "removals")}
