"""More starts than the server takes: each one is a job or a clean refusal, and nothing is started for nobody."""

import asyncio
import json
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from jobyard.gql.app import create_app
from jobyard.models.settings import Settings
from jobyard.resolvers.jobs.admission import Arrival, Place
from starlette.types import Message, Scope

from ..documents import chain, task
from ..doors import Doors
from ..servers import graphql, import_documents, serving

SECONDS = 60
AT_ONCE = 60
TRIGGERS = "/operations-manager/triggers"
W = chain("w", a1=task("newVariable", outgoing={"value": None}, name="before", value="kept"))
BODY = {"workflow": "w", "options": {}}
OPERATION = 'mutation { a: startJob(workflow: "w", options: {}) { id } b: startJob(workflow: "w", options: {}) { id } }'
WAYS = [("/operations-manager/jobs/start", BODY), ("/graphql", {"query": OPERATION})]


@pytest.fixture
def settings() -> Settings:
    return Settings(memory=True, open=True, host="jobyard", starts_at_once=1, starts_waiting=1)


@pytest.fixture
async def place(doors: Doors) -> Place:
    """The only place of the server behind the doors."""
    await doors.import_documents(W)
    return await doors.services.admission.acquire_place(Arrival())


@pytest.fixture
def held(doors: Doors, place: Place) -> Doors:
    """Doors of a server whose only place is taken."""
    return doors


def in_chunks(body: Any) -> AsyncGenerator[bytes]:
    """Without a length, so that it is not known to be small."""

    async def chunks() -> AsyncGenerator[bytes]:
        yield json.dumps(body).encode()

    return chunks()


async def trigger(doors: Doors, **more: Any) -> str:
    made = await doors.http.post(
        "/operations-manager/automations",
        json={"name": more["name"], "componentName": "w", "componentType": "workflows"},
    )
    body = {"actionId": made.json()["data"]["_id"], "enabled": True, **more}
    answer = await doors.http.post(TRIGGERS, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]["_id"]


