"""What monitoring reads: every metric moves with what it counts, and is on its page and on the dashboard."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from jobyard.models.settings import Settings
from jobyard.resolvers.server import prometheus
from prometheus_client.parser import text_string_to_metric_families

from ..documents import chain, task
from ..doors import Doors
from ..endpoints import answering, replying
from ..parts import ROOT
from ..servers import Server, serving

pytestmark = pytest.mark.anyio

ADD = chain("w", a1=task("newVariable", name="x", value=1))
FAIL = chain("f", a1=task("sort", arr="no array"))
PERSON = chain("p", a1=task("ViewData", type="x"))


def read(text: str) -> dict[str, float]:
    """Every sample, by its name and labels as they are written."""
    return {
        sample.name + (json.dumps(sample.labels, sort_keys=True) if sample.labels else ""): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def samples(doors: Doors) -> dict[str, float]:
    answer = await doors.http.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return read(answer.text)


async def grown(doors: Doors, before: dict[str, float], name: str, **labels: str) -> float:
    key = name + (json.dumps(labels, sort_keys=True) if labels else "")
    return (await samples(doors)).get(key, 0) - before.get(key, 0)


async def run(doors: Doors, name: str) -> None:
    job = (await doors.start({"workflow": name, "options": {}})).json()["data"]["_id"]
    await doors.over(job)


async def test_starts_and_ends_are_counted_by_who_and_how(doors: Doors) -> None:
    await doors.import_documents(ADD, FAIL)
    before = await samples(doors)
    await run(doors, "w")
    await run(doors, "f")
    assert await grown(doors, before, "jobyard_job_starts_total", by="caller") == 2
    assert await grown(doors, before, "jobyard_job_ends_total", outcome="complete") == 1
    assert await grown(doors, before, "jobyard_job_ends_total", outcome="error") == 1
    assert await grown(doors, before, "jobyard_job_seconds_count") == 2
    assert await grown(doors, before, "jobyard_task_errors_total") == 1


async def test_what_is_refused_is_counted_by_its_code(doors: Doors) -> None:
    before = await samples(doors)
    await doors.start({"workflow": "none", "options": {}})
    await doors.graphql("{ nothing }")
    assert await grown(doors, before, "jobyard_starts_refused_total", code="WORKFLOW_NOT_FOUND") == 1
    labels = {"field": "startJob", "code": "WORKFLOW_NOT_FOUND"}
    assert await grown(doors, before, "jobyard_graphql_operations_total", **labels) == 1
    refused = {"field": "refused", "code": "GRAPHQL_REFUSED"}
    assert await grown(doors, before, "jobyard_graphql_operations_total", **refused) == 1
    assert await grown(doors, before, "jobyard_http_requests_total", method="POST", status="404") == 1


async def test_a_name_of_a_caller_is_no_label(doors: Doors) -> None:
    await doors.graphql("query Mine { mine: viewer { username } }")
    await doors.http.request("ODD", "/healthz")
    text = (await doors.http.get("/metrics")).text
    assert "Mine" not in text and "mine" not in text and "ODD" not in text
    assert 'jobyard_graphql_operations_total{code="OK",field="viewer"}' in text


async def test_a_call_of_restcall_is_counted_under_one_name(doors: Doors) -> None:
    before = await samples(doors)
    with answering(replying({})) as server:
        call = task(
            "restCall", uri=server.address, verb="GET", **dict.fromkeys(("user", "password", "headers", "body"), "")
        )
        await doors.import_documents(chain("r", a1=call))
        await run(doors, "r")
    calls = {
        key: value for key, value in (await samples(doors)).items() if key.startswith("jobyard_provider_calls_total")
    }
    new = {key: value - before.get(key, 0) for key, value in calls.items() if value != before.get(key, 0)}
    assert [json.loads(key.removeprefix("jobyard_provider_calls_total"))["endpoint"] for key in new] == ["restCall"]
    assert await grown(doors, before, "jobyard_provider_seconds_count", endpoint="restCall") == 1


async def test_jobs_are_counted_in_the_database_once_in_a_while(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    await doors.import_documents(ADD)
    key = 'jobyard_jobs{"status": "complete"}'
    assert (await samples(doors))[key] == 0
    await run(doors, "w")
    assert (await samples(doors))[key] == 0
    doors.services.clock.at += prometheus.FRESH_SECONDS * 1000  # type: ignore[attr-defined]
    assert (await samples(doors))[key] == 1
    doors.services.pulse._there.clear()  # type: ignore[attr-defined]
    doors.services.clock.at += prometheus.FRESH_SECONDS * 1000  # type: ignore[attr-defined]
    away = read(await prometheus.metrics(doors.services))
    assert (key in away, away["jobyard_database_up"]) == (False, 0)


class TestClosed:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(memory=True, admin_password="right enough")

    async def test_metrics_are_for_those_who_are_signed_in(self, doors: Doors) -> None:
        before = read(await prometheus.metrics(doors.services))
        assert (await doors.http.get("/metrics")).status_code == 401
        await doors.http.post("/login", json={"user": {"username": "admin", "password": "wrong"}})
        answer = await doors.http.get("/metrics", auth=("admin", "right enough"))
        key = 'jobyard_sign_ins_failed_total{"code": "SIGN_IN_REFUSED"}'
        assert (answer.status_code, read(answer.text)[key] - before.get(key, 0)) == (200, 1)


def test_a_server_counts_its_database_its_advances_and_what_waits(tmp_path: Path) -> None:
    with serving("--examples", "--data", str(tmp_path)) as server:
        started = httpx.post(
            f"{server.address}/operations-manager/jobs/start",
            json={"workflow": "Ask before a change", "options": {"variables": {"change": "Reload edge-1"}}},
            timeout=30,
        )
        assert started.status_code == 200, started.text
        found = until(server, lambda found: found["jobyard_group_commit_waiting"] == 0)
        assert found['jobyard_database_commands_total{"command": "insert"}'] >= 1
        assert found["jobyard_database_seconds_count"] >= 1
        assert found["jobyard_leases"] == found['jobyard_jobs_here{"state": "running"}'] == 1
        assert (found["jobyard_database_up"], found["jobyard_workers_active"]) == (1, 1)
        assert (found["jobyard_oldest_due_seconds"], found["jobyard_group_commit_waiting"]) == (0, 0)
        assert found["process_resident_memory_bytes"] > 2**20
        until(server, lambda found: found["jobyard_sweep_seconds_count"] >= 1)


def until(server: Server, holds: Callable[[dict[str, float]], bool]) -> dict[str, float]:
    """The samples once it is so; each look is a request, and the test's own limit ends them."""
    while True:
        found = read(httpx.get(f"{server.address}/metrics", timeout=30).text)
        if holds(found):
            return found


