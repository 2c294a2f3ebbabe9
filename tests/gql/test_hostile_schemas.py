"""JSON schemas that would search, unfold or compare for ever: refused in time, while others are answered."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

import httpx
import pytest
from jobyard.models.settings import Settings
from jobyard.resolvers.templating import schema_checks
from jobyard.resolvers.templating.workers import Limits, Workers

from ..documents import chain, task
from ..doors import Doors
from ..servers import graphql, import_documents, serving

SEARCHES = "a" * 28 + "!"  # 10 s for ^(a+)+$ in the library's own search, and each further letter doubles it
LONGEST_WAIT = 4  # s; on a machine that is busy with other tests. Without limits it is ten, or without an end

_Answer = TypeVar("_Answer")


def doubled(word: str, last: dict[str, Any]) -> dict[str, Any]:
    """As x: each definition refers to the next one twice."""
    twice = {f"d{at}": {word: [{"$ref": f"#/definitions/d{at + 1}"}] * 2} for at in range(40)}
    return {"properties": {"x": {"$ref": "#/definitions/d0"}}, "definitions": {**twice, "d40": last}}


def of_another_draft(part: dict[str, Any]) -> dict[str, Any]:
    return {"properties": {"x": {"$schema": "https://json-schema.org/draft/2020-12/schema", **part}}}


HOSTILE = {
    "pattern of another draft": (of_another_draft({"pattern": "^(a+)+$"}), SEARCHES),
    "unevaluatedProperties": (
        of_another_draft({"patternProperties": {"^(a+)+$": {}}, "unevaluatedProperties": False}),
        {SEARCHES: 1},
    ),
    "anyOf": (doubled("anyOf", {"type": "string"}), 1),
    "allOf": (doubled("allOf", {}), 1),
    "enum": (
        {"properties": {"x": {"items": {"not": {"enum": [{"a": at} for at in range(2000)]}}}}},
        [{"a": -1}] * 10_000,
    ),
    "patternProperties": (
        {"properties": {"x": {"patternProperties": {f"^k{at}x": {} for at in range(300)}}}},
        {f"name{at}": 1 for at in range(20_000)},
    ),
}


@pytest.fixture(autouse=True)
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Less patience, so that the tests end sooner."""
    monkeypatch.setattr(schema_checks, "LIMITS", Limits(cpu_seconds=1, seconds=30, memory=256 * 2**20))


async def while_others_are_answered(doors: Doors, work: Awaitable[_Answer]) -> _Answer:
    """What comes of it; nobody else may wait for longer than LONGEST_WAIT meanwhile."""
    begun = asyncio.ensure_future(work)
    waits: list[float] = []
    while not begun.done():
        asked = monotonic()
        assert (await doors.http.post("/graphql", json={"query": "{ __typename }"})).status_code == 200
        await doors.turn()
        waits.append(monotonic() - asked)
    assert len(waits) > 3
    assert max(waits) < LONGEST_WAIT
    return await begun


