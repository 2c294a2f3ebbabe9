"""Copies of jobs with all that belongs to them, as the database would have them of as many starts.

At first they are those of a server that does not exist and seems to live, so that nobody takes them.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from jobyard.models.engine.definition import iteration_id
from pymongo.asynchronous.database import AsyncDatabase

Document = dict[str, Any]

BELONGS = {"jobs": "_id", "tasks": "job._id", "job_events": "job"}  # by which field
KEEPER = "copies"
LIVES = timedelta(hours=1)


async def multiply(database: AsyncDatabase[Document], ids: Sequence[str], times: int) -> list[str]:
    """So many copies of each job: their ids."""
    seen = datetime.now(UTC) + LIVES
    await database["servers"].update_one({"_id": KEEPER}, {"$set": {"seen": seen}}, upsert=True)
    copies: list[str] = []
    for id in ids:
        found = {kind: [one async for one in database[kind].find({key: id})] for kind, key in BELONGS.items()}
        names = [_new_names(id, found["tasks"]) for _ in range(times)]
        for kind, documents in found.items():
            made = [_renamed(one, new) for new in names for one in documents]
            if kind == "jobs":
                for one in made:
                    one["lease"] = {**one["lease"], "owner": KEEPER}
            await database[kind].insert_many(made)
        copies += [new[id] for new in names]
    return copies


def _new_names(id: str, iterations: Sequence[Document]) -> dict[str, str]:
    copy = uuid4().hex[:24]
    ids = {one["_id"]: iteration_id(copy, one["job"]["task"], one["iteration"]) for one in iterations}
    return {id: copy, **ids}


async def give_to(database: AsyncDatabase[Document], owner: str) -> None:
    """All copies are this server's from now on."""
    await database["jobs"].update_many({"lease.owner": KEEPER}, {"$set": {"lease.owner": owner}})
    await database["servers"].delete_one({"_id": KEEPER})


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [_renamed(one, names) for one in value]
    if not isinstance(value, str):
        return value
    first, slash, rest = value.partition("/")
    return names.get(first, first) + slash + rest
