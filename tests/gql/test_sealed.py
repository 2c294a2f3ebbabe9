"""Marked secrets at rest: nothing in the database has them in clear, and jobs go on with them after a restart."""

import json
import logging
from base64 import b64encode
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import bson
import httpx
import pytest
from jobyard.gql.app import create_app
from jobyard.models.documents.commands import inbox_entry
from jobyard.models.engine.events import Continued
from jobyard.models.errors import SecretsBroken
from jobyard.models.settings import Settings
from jobyard.models.visibility import SYSTEM
from jobyard.resolvers.jobs import control
from jobyard.resolvers.lifespan import open_services
from jobyard.resolvers.store.keyring import new_key
from jobyard.resolvers.tasks import work as tasks
from jobyard.resolvers.tasks.work import Answer
from pymongo import MongoClient

from ..documents import chain, task
from ..doors import Doors, JumpingClock
from ..endpoints import Asked, Reply, Server, answering

pytestmark = pytest.mark.anyio

SECRETS = {
    "input": "ZZinputZZ-9417",
    "preset": "ZZpresetZZ-5512",
    "literal": "ZZliteralZZ-8804",
    "answer": "ZZanswerZZ-3306",
    "form": "ZZformZZ-1127",
    "later": "ZZlaterZZ-7719",
    "number": 8_812_345_671,
}
FIRST, SECOND = f"k1:{new_key()}", f"k2:{new_key()}"
MASK = "********"


@pytest.fixture
def endpoint() -> Generator[Server]:
    """Repeats what it was asked."""

    def answer(asked: Asked) -> Reply:
        return Reply(json.dumps({"state": "success", "outgoing": {"result": {"said": asked.json}}}).encode())

    with answering(answer) as server:
        yield server


@pytest.fixture
def sealing(kept: Settings, endpoint: Server, tmp_path: Path) -> Settings:
    (tmp_path / "providers.yaml").write_text(f"providers: [{{app: Echo, url: {endpoint.address}}}]")
    return replace(kept, providers=tmp_path / "providers.yaml", secrets_key=FIRST)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncGenerator[Doors]:
    async with open_services(settings, JumpingClock()) as services:
        transport = httpx.ASGITransport(app=create_app(services))
        async with httpx.AsyncClient(transport=transport, base_url="http://jobyard") as http:
            yield Doors(services, http)


def marked(*names: str) -> list[dict[str, str]]:
    return [{"type": "encryption", "pointer": f"/{name}"} for name in names]


def manual(**incoming: Any) -> dict[str, Any]:
    return {**task("ask", app="People", outgoing={"value": "$var.job.answer"}, **incoming), "type": "manual"}


def child_job(**more: Any) -> dict[str, Any]:
    empty = {"task": "", "workflow": "child", "variables": {}, "data_array": "", "transformation": "", "loopType": ""}
    return task("childJob", outgoing={"job_details": "$var.job.details"}, **{**empty, **more})


def story() -> list[dict[str, Any]]:
    """Everything that may take a secret somewhere else, and at its end a task that quotes it."""
    literal = task("merge", data_to_merge=[{"key": "a", "value": SECRETS["literal"]}])
    literal["variables"]["decorators"] = marked("incoming/data_to_merge/0/value")
    echo = {**task("say", app="Echo", pw="$var.job.pw", outgoing={"result": "$var.job.echo"}), "location": "Adapter"}
    pw = {"pw": {"task": "job", "value": "pw"}}
    document = chain(
        "story",
        a1=task("stringConcat", outgoing={"combinedStrings": "$var.job.both"}, str="Bearer ", stringN="$var.job.pw"),
        a2=task("asciiToBase64", outgoing={"response": "$var.job.coded"}, input="$var.job.both"),
        a3=task("toUpperCase", outgoing={"uppercaseString": "$var.job.upper"}, str="$var.job.pw"),
        a4=task("repeat", outgoing={"repeatedString": "$var.job.large"}, str="$var.job.both", count=6000),
        a5=literal,
        a6=task("newVariable", name="preset", value=SECRETS["preset"]),
        a7=task("updateJobDescription", description="$var.job.both"),
        b1=child_job(variables=pw),
        b2=child_job(data_array="$var.job.several", loopType="parallel"),
        b3=child_job(data_array=[{"n": 1}], loopType="sequential"),
        c1=echo,
        d1=manual(shown="$var.job.both"),
        e1=task("delay", time="$var.job.pw"),
        f1=task("stub", delay=0, response=""),
    )
    properties = {"preset2": {"type": "string", "default": SECRETS["preset"]}}
    document |= {"inputSchema": {"type": "object", "properties": properties}}
    names = ("pw", "preset", "preset2", "answer", "several/0/pw", "number", "formData/pw")
    child = chain("child", a1=task("query", query="a", obj={"a": 1}), a2=task("stub", delay=0, response=""))
    return [{**document, "decorators": marked(*names)}, child]


