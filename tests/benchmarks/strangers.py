"""What the time of an answer tells a stranger who knows the id of a job of others: a part of `make bench-access`."""

import random
import time
from statistics import median, quantiles
from typing import Any
from uuid import UUID

import httpx
from seen import likelier
from worlds import ITERATION, LARGE, SMALL, World

ROUNDS = 400
WAYS = ("GraphQL job", "GET job", "cancel", "GraphQL task", "GET task", "jobChanged")
JOB = "query($id: ID!) { job(id: $id) { id status tasks { id } variables } }"
TASK = "query($id: ID!) { task(id: $id) { id status } }"
CHANGED = "subscription($id: ID!) { jobChanged(id: $id) { status } }"


async def ask(http: httpx.AsyncClient, way: str, id: str) -> httpx.Response:
    def graphql(query: str, accept: str = "application/json") -> Any:
        return http.post("/graphql", json={"query": query, "variables": {"id": id}}, headers={"accept": accept})

    match way:
        case "GraphQL job":
            return await graphql(JOB)
        case "GET job":
            return await http.get(f"/operations-manager/jobs/{id}")
        case "cancel":
            return await http.post("/operations-manager/jobs/cancel", json={"jobIds": [id]})
        case "GraphQL task":
            return await graphql(TASK)
        case "GET task":
            return await http.get(f"/operations-manager/tasks/{id}")
        case _:
            return await graphql(CHANGED, "text/event-stream")


async def measure(world: World) -> None:
    """In turns, each time in another order: a large job of others, a small one, and one that there is not."""
    http = world.http
    http.headers["authorization"] = f"Bearer {world.tokens['stranger'][0]}"
    chance = random.Random()
    print("\nwhat a stranger is told, ms: of no such job (its quarters), of a small one, of a large one;")
    print("and how likely the small and the large one take longer than none")
    for way in WAYS:
        took: dict[str, list[float]] = {"none": [], "small": [], "large": []}
        answers: set[tuple[int, bytes]] = set()
        for turn in range(ROUNDS + 20):
            if "task" in way:
                ids = {"none": str(UUID(int=chance.getrandbits(128), version=4)), "large": ITERATION}
            else:
                ids = {"none": f"{chance.getrandbits(96):024x}", "small": SMALL, "large": LARGE}
            for name in chance.sample(list(ids), len(ids)):
                began = time.perf_counter()
                answer = await ask(http, way, ids[name])
                took[name] += [(time.perf_counter() - began) * 1000] if turn >= 20 else []
                answers.add((answer.status_code, answer.content.replace(ids[name].encode(), b"ID")))
        assert len(answers) == 1, answers
        quarters = quantiles(took["none"])
        there = [name for name in ("small", "large") if took[name]]
        costs = "".join(f"{median(took[name]):>8.2f}" for name in there)
        told = "".join(f"{likelier(took[name], took['none']):>8.3f}" for name in there)
        print(f"{way:<14}{median(took['none']):>7.2f} ({quarters[0]:.2f}-{quarters[2]:.2f}){costs}  {told}", flush=True)