@pytest.mark.anyio
@pytest.mark.parametrize("chunked", [False, True])
async def test_every_way_to_start_a_job_is_refused_with_503_when_the_queue_is_full(held: Doors, chunked: bool) -> None:
    manual = await trigger(held, name="by hand", type="manual", formData={})
    await trigger(held, name="by route", type="endpoint", routeName="here", verb="POST", schema={"type": "object"})
    waiting = asyncio.create_task(held.start(BODY))
    while not held.services.admission.waiting:
        await held.turn()
    for path, body in [
        ("/operations-manager/jobs/start", BODY),
        ("/operations_manager//jobs/start/", BODY),
        ("/workflow_engine/startJobWithOptions/w", {}),
        (f"{TRIGGERS}/manual/{manual}/run", {}),
        (f"{TRIGGERS}/endpoint/here", {}),
    ]:
        content = in_chunks(body) if chunked else json.dumps(body)
        answer = await held.http.post(path, content=content, headers={"content-type": "application/json"})
        assert answer.status_code == 503, (path, answer.text)
        assert answer.headers["retry-after"] == "2"
        assert answer.json()["metadata"] == {"code": "OVERLOADED", "retryAfter": 2}
    content = in_chunks({"query": OPERATION}) if chunked else json.dumps({"query": OPERATION})
    answer = await held.http.post("/graphql", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == (200 if chunked else 503)
    assert {error["extensions"]["code"] for error in answer.json()["errors"]} == {"OVERLOADED"}
    assert {error["extensions"]["retryAfter"] for error in answer.json()["errors"]} == {2}
    assert await held.stored_jobs() == 0
    assert (await held.http.get("/version")).status_code == 200
    assert (await held.graphql("{ jobs { totalCount } }")) == {"data": {"jobs": {"totalCount": 0}}}
    waiting.cancel()


@pytest.mark.anyio
async def test_a_start_waits_for_a_place_and_gives_it_back_whatever_comes_of_it(held: Doors, place: Place) -> None:
    waiting = asyncio.create_task(held.start({"workflow": "missing", "options": {}}))
    while not held.services.admission.waiting:
        await held.turn()
    place.release()
    assert (await asyncio.wait_for(waiting, SECONDS)).status_code == 404
    for _ in range(3):
        answer = await asyncio.wait_for(held.start(BODY), SECONDS)
        assert answer.status_code == 200
        assert (await held.over(answer.json()["data"]["_id"]))["status"] == "complete"


@pytest.mark.anyio
async def test_a_request_with_several_starts_is_taken_on_as_a_whole(held: Doors, place: Place) -> None:
    asking = asyncio.create_task(held.graphql(OPERATION))
    while not held.services.admission.waiting:
        await held.turn()
    other = asyncio.create_task(held.start(BODY))
    place.release()
    (answer, _) = await asyncio.wait_for(asyncio.gather(asking, other), SECONDS)
    assert set(answer["data"]) == {"a", "b"}


class Caller:
    """Sends one request to the application itself, and hangs up when it is told to."""

    def __init__(self, doors: Doors, path: str, body: Any) -> None:
        self._app = create_app(doors.services)
        self._body: bytes | None = json.dumps(body).encode()
        self.hangs_up = asyncio.Event()
        self.answer: list[Message] = []
        self._scope: Scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(b"host", b"jobyard"), (b"content-length", str(len(self._body or b"")).encode())],
            "client": ("127.0.0.1", 1),
            "server": ("jobyard", 80),
        }

    async def asks(self) -> None:
        await self._app(self._scope, self._receive, self._send)

    async def _receive(self) -> Message:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self.hangs_up.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.answer.append(message)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("path", "body"), [("/operations-manager/jobs/start", BODY), ("/graphql", {"query": OPERATION})]
)
async def test_a_start_whose_caller_hangs_up_in_the_queue_is_none(held: Doors, path: str, body: Any) -> None:
    caller = Caller(held, path, body)
    asking = asyncio.create_task(caller.asks())
    while not held.services.admission.waiting:
        await held.turn()
    caller.hangs_up.set()
    await asyncio.wait_for(asking, SECONDS)
    assert caller.answer == []
    assert not held.services.admission.waiting
    assert await held.stored_jobs() == 0


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("path", "body"), [("/operations-manager/jobs/start", BODY), ("/graphql", {"query": OPERATION})]
)
async def test_a_start_whose_caller_hangs_up_as_it_gets_its_place_is_none(
    held: Doors, place: Place, path: str, body: Any
) -> None:
    caller = Caller(held, path, body)
    asking = asyncio.create_task(caller.asks())
    while not held.services.admission.waiting:
        await held.turn()
    caller.hangs_up.set()
    place.release()
    await asyncio.wait_for(asking, SECONDS)
    assert await held.stored_jobs() == 0
    answer = await asyncio.wait_for(held.start(BODY), SECONDS)  # its place is free again
    assert answer.status_code == 200


@pytest.mark.anyio
async def test_a_place_that_comes_to_a_request_as_it_is_canceled_is_not_lost(held: Doors, place: Place) -> None:
    asking = asyncio.create_task(Caller(held, *WAYS[0]).asks())
    while not held.services.admission.waiting:
        await held.turn()
    place.release()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert (await asyncio.wait_for(held.start(BODY), SECONDS)).status_code == 200
    assert await held.stored_jobs() == 1


def test_of_many_starts_at_once_each_is_an_acknowledged_job_or_a_clean_refusal(
    mongodb_uri: str, new_database: str
) -> None:
    environment: dict[str, Any] = {
        "MONGODB_URI": mongodb_uri,
        "JOBYARD_DATABASE": new_database,
        "JOBYARD_STARTS_AT_ONCE": "1",
        "JOBYARD_STARTS_WAITING": "5",
    }
    with serving(**environment) as server, ThreadPoolExecutor(AT_ONCE) as pool:
        import_documents(server, W)

        def start(number: int) -> list[str]:
            """The ids that came back."""
            path, body = ("/operations-manager/jobs/start", BODY) if number % 2 else ("/graphql", {"query": OPERATION})
            answer = httpx.post(f"{server.address}{path}", json=body, timeout=SECONDS)
            said = answer.json()
            if answer.status_code == 503:
                assert answer.headers["retry-after"] == "2"
                codes = [said["metadata"]] if number % 2 else [error["extensions"] for error in said["errors"]]
                assert codes == [{"code": "OVERLOADED", "retryAfter": 2}]
                return []
            assert answer.status_code == 200
            return [said["data"]["_id"]] if number % 2 else [one["id"] for one in said["data"].values()]

        answers = list(pool.map(start, range(AT_ONCE)))
        stored = graphql(server, "{ jobs { totalCount } }")["jobs"]["totalCount"]
    assert [] in answers  # it was too much
    assert any(answers)
    assert stored == sum(map(len, answers))
