"""Minutes of whole lives of jobs: start, follow, end, delete. What a server keeps of jobs that are gone is a leak."""

import asyncio
import json
import time
from itertools import count
from pathlib import Path

import httpx

from .doors import APIS, Unacknowledged
from .layout import Layout
from .measured import Services, opened_without_load
from .record import Start
from .row import Row

AT_ONCE = 4  # lives
PATIENCE = 60.0  # for a job to end
WARM_SECONDS = 120.0  # before the memory is looked at, or a third of a shorter run
LOOK_SECONDS = 2.0
LEAK = 1000  # bytes that a job leaves behind, and with all of them together
LEAST_LEAK = 3_000_000  # bytes: what an allocator keeps of a moment is no leak
LEASE = 10.0

TITLE = "none, for minutes: start, follow, end, delete"
KINDS = ("delayed", "provided", "delayed", "family")
FOLLOW = "subscription($id: ID!) { jobChanged(id: $id) { status } }"
DELETE = "mutation($id: ID!) { deleteJobs(ids: [$id]) { done message } }"

Sample = tuple[int, int]  # how many lives are over, and bytes of memory


async def soak(times: int, folder: Path, *, seed: int, seconds: float) -> Row:
    """Once, for so many seconds, whatever `times` says."""
    row = Row(TITLE, times=1)
    samples: list[Sample] = []
    async with opened_without_load(Layout(), folder, lease=LEASE, seed=seed) as services:
        began = time.monotonic()
        warm = began + min(WARM_SECONDS, seconds / 3)
        numbers = count()
        lives = [asyncio.create_task(_live(services, row, numbers, began + seconds)) for _ in range(AT_ONCE)]
        while not all(life.done() for life in lives):
            await asyncio.wait(lives, timeout=LOOK_SECONDS)
            if warm < time.monotonic() < began + seconds:
                samples.append((row.acknowledged, services.server.memory()))
        await asyncio.gather(*lives)
        left = await services.database.job_ids()
    row.verdict.wrong += [("deleted, and still there", id) for id in left]
    leak = bytes_of_a_job(samples)
    jobs, memory = samples[-1][0] - samples[0][0], [size for _, size in samples]
    if leak > LEAK and leak * jobs > LEAST_LEAK:
        row.verdict.wrong.append((f"{leak / 1000:.1f} kB of memory stay of each job", "-"))
    row.notes.append(
        f"{row.acknowledged} jobs in {seconds:.0f} s; of the last {jobs} each leaves {leak:.0f} bytes in the server"
        f" ({memory[0] / 1e6:.1f} MB to {memory[-1] / 1e6:.1f} MB)"
    )
    return row


def bytes_of_a_job(samples: list[Sample]) -> float:
    """The slope of the line that fits the samples best."""
    jobs = sum(jobs for jobs, _ in samples) / len(samples)
    memory = sum(size for _, size in samples) / len(samples)
    spread = sum((x - jobs) ** 2 for x, _ in samples)
    return sum((x - jobs) * (y - memory) for x, y in samples) / spread if spread else 0.0


async def _live(services: Services, row: Row, numbers: "count[int]", until: float) -> None:
    while time.monotonic() < until:
        number = next(numbers)
        workflow = KINDS[number % len(KINDS)]
        elements = [{"number": f"{number}.{n}", "seconds": 0} for n in range(3)] if workflow == "family" else []
        variables = {"number": str(number), "seconds": 0.05, "elements": elements}
        try:
            id = await services.doors.start(APIS[number // 4 % 2], Start(workflow, number), variables, None)
        except Unacknowledged as fault:
            row.verdict.wrong.append((f"a start was refused: {fault.reason}", "-"))
            continue
        row.acknowledged += 1
        ending = await _ending(services, id)
        if ending is None:
            row.verdict.stuck.append((f"not over after {PATIENCE:.0f} s", id))
            continue
        if ending != "complete":
            row.verdict.wrong.append((f"ended with {ending}", id))
        answer = await services.graphql(services.server, DELETE, id=id)
        row.verdict.wrong += [(f"not deleted: {one['message']}", id) for one in answer["deleteJobs"] if not one["done"]]


async def _ending(services: Services, id: str) -> str | None:
    """What the last event says of the job, or None where there is none in time."""
    status = None
    body = {"query": FOLLOW, "variables": {"id": id}}
    headers = {"accept": "text/event-stream"}
    try:
        async with (
            asyncio.timeout(PATIENCE),
            services.http.stream("POST", f"{services.server.address}/graphql", json=body, headers=headers) as answer,
        ):
            async for line in answer.aiter_lines():
                if line.startswith("data:") and line[5:].strip():
                    status = json.loads(line[5:])["data"]["jobChanged"]["status"].lower()
    except (TimeoutError, httpx.TransportError):
        return None
    return status
