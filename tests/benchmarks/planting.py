"""Jobs and iterations of tasks in a mongod of their own, the same at every run."""

import random
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from beanie import init_beanie
from jobyard.models.documents.job import Job, Server, TaskIteration
from jobyard.models.documents.search_terms import found_by
from jobyard.models.json import JsonObject
from jobyard.resolvers.store.connect import open_store

BATCH = 5_000
BEGAN = 1_600_000_000_000

VERBS = ("Upgrade", "Back up", "Check", "Restore", "Rename")
THINGS = ("routers", "switches", "firewalls", "edge devices", "load balancers", "access points", "circuits", "licences")
NAMES = [f"{verb} {thing}" for verb in VERBS for thing in THINGS]
STATUSES = ["complete"] * 900 + ["error"] * 60 + ["canceled"] * 36 + ["running"] * 4
COMMON, RARE = "64aa000000000000000000aa", "64aa000000000000000000ff"  # half of the jobs, and one in 5,000
OTHERS = [f"64bb{number:020x}" for number in range(200)]  # the rest
TYPES = ["automation"] * 98 + ["resource:action"] * 2


def job(number: int, chance: random.Random) -> JsonObject:
    """One job in a hundred is a child of the one before; few are by a rare starter, tag, group, word or variable."""
    id = f"{chance.getrandbits(96):024x}"
    start = BEGAN + number * 40 + chance.randrange(40)
    status = chance.choice(STATUSES)
    rare = number % 5_000 == 7
    name = "Replace the one mainframe" if rare else chance.choice(NAMES)
    document: JsonObject = {
        "_id": id,
        "name": name,
        "type": chance.choice(TYPES),
        "groups": [RARE if rare else COMMON if chance.random() < 0.5 else chance.choice(OTHERS)],
        "watchers": [],
        "ancestors": [id],
        "tags": ["night" if rare else chance.choice(("core", "lab", "site"))],
        "last_updated": datetime.fromtimestamp((start + 5_000) / 1000, UTC),
        "last_updated_by": "ada",
        "metrics": {"start_time": start, "progress": 1, "user": "grace" if rare else chance.choice(("ada", "alan"))},
        "workflow_version": "0" * 64,
        "seq": 4,
        "status": status,
        "description": "out of hours" if rare else f"ticket {number % 977}",
        "variables": {"_id": id, "device": f"edge-{number % 997}", "site": {"code": number % 31}, "rare": rare},
        "tasks": {f"{task:x}": {"status": "complete", "iteration": 1, "start_time": start} for task in range(10, 15)},
    }
    if status in ("complete", "canceled"):
        document["metrics"]["end_time"] = start + chance.randrange(1_000, 600_000)
    document["found_by"] = found_by(document)
    return document


def jobs(count: int) -> Iterator[JsonObject]:
    chance = random.Random(1)
    before = ""
    for number in range(count):
        one = job(number, chance)
        if before and number % 100 == 0:
            one["parent"] = {"job": before, "task": "a", "iteration": 1, "element": 0}
            one["ancestors"] = [before, one["_id"]]
        elif number % 100 == 99:
            before = one["_id"]
        yield one


def iteration(number: int, chance: random.Random) -> JsonObject:
    start = datetime.fromtimestamp((BEGAN + number * 40) / 1000, UTC).isoformat(timespec="milliseconds")[:23] + "Z"
    waits = number % 2_500 == 3
    rare = number % 5_000 == 7
    return {
        "_id": f"{chance.getrandbits(128):032x}",
        "job": {"_id": f"{number // 5:024x}", "task": f"{number % 5 + 10:x}", "name": chance.choice(NAMES)},
        "iteration": 1,
        "name": "reboot" if rare else chance.choice(("stringConcat", "merge", "query", "delay", "getTicket")),
        "app": "Rack" if rare else chance.choice(("WorkFlowEngine", "Jira")),
        "type": "manual" if waits else "automatic",
        "status": "running" if waits else "error" if rare else "complete",
        "groups": [],
        "access": {
            "groups": [RARE if rare else COMMON if number // 5 % 2 else OTHERS[number // 5 % len(OTHERS)]],
            "starter": "grace" if rare else "ada",
        },
        "metrics": {"start_time": start, "owner": "" if waits else "grace" if rare else "Pronghorn"},
        "variables": {"incoming": {"text": "x" * 200}, "outgoing": {}, "error": "", "decorators": []},
        "waits_for": "person" if waits else None,
    }


def iterations(count: int) -> Iterator[JsonObject]:
    chance = random.Random(2)
    for number in range(count):
        yield iteration(number, chance)


@asynccontextmanager
async def planted(directory: Path, size: int) -> AsyncGenerator[Any]:
    async with open_store(None, directory, memory=False, database_name=f"find_{size}") as store:
        database = store.database
        if await database["jobs"].estimated_document_count() != size:
            await database.client.drop_database(database)
            for name, documents in (("jobs", jobs(size)), ("tasks", iterations(size))):
                began = time.perf_counter()
                await plant(database[name], documents)
                print(f"planted {size:,} {name} in {time.perf_counter() - began:.0f} s", flush=True)
        began = time.perf_counter()
        await init_beanie(database=database, document_models=[Job, TaskIteration, Server])
        print(f"indexed them in {time.perf_counter() - began:.0f} s", flush=True)
        for name in ("jobs", "tasks"):
            sizes = await database.command("collStats", name)
            print(f"{name}: {sizes['avgObjSize']} bytes each, indexes {sizes['totalIndexSize'] / 2**20:.0f} MB in all")
        yield database


async def plant(collection: Any, documents: Iterator[JsonObject]) -> None:
    batch: list[JsonObject] = []
    for document in documents:
        batch.append(document)
        if len(batch) == BATCH:
            await collection.insert_many(batch, ordered=False)
            batch = []
    if batch:
        await collection.insert_many(batch, ordered=False)
