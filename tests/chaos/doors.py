"""The requests of the load, over either API, to one server after the other."""

from collections.abc import Sequence
from itertools import cycle
from typing import Any, Literal

import httpx

from .record import Start
from .workflows import PERSON, WORKFLOWS

Api = Literal["graphql", "rest"]
APIS: tuple[Api, ...] = ("graphql", "rest")
PATIENCE = 15.0  # seconds that a caller waits for an answer
CURSOR_LOST = "CURSOR_LOST"

START = """
mutation($workflow: String!, $options: StartJobOptions!, $key: String) {
  startJob(workflow: $workflow, options: $options, idempotencyKey: $key) { id }
}
"""
FINISH = """
mutation($job: ID!, $task: ID!, $variables: JSON) {
  finishTask(jobId: $job, taskId: $task, finishState: SUCCESS, variables: $variables) { id }
}
"""
IMPORT = "mutation($d: [JSON!]!) { importWorkflows(documents: $d) { skipped { reason } } }"


class Unacknowledged(Exception):
    """No answer, or a refusal: `reason` is its code, or the name of what happened to the connection."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Doors:
    def __init__(self, http: httpx.AsyncClient, addresses: Sequence[str]) -> None:
        self.http = http
        self._turn = cycle(addresses)

    def address(self) -> str:
        """Whose turn it is: a caller that got no answer comes to another server next."""
        return next(self._turn)

    async def bring_workflows(self) -> None:
        assert await self._graphql(IMPORT, d=list(WORKFLOWS)) == {"importWorkflows": {"skipped": []}}

    async def start(self, api: Api, start: Start, variables: dict[str, Any], key: str | None) -> str:
        """The id of the job, once it is acknowledged."""
        options = {"variables": variables}
        if api == "graphql":
            answer = await self._graphql(START, workflow=start.workflow, options=options, key=key)
            return answer["startJob"]["id"]
        headers = {"idempotency-key": key} if key else {}
        body = {"workflow": start.workflow, "options": options}
        return (await self._post("/operations-manager/jobs/start", body, headers))["data"]["_id"]

    async def finish(self, api: Api, job_id: str, value: str) -> None:
        """Return once the person's answer is acknowledged."""
        if api == "graphql":
            await self._graphql(FINISH, job=job_id, task=PERSON, variables={"answer": value})
        else:
            body = {"taskData": {"finish_state": "success", "variables": {"answer": value}}}
            await self._post(f"/operations-manager/jobs/{job_id}/tasks/{PERSON}/finish", body, {})

    async def _graphql(self, query: str, **variables: Any) -> Any:
        answer = await self._post("/graphql", {"query": query, "variables": variables}, {"accept": "application/json"})
        if "errors" in answer:
            raise Unacknowledged(code_of(answer["errors"][0].get("extensions")))
        return answer["data"]

    async def _post(self, path: str, body: Any, headers: dict[str, str]) -> Any:
        try:
            answer = await self.http.post(f"{self.address()}{path}", json=body, headers=headers)
        except httpx.TransportError as fault:
            raise Unacknowledged(type(fault).__name__) from fault
        if answer.status_code != 200:
            known: Any = answer.json() if answer.headers.get("content-type", "").startswith("application/json") else {}
            raise Unacknowledged(f"{answer.status_code} {code_of(known.get('metadata'))}")
        return answer.json()


def code_of(facts: Any) -> str:
    return str(facts.get("code", "without a code")) if isinstance(facts, dict) else "without a code"