VARIABLES = {
    "pw": SECRETS["input"],
    "number": SECRETS["number"],
    "several": [{"pw": SECRETS["input"]}, {"pw": "open"}],
    "formData": {"pw": SECRETS["form"]},
}


GIVEN = {"pw": SECRETS["form"], "several": []}


async def begin(doors: Doors, *documents: dict[str, Any]) -> str:
    await doors.import_documents(*(documents or story()))
    body = {"workflow": "story", "options": {"variables": VARIABLES, "description": "told"}}
    answer = await doors.start(body, **{"idempotency-key": "once"})
    assert answer.status_code == 200, answer.text
    job: str = answer.json()["data"]["_id"]
    await doors.waiting(job, "d1")
    return job


async def answer(doors: Doors, job: str) -> None:
    given = Answer("success", {"value": SECRETS["answer"]})
    await tasks.finish(doors.services, SYSTEM, job, "d1", given)
    await doors.services.runner.wait_stopped(job)


async def go_on(doors: Doors, job: str) -> dict[str, Any]:
    """Past the task that failed, with another password."""
    await control.continue_job(doors.services, SYSTEM, job, "f1", {"pw": SECRETS["later"]}, dry_run=False)
    return await doors.over(job)


def found_in_clear(client: MongoClient[dict[str, Any]], database: str) -> list[str]:
    """Where any of the secrets stands, also as base64 or hexadecimal digits, in whatever the database has."""
    found: list[str] = []
    for name in client[database].list_collection_names():
        for one in client[database][name].find():
            content = bson.encode(one)
            for which, secret in SECRETS.items():
                spelled = [str(secret).encode()]
                spelled += (
                    [bson.encode({"": secret})[6:-1]] if isinstance(secret, int) else [str(secret).upper().encode()]
                )
                spelled += [b64encode(bytes(n) + spelled[0])[n + 1 : -4] for n in range(3)] + [
                    spelled[0].hex().encode()
                ]
                found += [f"{which} in {name}: {each!r} among {one}"[:3000] for each in spelled if each in content]
    return found


