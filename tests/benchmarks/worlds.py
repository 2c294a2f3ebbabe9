"""Servers with accounts, groups and jobs: planted in this process, served by one of its own."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from bson import ObjectId
from jobyard.models.settings import Settings
from jobyard.models.visibility import SYSTEM
from jobyard.resolvers.accounts import tokens as accounts_tokens
from jobyard.resolvers.lifespan import open_services
from jobyard.resolvers.services import Services
from jobyard.resolvers.workflows import imports as workflows

from tests.servers import serving

JOBS = 2_000
MANY_GROUPS = 200
TOKENS = 400  # of each person: a token that is new to the server has its account resolved
HOUR = 3_600_000
EMPTY = {
    "name": "empty",
    "tasks": {"workflow_start": {}, "workflow_end": {}},
    "transitions": {"workflow_start": {"workflow_end": {"type": "standard", "state": "success"}}, "workflow_end": {}},
}
LARGE, SMALL, ITERATION = "c" * 24, "d" * 24, "00000000-0000-4000-8000-00000000000c"


@dataclass(frozen=True)
class World:
    """A server, and by person the tokens that nobody has used yet: `admin`, `member` of three groups inside each other,
    `joiner` of many groups in such chains, and `stranger` of none."""

    http: httpx.AsyncClient
    tokens: dict[str, list[str]]


def member_of(*groups: ObjectId) -> list[dict[str, Any]]:
    return [{"groupId": group, "aaaManaged": False} for group in groups]


async def plant(services: Services, accounts: int, groups: int) -> dict[str, ObjectId]:
    """The people, beside so many accounts and groups of others; every job is of one of the joiner's groups."""
    database = services.store.database
    role = await database["roles"].find_one({"name": "operations"})
    own = _chains(MANY_GROUPS, role["_id"])
    others = _chains(groups, role["_id"])
    await database["groups"].insert_many([*own, *others])
    leaves = [one["_id"] for one in others[2::3]]
    crowd = [_account(ObjectId(), leaves[count % len(leaves)]) for count in range(accounts)]
    people = {name: ObjectId() for name in ("member", "joiner", "stranger")}
    roles = [{"roleId": role["_id"]}]
    mine = [
        _account(people["member"], own[2]["_id"]),
        _account(people["joiner"], *(one["_id"] for one in own[2::3])),
        {**_account(people["stranger"]), "assignedRoles": roles},
    ]
    await database["accounts"].insert_many([*crowd, *mine])
    ids = [str(one["_id"]) for one in own[: MANY_GROUPS // 3 * 3]]
    jobs = [_job(f"{count:024x}", count, ids[count % len(ids)], 5, 2) for count in range(JOBS)]
    await database["jobs"].insert_many([*jobs, _job(LARGE, JOBS, ids[0], 2_000, 20), _job(SMALL, JOBS, ids[0], 5, 0)])
    iteration = {"_id": ITERATION, "job": {"_id": LARGE, "task": "a"}, "groups": [], "metrics": {}, "variables": {}}
    await database["tasks"].insert_one({**iteration, "access": {"groups": [ids[0]], "starter": None}})
    return {**people, "admin": ObjectId(services.admin_id)}


def _chains(count: int, role: ObjectId) -> list[dict[str, Any]]:
    """Groups, each but every third in the one before."""
    ids = [ObjectId() for _ in range(count)]
    return [
        {
            "_id": id,
            "name": str(id),
            "memberOf": member_of(ids[number - 1]) if number % 3 else [],
            "assignedRoles": [{"roleId": role}],
        }
        for number, id in enumerate(ids)
    ]


def _account(id: ObjectId, *groups: ObjectId) -> dict[str, Any]:
    return {"_id": id, "username": str(id), "memberOf": member_of(*groups)}


def _job(id: str, start: int, group: str, tasks: int, values: int) -> dict[str, Any]:
    """`values` of 50,000 characters: as many as stay in the document."""
    return {
        "_id": id,
        "name": "empty",
        "type": "automation",
        "status": "complete",
        "description": f"ticket {start}",
        "groups": [group],
        "ancestors": [id],
        "metrics": {"start_time": start, "user": None, "progress": 1},
        "tasks": {f"{task:x}": {"status": "complete", "iteration": 1, "start_time": 1} for task in range(tasks)},
        "variables": {f"v{value}": "x" * (50_000 if tasks > 5 else 100) for value in range(values)},
        "found_by": [],
    }


@asynccontextmanager
async def served(directory: Path, accounts: int, groups: int) -> AsyncGenerator[World]:
    async with open_services(Settings(data=directory, host="jobyard", admin_password="benchmark")) as services:
        await workflows.import_documents([EMPTY], caller=SYSTEM)
        people = await plant(services, accounts, groups)
        issued = {
            name: [(await accounts_tokens.issue(id, services.clock.now(), HOUR)).token for _ in range(TOKENS)]
            for name, id in people.items()
        }
    with serving("--data", str(directory), closed=True) as server:
        async with httpx.AsyncClient(base_url=server.address, timeout=60) as http:
            yield World(http, issued)