async def test_the_page_has_every_metric_with_its_labels(doors: Doors) -> None:
    """Both ways: what a server tells, and what docs/metrics.md says of it."""
    text = (await doors.http.get("/metrics")).text
    told = dict(re.findall(r"^# TYPE (\w+) (\w+)$", text, re.MULTILINE))
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \|([^|]*)\|", (ROOT / "docs/metrics.md").read_text(), re.MULTILINE)
    assert {name: kind for name, kind, _ in rows} == told
    labels: dict[str, set[str]] = {name: set() for name in told}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            name = next(one for one in (sample.name, family.name, f"{family.name}_total") if one in told)
            labels[name] |= sample.labels.keys() - {"le"}
    written = {name: set(re.findall(r"`(\w+)`", cell)) for name, _, cell in rows}
    assert {name: found for name, found in labels.items() if not found <= written[name]} == {}


def test_the_dashboard_shows_what_there_is_and_all_of_it() -> None:
    dashboard: dict[str, Any] = json.loads((ROOT / "deploy/grafana-dashboard.json").read_text())
    asked = " ".join(one["expr"] for panel in dashboard["panels"] for one in panel["targets"])
    used = {re.sub(r"_bucket$", "", name) for name in re.findall(r"\b(?:jobyard|process)_\w+", asked)}
    written = set(re.findall(r"^\| `(\w+)`", (ROOT / "docs/metrics.md").read_text(), re.MULTILINE))
    assert used <= written
    assert {name for name in written - used if name.startswith("jobyard_")} == set()
