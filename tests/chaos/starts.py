"""Thousands of starts at once, of which some callers leave: each is a job that somebody was told of, or was refused."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from .doors import code_of
from .layout import Layout
from .measured import Answer, Services, ask, opened_without_load
from .prober import probing
from .row import Row
from .seen import Seen

STARTS = 5000
BEFORE = 500  # starts that warm the server up: its memory is compared with what it is then
LEAVES = 10  # every so many callers, one does
PATIENCE = (0.0, 4.0)  # seconds, of a caller that leaves
HEALTH_SECONDS = 0.25  # p99 of /healthz
REST_SECONDS = 60.0  # until the memory is looked at again
GROWN = 1.2
OVER_SECONDS = 60  # until all jobs are, afterwards
LEASE = 10.0

TITLE = "{} starts at once, every tenth caller leaves"
BODY = {"workflow": "delayed", "options": {"variables": {"number": "1", "seconds": 0}}}
START = 'mutation { startJob(workflow: "delayed", options: {variables: {number: "1", seconds: 0}}) { id } }'


@dataclass
class Told:
    """What the callers heard; `left` is how many went away before they heard anything."""

    ids: list[str] = field(default_factory=list[str])
    moments: list[float] = field(default_factory=list[float])
    left: int = 0
    answers: Counter[str] = field(default_factory=Counter[str])
    unclean: Counter[str] = field(default_factory=Counter[str])


async def start_many(
    times: int, folder: Path, *, seed: int, seconds: float, count: int = STARTS, rest: float = REST_SECONDS
) -> Row:
    row = Row(TITLE.format(count))
    end = time.monotonic() + seconds
    async with opened_without_load(Layout(), folder, lease=LEASE, seed=seed) as services:
        before = Told()
        await _start_all(services, BEFORE, before, at_once=8, leaving=False)
        await _over(services)
        known = set(await services.database.job_ids())
        memory = services.server.memory()
        while row.times < times and (not row.times or time.monotonic() < end - seconds / 2):
            row.times += 1
            told = Told()
            began = time.monotonic()
            async with probing(services.server.address) as probed:
                await _start_all(services, count, told, at_once=count, leaving=True)
            took = time.monotonic() - began
            most = services.server.memory()
            await _over(services)
            await asyncio.sleep(max(0.0, began + took + rest - time.monotonic()))
            seen = await services.database.seen()
            _judge(row, told, seen, known)
            _judge_server(row, probed, memory, most, services.server.memory())
            row.stall = max(row.stall, _stall(told, began))
            row.notes.append(f"{took:.1f} s: {', '.join(f'{n} x {what}' for what, n in told.answers.most_common())}")
            known = {job["_id"] for job in seen.jobs}
    return row


async def _start_all(services: Services, count: int, told: Told, *, at_once: int, leaving: bool) -> None:
    places = asyncio.Semaphore(at_once)

    async def start(number: int) -> None:
        async with places:
            leaves = leaving and number % LEAVES == 0
            await _start(services, number, told, services.chance.uniform(*PATIENCE) if leaves else None)

    await asyncio.gather(*(start(number) for number in range(count)))


async def _start(services: Services, number: int, told: Told, patience: float | None) -> None:
    by_rest = number // 2 % 2 == 0
    path, body = ("/operations-manager/jobs/start", BODY) if by_rest else ("/graphql", {"query": START})
    try:
        async with asyncio.timeout(patience):
            answer = await ask(services.server, "POST", path, body)
    except TimeoutError:
        told.left += 1
        told.answers["callers left"] += 1
        return
    except OSError as fault:
        told.unclean[type(fault).__name__] += 1
        return
    if answer.status == 200 and (answer.body.get("data")):
        told.ids.append(answer.body["data"]["_id"] if by_rest else answer.body["data"]["startJob"]["id"])
        told.moments.append(time.monotonic())
        told.answers["acknowledged"] += 1
    elif _is_clean(answer, by_rest=by_rest):
        told.answers["refused"] += 1
    else:
        told.unclean[f"{answer.status} {str(answer.body)[:60]}"] += 1


def _is_clean(answer: Answer, *, by_rest: bool) -> bool:
    """503 with a code, that says when to come again."""
    if answer.status != 503 or "retry-after" not in answer.headers or not isinstance(answer.body, dict):
        return False
    facts = answer.body.get("metadata") if by_rest else (answer.body.get("errors") or [{}])[0].get("extensions")
    return code_of(facts) == "OVERLOADED"


async def _over(services: Services) -> None:
    """Return once no job is active, or after OVER_SECONDS."""
    until = time.monotonic() + OVER_SECONDS
    # The database does not say when they are.
    while time.monotonic() < until and (await services.database.movement())[1:2] != (0,):  # noqa: ASYNC110
        await asyncio.sleep(0.5)


def _judge(row: Row, told: Told, seen: Seen, known: set[str]) -> None:
    jobs = {job["_id"]: job for job in seen.jobs if job["_id"] not in known}
    row.acknowledged += len(told.ids)
    row.verdict.lost += [("lost", id) for id in told.ids if id not in jobs]
    row.verdict.twice += [("the job of two starts", id) for id, times in Counter(told.ids).items() if times > 1]
    row.verdict.stuck += [("not over", id) for id, job in jobs.items() if job["status"] == "running"]
    row.verdict.wrong += [("in error though sound", id) for id, job in jobs.items() if job["status"] == "error"]
    untold = len(jobs.keys() - set(told.ids))
    if untold > told.left:
        row.verdict.wrong.append((f"{untold} jobs that nobody was told of, though {told.left} callers left", "-"))
    row.verdict.wrong += [(f"{times} x {what}", "-") for what, times in told.unclean.most_common()]
    row.notes.append(f"{untold} jobs in the database of the {told.left} callers that left")


def _judge_server(row: Row, probed: list[float], before: int, most: int, after: int) -> None:
    probed.sort()
    p99 = probed[len(probed) * 99 // 100]
    if p99 > HEALTH_SECONDS:
        row.verdict.wrong.append((f"/healthz took {p99 * 1000:.0f} ms (p99)", "-"))
    if after > before * GROWN:
        row.verdict.wrong.append((f"memory {after / before - 1:.0%} larger, {REST_SECONDS:.0f} s after the last", "-"))
    half, longest = probed[len(probed) // 2], probed[-1]
    took = ", ".join(
        f"{what} {time * 1000:.0f} ms" for what, time in (("p50", half), ("p99", p99), ("longest", longest))
    )
    sizes = ", ".join(f"{size / 1e6:.0f} MB {when}" for size, when in ((before, "before"), (most, "with them")))
    row.notes.append(
        f"/healthz {took} of {len(probed)}; memory {sizes}, {after / 1e6:.0f} MB {REST_SECONDS:.0f} s later"
    )


def _stall(told: Told, began: float) -> float:
    moments = [began, *told.moments]
    return max((after - before for before, after in pairwise(moments)), default=0.0)
