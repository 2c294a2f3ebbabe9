"""Both doors of one server in this process, with a clock that jumps."""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx
from jobyard.resolvers.runner.embedded import EmbeddedRunner
from jobyard.resolvers.search.backfill import backfill_batch
from jobyard.resolvers.services import Services
from jobyard.resolvers.workflows import imports as workflows


class JumpingClock:
    """Nobody waits: whoever sleeps until a moment makes it that moment."""

    def __init__(self) -> None:
        self.at = 1_733_346_922_873

    def now(self) -> int:
        return self.at

    async def sleep_until(self, at: int) -> None:
        self.at = max(self.at, at)


@dataclass
class Doors:
    services: Services
    http: httpx.AsyncClient

    async def graphql(self, query: str, /, **variables: Any) -> dict[str, Any]:
        answer = await self.http.post("/graphql", json={"query": query, "variables": variables})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def start(self, body: Any, **headers: str) -> httpx.Response:
        return await self.http.post("/operations-manager/jobs/start", json=body, headers=headers)

    async def import_documents(self, *documents: Any) -> None:
        report = await workflows.import_documents(list(documents))
        assert report.skipped == []

    async def sweep(self) -> None:
        """What the server looks for from time to time, now."""
        assert isinstance(self.services.runner, EmbeddedRunner)
        await self.services.runner.sweep()

    async def over(self, job_id: str) -> dict[str, Any]:
        """The job in its documented form, once nothing runs in it any more."""
        await self.services.runner.wait_stopped(job_id)
        answer = await self.http.get(f"/operations-manager/jobs/{job_id}")
        return answer.json()["data"]

    async def waiting(self, job_id: str, *task_ids: str) -> None:
        """Return once these tasks of the job wait for a person; each look is a request."""
        while True:
            job = (await self.http.get(f"/operations-manager/jobs/{job_id}")).json()["data"]
            if job is not None:  # a child job may be about to be stored
                assert job["status"] == "running", job.get("error")
                if all(job["tasks"][id]["status"] == "running" for id in task_ids):
                    return
            await self.turn()

    async def job(self, job_id: str) -> Any:
        """The job in its documented form."""
        return (await self.http.get(f"/operations-manager/jobs/{job_id}")).json()["data"]

    async def turn(self) -> None:
        """Let others have their turn: in memory nothing ever waits for anything."""
        await asyncio.sleep(0)

    async def tokens_given(self) -> None:
        """What the server does now and then: jobs of other programs get what they are found by."""
        while await backfill_batch():
            pass

    async def stored_jobs(self) -> int:
        return await self.services.store.database["jobs"].count_documents({})