def workflow(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {**chain(name, a1=task("delay", time=0)), "inputSchema": schema}


def starting(name: str, x: Any) -> dict[str, Any]:
    return {"workflow": name, "options": {"variables": {"x": x}}}


@pytest.mark.anyio
@pytest.mark.parametrize("name", HOSTILE)
async def test_a_start_is_refused_within_limits(doors: Doors, name: str) -> None:
    schema, value = HOSTILE[name]
    await doors.import_documents(workflow("w", schema))
    answer = await while_others_are_answered(doors, doors.start(starting("w", value)))
    assert answer.status_code == 422
    message = answer.json()["message"]
    assert "cannot be applied: Checking this value " in message
    assert "1 s of the processor" in message or "256 MB of memory" in message or "more than 5 s" in message
    assert await doors.stored_jobs() == 0
    await doors.import_documents(workflow("fine", {"properties": {"x": {"pattern": "^a"}}}))
    assert (await doors.start(starting("fine", "abc"))).status_code == 200


@pytest.mark.anyio
async def test_additional_properties_search_as_pattern_properties_do(doors: Doors) -> None:
    part = {"patternProperties": {"^(a+)+$": {}}, "additionalProperties": False}
    await doors.import_documents(workflow("w", {"type": "object", "properties": {"x": part}}))
    refused = await doors.start(starting("w", {"a" * 40 + "!": 1}))
    assert refused.json()["message"].endswith(f"/x '{'a' * 40}!' does not match any of the regexes: '^(a+)+$'.")
    assert (await doors.start(starting("w", {"aaa": 1}))).status_code == 200


@pytest.mark.anyio
@pytest.mark.parametrize("name", ["pattern of another draft", "anyOf", "enum"])
async def test_a_task_ends_in_error_within_limits(doors: Doors, name: str) -> None:
    schema, value = HOSTILE[name]
    validating = task("validateJsonSchema", jsonData="$var.job.v", schema=schema)
    await doors.import_documents(chain("w", a1=validating))

    async def run() -> dict[str, Any]:
        answer = await doors.start({"workflow": "w", "options": {"variables": {"v": {"x": value}}}})
        return await doors.over(answer.json()["data"]["_id"])

    job = await while_others_are_answered(doors, run())
    assert job["status"] == "error"
    assert job["error"][0]["message"].startswith("'schema' cannot be applied: Checking this value ")


def calling(x: Any, seconds: int = 0) -> dict[str, Any]:
    given = {"task": "", "workflow": "child", "variables": {"x": x}, "data_array": "", "transformation": ""}
    return chain("parent", a1=task("delay", time=seconds), b2=task("childJob", **given, loopType=""))


@pytest.mark.anyio
async def test_a_child_job_is_refused_within_limits(doors: Doors) -> None:
    schema, value = HOSTILE["pattern of another draft"]
    await doors.import_documents(workflow("child", schema), calling(value))

    async def run() -> dict[str, Any]:
        answer = await doors.start({"workflow": "parent", "options": {}})
        return await doors.over(answer.json()["data"]["_id"])

    job = await while_others_are_answered(doors, run())
    assert job["status"] == "error"
    assert "took longer than 1 s of the processor" in job["error"][0]["message"]


def many_keys(number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A schema that is checked in a process for its patterns over so many keys, and a value."""
    return {"properties": {"x": {"patternProperties": {f"^k{number}": {}}}}}, {f"name{at}": 1 for at in range(3000)}


async def done_in_order(doors: Doors, *starts: tuple[str, Any]) -> list[str]:
    """The names of the workflows in the order in which their starts are answered, all sent at once in that of
    `starts`.
    """
    order: list[str] = []

    async def send(name: str, x: Any) -> None:
        await doors.start(starting(name, x))
        order.append(name)

    await asyncio.gather(*(send(*one) for one in starts))
    return order


@pytest.mark.anyio
async def test_schemas_that_take_for_ever_hold_up_nobody_whose_schema_is_quick(doors: Doors) -> None:
    schema, value = HOSTILE["pattern of another draft"]
    hostile = [(f"w{at}", value) for at in range(5)]
    fine, honest = many_keys(0)
    await doors.import_documents(*(workflow(name, {**schema, "title": name}) for name, _ in hostile))
    await doors.import_documents(workflow("fine", fine))
    order = await done_in_order(doors, *hostile, ("fine", honest))
    assert order.index("fine") < 3


@pytest.mark.anyio
async def test_what_took_too_long_is_refused_at_once_when_it_comes_again(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema, value = HOSTILE["pattern of another draft"]
    await doors.import_documents(workflow("w", schema))
    first = await doors.start(starting("w", value))

    async def no_process(workers: Workers, frame: bytes, seconds: float = 0) -> Any:
        raise AssertionError("a process is asked again")

    monkeypatch.setattr(Workers, "ask_framed", no_process)
    again = await doors.start(starting("w", value))
    assert (again.status_code, again.json()["message"]) == (422, first.json()["message"])


class TestWithOnePlace:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, starts_at_once=1)

    @pytest.mark.anyio
    async def test_a_start_whose_check_takes_long_keeps_no_place(self, doors: Doors) -> None:
        schema, value = HOSTILE["pattern of another draft"]
        await doors.import_documents(workflow("w", schema), workflow("fine", {}))
        assert await done_in_order(doors, ("w", value), ("fine", 1)) == ["fine", "w"]
        assert await done_in_order(doors, ("fine", 1), ("fine", 2)) == ["fine", "fine"]


def test_a_server_that_takes_such_a_job_over_goes_on(tmp_path: Path) -> None:
    schema, value = HOSTILE["pattern of another draft"]
    with serving("--data", str(tmp_path)) as first:
        import_documents(first, workflow("child", schema), calling(value * 2, seconds=1))
        job = graphql(first, 'mutation { startJob(workflow: "parent", options: {}) { id } }')["startJob"]["id"]
        first.kill()
    with serving("--data", str(tmp_path)) as second, httpx.Client(base_url=second.address, timeout=10) as http:
        status, until = "running", monotonic() + 120
        while status == "running":
            assert monotonic() < until
            found = http.get(f"/operations-manager/jobs/{job}").json()["data"]
            status = found["status"]
        assert status == "error"
        assert "took longer than 2 s of the processor" in found["error"][0]["message"]


@pytest.mark.anyio
@pytest.mark.parametrize(("divisor", "value"), [(0, 5), (0.0, 5), (0, 1.5), (False, 5)])
async def test_a_keyword_that_cannot_be_computed_is_a_fault_of_the_schema(
    doors: Doors, divisor: Any, value: Any
) -> None:
    await doors.import_documents(workflow("odd", {"properties": {"x": {"multipleOf": divisor}}}))
    answer = await doors.start(starting("odd", value))
    assert answer.status_code == 422
    assert "the workflow's inputSchema cannot be applied" in answer.json()["message"]