async def test_the_database_has_no_marked_secret_in_clear(
    sealing: Settings, mongodb: MongoClient[dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "jobyard")
    async with opened(sealing) as doors:
        job = await begin(doors)
        assert found_in_clear(mongodb, sealing.database) == []
        await answer(doors, job)
        failed = await doors.job(job)
        assert failed["status"] == "error"
        assert MASK in json.dumps(failed["error"])
        assert found_in_clear(mongodb, sealing.database) == []
        over = await go_on(doors, job)
        assert (over["status"], over["variables"]["pw"], over["variables"]["both"]) == ("complete", MASK, MASK)
        assert over["description"] == MASK
        assert over["variables"]["several"] == [{"pw": MASK}, {"pw": "open"}]
        assert (over["variables"]["coded"], over["variables"]["upper"]) == (MASK, MASK)
        await trigger(doors)
    assert found_in_clear(mongodb, sealing.database) == []
    assert not [one for one in caplog.messages if any(str(secret) in one for secret in SECRETS.values())]


async def trigger(doors: Doors) -> None:
    """A manual trigger that presets the password; it is shown as it was brought."""
    automation = {"name": "by hand", "componentType": "workflows", "componentName": "story"}
    made = await doors.http.post("/operations-manager/automations", json=automation)
    body = {"name": "t", "type": "manual", "actionId": made.json()["data"]["_id"], "formData": GIVEN}
    posted = await doors.http.post("/operations-manager/triggers", json=body)
    assert posted.json()["data"]["formData"] == GIVEN
    again = await doors.http.get("/operations-manager/triggers")
    assert again.json()["data"][0]["formData"] == GIVEN
    id = posted.json()["data"]["_id"]
    started = await doors.http.post(f"/operations-manager/triggers/manual/{id}/run", json={})
    assert started.status_code == 200, started.text
    await doors.waiting(started.json()["data"]["_id"], "d1")


async def test_the_secrets_are_what_the_tasks_get(sealing: Settings, endpoint: Server) -> None:
    async with opened(sealing) as doors:
        job = await begin(doors)
    assert [asked.json["incoming"]["pw"] for asked in endpoint.asked] == [SECRETS["input"]]
    async with opened(sealing) as doors:  # from what is stored
        await doors.sweep()
        await answer(doors, job)
        assert (await go_on(doors, job))["status"] == "complete"
        stored = await doors.services.jobs.find(job, opened=True)
        assert stored is not None
        assert stored["variables"]["pw"] == SECRETS["later"]
        assert stored["variables"]["answer"] == SECRETS["answer"]
        assert stored["variables"]["large"] == f"Bearer {SECRETS['input']}" * 6000


async def test_what_an_operator_asks_is_sealed_in_the_inbox(
    sealing: Settings, mongodb: MongoClient[dict[str, Any]]
) -> None:
    async with opened(sealing) as doors:
        job = await begin(doors)
        entry = inbox_entry("e", Continued("f1", {"pw": SECRETS["later"]}), "somebody")
        await doors.services.jobs.store_command(job, entry, ("running",))
        assert found_in_clear(mongodb, sealing.database) == []
        ((_, (asked,)),) = await doors.services.jobs.inboxes(10)
        assert asked == entry


async def test_another_key_takes_the_place_of_the_first(
    sealing: Settings, mongodb: MongoClient[dict[str, Any]]
) -> None:
    async with opened(sealing) as doors:
        await doors.import_documents(*story())
        await trigger(doors)
        job = await begin(doors)
    both = replace(sealing, secrets_key=f"{SECOND},{FIRST}")
    async with opened(both) as doors:
        batches = [await rotate(doors, 2)]
        assert batches[0]["left"] > 5
        while batches[-1]["left"]:
            batches.append(await rotate(doors, 50))
            assert batches[-1]["done"], batches
        assert batches[-1] == {"done": batches[-1]["done"], "left": 0, "missing": []}
        assert found_in_clear(mongodb, sealing.database) == []
        everything = bson.encode({"": [one for each in all_of(mongodb, sealing.database) for one in each]})
        assert (b":k1:" in everything, b":k2:" in everything) == (False, True)
    async with opened(replace(sealing, secrets_key=SECOND)) as doors:
        assert await ready(doors) == "ok"
        await doors.sweep()
        await answer(doors, job)
        assert (await go_on(doors, job))["status"] == "complete"
        stored = await doors.services.jobs.find(job, opened=True)
        assert stored is not None
        assert stored["variables"]["large"] == f"Bearer {SECRETS['input']}" * 6000


LARGE = f"{SECRETS['input']} " * 700_000  # more than one document may have


async def test_a_secret_that_needs_a_file_is_sealed_whole_and_another_key_leaves_the_file_alone(
    sealing: Settings, mongodb: MongoClient[dict[str, Any]]
) -> None:
    document = chain("large", d1=manual(shown="$var.job.pw")) | {"decorators": marked("pw", "answer")}
    database = mongodb[sealing.database]
    async with opened(sealing) as doors:
        await doors.import_documents(document)
        started = await doors.start({"workflow": "large", "options": {"variables": {"pw": LARGE}}})
        job: str = started.json()["data"]["_id"]
        await doors.waiting(job, "d1")
        assert (await doors.job(job))["variables"]["pw"] == MASK
    (file,) = database["job_data.files"].find()
    chunks = list(database["job_data.chunks"].find())
    assert file["metadata"]["sealed_by"] == ["k1"]
    assert sum(len(one["data"]) for one in chunks) > len(LARGE)
    assert found_in_clear(mongodb, sealing.database) == []
    async with opened(replace(sealing, secrets_key=f"{SECOND},{FIRST}")) as doors:
        while (batch := await rotate(doors, 50))["left"]:
            assert batch["done"]
    (file,) = database["job_data.files"].find()
    assert file["metadata"]["sealed_by"] == ["k2"]
    assert list(database["job_data.chunks"].find()) == chunks
    async with opened(replace(sealing, secrets_key=SECOND)) as doors:
        await doors.sweep()
        stored = await doors.services.jobs.find(job, opened=True)
        assert stored is not None
        assert stored["variables"]["pw"] == LARGE
        await answer(doors, job)
        over = await doors.over(job)
        assert (over["status"], over["variables"]["pw"], over["variables"]["answer"]) == ("complete", MASK, MASK)
        assert found_in_clear(mongodb, sealing.database) == []


async def ready(doors: Doors) -> str:
    """What /readyz says once the server hears of what others store."""
    while (said := (await doors.http.get("/readyz")).text) == "change stream":
        await doors.turn()
    return said


async def rotate(doors: Doors, most: int) -> dict[str, Any]:
    query = "mutation($most: Int!) { rotateSecrets(most: $most) { done left missing } }"
    answer = await doors.graphql(query, most=most)
    return answer["data"]["rotateSecrets"]


def all_of(client: MongoClient[dict[str, Any]], database: str) -> list[list[dict[str, Any]]]:
    return [list(client[database][name].find()) for name in client[database].list_collection_names()]


@pytest.mark.parametrize("keys", [None, SECOND], ids=["no key", "another key"])
async def test_without_its_key_a_job_waits_and_others_go_on(
    sealing: Settings, keys: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(sealing) as doors:
        job = await begin(doors)
    caplog.set_level(logging.INFO, "jobyard")
    async with opened(replace(sealing, secrets_key=keys)) as doors:
        assert await ready(doors) == "secrets key k1 missing"
        assert "sealed by the key 'k1', which is not here" in caplog.text
        assert caplog.text.count("are masked, and stored as they are") == (keys is None)
        await doors.sweep()
        shown = await doors.job(job)
        assert (shown["status"], shown["variables"]["pw"], shown["variables"]["large"]) == ("running", MASK, MASK)
        iterations = (await doors.http.get("/operations-manager/tasks")).json()["data"]
        assert not [one for one in iterations if "$sealed" in json.dumps(one)]
        refused = await doors.http.post("/operations-manager/jobs/cancel", json={"jobIds": [job]})
        assert "sealed by the key 'k1'" in refused.text
        await doors.import_documents(chain("other", a1=task("query", query="a", obj={"a": 1})))
        answered = (await doors.start({"workflow": "other", "options": {}})).json()
        other = answered["data"]["_id"]
        assert (await doors.over(other))["status"] == "complete"
        started = await doors.start({"workflow": "story", "options": {"variables": VARIABLES}})
        assert (started.status_code, "by the key 'k1'" in started.text) == (503, True)
        assert "Traceback" not in caplog.text
    async with opened(sealing) as doors:
        await doors.sweep()
        await answer(doors, job)
        assert (await go_on(doors, job))["status"] == "complete"


async def test_a_key_that_is_lost_leaves_masks_and_the_job_goes_on(sealing: Settings) -> None:
    async with opened(sealing) as doors:
        job = await begin(doors)
    async with opened(replace(sealing, secrets_key=f"{SECOND},k1:lost")) as doors:
        assert await ready(doors) == "ok"
        await doors.import_documents(*story())
        await doors.sweep()
        assert (await doors.job(job)).get("error") is None
        await control.command(doors.services, SYSTEM, job, control.CANCEL)
        assert (await doors.over(job))["status"] == "canceled"


async def test_what_is_sealed_opens_in_no_other_job(
    sealing: Settings, mongodb: MongoClient[dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    jobs = mongodb[sealing.database]["jobs"]
    async with opened(sealing) as doors:
        job = await begin(doors)
        other = (await doors.start({"workflow": "story", "options": {"variables": VARIABLES}})).json()["data"]["_id"]
        await doors.waiting(other, "d1")
    mine = jobs.find_one({"_id": job})
    assert mine is not None
    jobs.update_one({"_id": other}, {"$set": {"variables.pw": mine["variables"]["pw"]}})
    async with opened(sealing) as doors:
        await doors.sweep()
        with pytest.raises(SecretsBroken, match=f"Secrets of job {other} do not open with the key 'k1'"):
            await doors.services.jobs.find(other, opened=True)
        await answer(doors, job)
        assert (await go_on(doors, job))["status"] == "complete"
