"""What accounts and groups cost: a start and a page of jobs, among few and among many: `make bench-access`.

Two servers, one with 10 accounts and 10 groups beside the people who ask, one with 100,000 and 10,000, are asked in
turns, so that the ratios mean something on a machine with moods. `member` is in three groups, one inside the other,
`joiner` in 198 of them. `cold` uses a token for the first time: the server looks the account and all its groups and
roles up. Then what the time of an answer tells a stranger (`strangers.py`).
"""

import asyncio
import random
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent))
import checkout  # noqa: F401 -- names the checkout jobyard

sys.path.insert(0, str(Path(__file__).parent.parent.parent))
import strangers
from worlds import World, served

FEW, MANY = (10, 10), (100_000, 10_000)  # accounts, groups
REQUESTS = 300
PAGE = "{ jobs(first: 25) { nodes { id name status metrics { startTime } } } }"
PEOPLE = ("admin", "member", "joiner")


async def start(world: World) -> None:
    answer = await world.http.post("/operations-manager/jobs/start", json={"workflow": "empty", "options": {}})
    assert answer.status_code == 200, answer.text


async def rest_page(world: World) -> None:
    answer = await world.http.get("/operations-manager/jobs", params={"limit": 25, "sort": "metrics.start_time"})
    assert len(answer.json()["data"]) == 25, answer.text


async def graphql_page(world: World) -> None:
    answer = await world.http.post("/graphql", json={"query": PAGE})
    assert len(answer.json()["data"]["jobs"]["nodes"]) == 25, answer.text


ACTS: dict[str, Callable[[World], Awaitable[None]]] = {
    "page over REST": rest_page,
    "page over GraphQL": graphql_page,
    "start": start,
}


async def in_turns(
    act: Callable[[World], Awaitable[None]], who: str, worlds: list[World], *, cold: bool
) -> list[float]:
    """The median of each world, in milliseconds."""
    took: list[list[float]] = [[] for _ in worlds]
    for number in range(REQUESTS + 10):
        for index in random.sample(range(len(worlds)), len(worlds)):
            world = worlds[index]
            token = world.tokens[who][number if cold else 0]
            world.http.headers["authorization"] = f"Bearer {token}"
            began = time.perf_counter()
            await act(world)
            took[index] += [(time.perf_counter() - began) * 1000] if number >= 10 else []
    return [median(one) for one in took]


async def main() -> None:
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        async with served(Path(one), *FEW) as few, served(Path(other), *MANY) as many:
            print(f"{'ms, median of ' + str(REQUESTS):<36}{'10 / 10':>10}{'100,000 / 10,000':>18}{'ratio':>8}")
            for name, act in ACTS.items():
                for who in PEOPLE:
                    for cold in (False, True):
                        cost = await in_turns(act, who, [few, many], cold=cold)
                        label = f"{name}, {who}{', cold' if cold else ''}"
                        print(f"{label:<36}{cost[0]:>10.2f}{cost[1]:>18.2f}{cost[1] / cost[0]:>8.2f}", flush=True)
            await strangers.measure(many)


if __name__ == "__main__":
    asyncio.run(main())
