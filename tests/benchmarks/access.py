"""What accounts and groups cost: a start, and resolving a caller, among few and among many.

    python tests/benchmarks/access.py

Plants accounts and groups into a mongod of its own and starts jobs through the REST door, with the token of a person in
three groups, one inside the other: among few, among many, and among few again, since a machine has moods.
`cold` forgets what is known of the caller before every request.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
import checkout  # noqa: F401 -- names the checkout jobyard
import httpx
from bson import ObjectId
from jobyard.gql.app import create_app
from jobyard.models.settings import Settings
from jobyard.resolvers import workflows
from jobyard.resolvers.access import tokens
from jobyard.resolvers.access.callers import resolved
from jobyard.resolvers.opening import open_yard
from jobyard.resolvers.yard import Yard

FEW, MANY = (10, 10), (100_000, 10_000)  # accounts, groups
REQUESTS = 300
EMPTY = {
    "name": "empty",
    "tasks": {"workflow_start": {}, "workflow_end": {}},
    "transitions": {"workflow_start": {"workflow_end": {"type": "standard", "state": "success"}}, "workflow_end": {}},
}


def member_of(*groups: ObjectId) -> list[dict[str, Any]]:
    return [{"groupId": group, "aaaManaged": False} for group in groups]


async def plant(yard: Yard, accounts: int, groups: int) -> ObjectId:
    """Groups in chains of three, accounts spread over them; the last of the accounts."""
    database = yard.store.database
    role = await database["roles"].find_one({"name": "operations"})
    ids = [ObjectId() for _ in range(groups)]
    documents = [
        {
            "_id": id,
            "name": str(id),
            "memberOf": member_of(ids[n - 1]) if n % 3 else [],
            "assignedRoles": [{"roleId": role["_id"]}],
        }
        for n, id in enumerate(ids)
    ]
    await database["groups"].insert_many(documents)
    leaves = ids[2::3]
    people = [
        {"_id": (id := ObjectId()), "username": str(id), "memberOf": member_of(leaves[n % len(leaves)])}
        for n in range(accounts)
    ]
    await database["accounts"].insert_many(people)
    return people[-1]["_id"]


async def unplant(yard: Yard, newer_than: ObjectId) -> None:
    for name in ("accounts", "groups"):
        await yard.store.database[name].delete_many({"_id": {"$gt": newer_than}})


async def timed(act: Callable[[], Awaitable[None]]) -> float:
    """The median of many, in milliseconds."""
    times: list[float] = []
    for _ in range(REQUESTS):
        begin = time.perf_counter()
        await act()
        times.append((time.perf_counter() - begin) * 1000)
    return median(times)


async def measured(directory: Path) -> list[dict[str, float]]:
    settings = Settings(data=directory, host="jobyard", admin_password="benchmark")
    async with open_yard(settings) as yard:
        person = await plant(yard, *FEW)
        await workflows.import_documents([EMPTY])
        token = (await tokens.issue(person, yard.clock.now(), 3_600_000)).token
        transport = httpx.ASGITransport(app=create_app(yard))
        headers = {"authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://jobyard", headers=headers) as http:

            async def start() -> None:
                answer = await http.post("/operations-manager/jobs/start", json={"workflow": "empty", "options": {}})
                assert answer.status_code == 200, answer.text

            async def cold() -> None:
                yard.callers.forget()
                await start()

            async def resolve() -> None:
                caller = await resolved(person)
                assert caller is not None
                assert len(caller.groups) == 3

            measures = {"start": start, "start, cold": cold, "resolve a caller": resolve}

            async def all_three() -> dict[str, float]:
                return {name: await timed(act) for name, act in measures.items()}

            await timed(start)
            results = [await all_three()]
            newest = ObjectId()
            await plant(yard, *MANY)
            results.append(await all_three())
            await unplant(yard, newest)
            return [*results, await all_three()]


async def main() -> None:
    with TemporaryDirectory() as directory:
        few, many, again = await measured(Path(directory))
    print(f"{'ms, median of ' + str(REQUESTS):<22}{'10 / 10':>10}{'100,000 / 10,000':>18}{'10 / 10':>10}{'ratio':>8}")
    for name, cost in many.items():
        ratio = cost / ((few[name] + again[name]) / 2)
        print(f"{name:<22}{few[name]:>10.2f}{cost:>18.2f}{again[name]:>10.2f}{ratio:>8.2f}")


if __name__ == "__main__":
    asyncio.run(main())
