"""Traces: a job is one tree of spans, wherever it runs; without a collector nothing of it is there."""

import json
import logging
import sys
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from jobyard.models.settings import SettingRefused, Settings
from jobyard.resolvers import trace_export
from jobyard.resolvers.metrics import SPANS
from jobyard.resolvers.trace_opening import open_traces
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from .. import endpoints, processes
from ..documents import chain, task
from ..log_lines import collected
from ..parts import ROOT
from ..servers import Server, graphql, import_documents, serving
from ..subscribers import over_sse

SECRET = "a-value-that-no-trace-shows"
TRACE, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
SECONDS = 30
FINISH = 'mutation($j: ID!) { finishTask(jobId: $j, taskId: "b2", finishState: SUCCESS) { id } }'
LOST = 'jobyard_trace_spans_total{outcome="lost"}'
CHANGES = "subscription($j: ID!) { jobChanged(id: $j) { status } }"


@dataclass(frozen=True)
class Told:
    """A span as the collector gets it."""

    trace: str
    id: str
    parent: str
    name: str
    server: str
    attributes: dict[str, str]
    failed: str


class Collector:
    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self._came = threading.Condition()

    def answer(self, asked: endpoints.Asked) -> endpoints.Reply:
        assert asked.path == "/v1/traces"
        with self._came:
            self.bodies.append(asked.body)
            self._came.notify_all()
        return endpoints.Reply()

    @property
    def spans(self) -> list[Told]:
        return [span for body in self.bodies for span in _spans_of(body)]

    def wait(self, name: str) -> None:
        """Until a span of this name has come."""
        with self._came:
            assert self._came.wait_for(lambda: any(one.name == name for one in self.spans), SECONDS), self.spans


def _spans_of(body: bytes) -> Generator[Told]:
    for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
        facts = {one.key: one.value.string_value for one in resource.resource.attributes}
        assert facts["service.name"] == "jobyard"
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield Told(
                    span.trace_id.hex(),
                    span.span_id.hex(),
                    span.parent_span_id.hex(),
                    span.name,
                    facts["service.instance.id"],
                    {one.key: one.value.string_value or str(one.value.int_value) for one in span.attributes},
                    span.status.message,
                )


@pytest.fixture
def collector() -> Collector:
    return Collector()


@pytest.fixture
def address(collector: Collector) -> Generator[str]:
    with endpoints.answering(collector.answer) as server:
        yield server.address


@pytest.fixture
def provider(tmp_path: Path) -> Generator[endpoints.Server]:
    """Its tasks end in error, with the secret in it, where they are told to."""

    def answer(asked: endpoints.Asked) -> endpoints.Reply:
        if asked.json["incoming"].get("fail"):
            return endpoints.replying({"state": "error", "error": SECRET})(asked)
        return endpoints.replying({"state": "success", "outgoing": {"echo": asked.headers.get("traceparent")}})(asked)

    with endpoints.answering(answer) as server:
        (tmp_path / "providers.yaml").write_text(f"providers: [{{app: Jira, url: '{server.address}'}}]")
        yield server


def start(server: Server, name: str, **headers: str) -> str:
    body = {"workflow": name, "options": {"variables": {"pw": SECRET}}}
    path = f"/operations-manager/jobs/start?token={SECRET}"
    answer = httpx.post(f"{server.address}{path}", json=body, headers=headers, timeout=SECONDS)
    assert answer.status_code == 200, answer.text
    job: str = answer.json()["data"]["_id"]
    return job


def wait_for(server: Server, job: str, status: str) -> None:
    with over_sse(server, CHANGES, j=job) as events:
        assert any(event["data"]["jobChanged"]["status"] == status for event in events)


def test_a_job_is_one_tree_across_servers_from_its_caller_to_its_providers(
    collector: Collector, address: str, provider: endpoints.Server, tmp_path: Path, mongodb_uri: str, new_database: str
) -> None:
    settings: dict[str, Any] = {
        "JOBYARD_TRACES_ENDPOINT": address, "JOBYARD_PROVIDERS": str(tmp_path / "providers.yaml"),
        "MONGODB_URI": mongodb_uri, "JOBYARD_DATABASE": new_database, "JOBYARD_LEASE_MS": "2000",
    }  # fmt: skip
    child = chain("child", c1=task("call", app="Jira", pw="$var.job.pw"))
    start_child = task(
        "childJob", workflow="child", variables={"pw": SECRET}, data_array="", transformation="", loopType="", task=""
    )
    fail = task("call", app="Jira", pw="$var.job.pw", fail=True)
    work = chain("w", a1=task("call", app="Jira"), b2=task("ViewData", type="x"), c3=start_child, d4=fail)
    with serving(**settings) as second:
        with serving(**settings) as first:
            import_documents(first, child, work)
            job = start(first, "w", traceparent=f"00-{TRACE}-{CALLER}-01")
            collector.wait("provider call")
            owner = first.process.pid
            assert first.stop() == 0  # with the last of its spans
        graphql(second, FINISH, j=job)
        wait_for(second, job, "ERROR")
        assert second.stop() == 0

    tree = {one.id: one for one in collector.spans if one.trace == TRACE}
    names = [one.name for one in tree.values()]
    assert [one.parent for one in tree.values() if one.parent not in tree] == [CALLER]
    assert {"POST", "mutation startJob", "insert jobs", "group commit", "group commit of advances"} <= set(names)
    assert (names.count("start job"), names.count("provider call")) == (2, 3)  # of the job and of its child
    assert names.count("advance") >= 5
    assert len({one.server for one in tree.values() if one.name == "advance"}) == 2
    assert f"/{owner}/" in next(one.server for one in tree.values() if one.name == "POST")
    (began,) = [one for one in tree.values() if one.name == "start job" and one.attributes["jobyard.job.id"] == job]
    assert tree[began.parent].name == "mutation startJob"
    calls = [one for one in tree.values() if one.name == "provider call"]
    assert sorted(one.failed for one in calls) == ["", "", "error"]
    # Each call got its own place in the tree.
    told = {asked.headers["traceparent"] for asked in provider.asked}
    assert told == {f"00-{TRACE}-{one.id}-01" for one in calls}
    assert not any(SECRET.encode() in body for body in collector.bodies)


def test_of_traces_that_begin_here_the_ratio_is_recorded_and_of_others_the_caller_decides(
    collector: Collector, address: str, provider: endpoints.Server, tmp_path: Path
) -> None:
    settings: dict[str, Any] = {
        "JOBYARD_TRACES_ENDPOINT": address,
        "JOBYARD_PROVIDERS": str(tmp_path / "providers.yaml"),
    }
    long = f"/{'x' * 3000}"
    with serving("--memory", JOBYARD_TRACES_RATIO="0", **settings) as server:
        sampled = {"traceparent": f"00-{TRACE}-{CALLER}-01"}
        for path in (long, "/metrics", "/prometheus_metrics"):
            httpx.get(server.address + path, headers=sampled, timeout=SECONDS)
        import_documents(server, chain("w", a1=task("call", app="Jira")))
        here = start(server, "w")
        wait_for(server, here, "COMPLETE")
        theirs = start(server, "w", traceparent=f"00-{TRACE}-{CALLER}-01")
        wait_for(server, theirs, "COMPLETE")
    assert {one.trace for one in collector.spans} == {TRACE}
    paths = {one.attributes["url.path"] for one in collector.spans if "url.path" in one.attributes}
    assert paths == {long[:256], "/operations-manager/jobs/start"}  # monitoring is in no trace
    assert not any("prometheusMetrics" in one.name for one in collector.spans)
    flags = [int(asked.headers["traceparent"].rpartition("-")[2], 16) for asked in provider.asked]
    assert [flag & 1 for flag in flags] == [0, 1]  # whether it is recorded


def test_a_collector_that_is_away_costs_spans_alone(provider: endpoints.Server, tmp_path: Path) -> None:
    with endpoints.answering(lambda asked: endpoints.NEVER) as silent:
        settings: dict[str, Any] = {
            "JOBYARD_TRACES_ENDPOINT": silent.address,
            "JOBYARD_PROVIDERS": str(tmp_path / "providers.yaml"),
        }
        with serving("--memory", "--log-format", "json", **settings) as server:
            import_documents(server, chain("w", a1=task("call", app="Jira")))
            for _ in range(20):
                wait_for(server, start(server, "w"), "COMPLETE")
            lost, until = 0.0, time.monotonic() + SECONDS
            while not lost:
                assert time.monotonic() < until
                metrics = httpx.get(f"{server.address}/metrics").text.splitlines()
                lost = sum(
                    float(one.split()[1])
                    for one in metrics
                    if one.startswith('jobyard_trace_spans_total{outcome="lost')
                )
            began = time.monotonic()
            server.process.send_signal(2)
            log, _ = server.process.communicate(timeout=SECONDS)
            assert (server.process.returncode, time.monotonic() - began < 10) == (0, True)
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    away = [line for line in lines if line["event"] == "collector_away" or "opentelemetry" in line["event"]]
    assert [(line["level"], line["event"], "trace" in line) for line in away] == [("warning", "collector_away", False)]
    ended = [line for line in lines if line["event"] == "job_ended"]
    assert len({line["trace_id"] for line in ended}) == len(ended) == 20


@pytest.mark.anyio
async def test_spans_that_find_the_queue_full_are_lost(
    collector: Collector, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace_export, "MOST_WAITING", 4)
    monkeypatch.setattr(trace_export, "MOST_AT_ONCE", 4)
    monkeypatch.setattr(trace_export._CountedExporter, "export", gate := _Gate(trace_export._CountedExporter.export))
    lost = SPANS.labels("lost")._value.get()
    async with trace_export.exporting(address, 1, "s") as tracer:
        for number in range(10):
            with tracer.span(f"n{number}", {}, "internal", begins=True):
                pass
        assert SPANS.labels("lost")._value.get() - lost == 6
        gate.open.set()
    assert {one.name for one in collector.spans} == {"n0", "n1", "n2", "n3"}


class _Gate:
    """Holds up the exports until it is open."""

    def __init__(self, export: Any) -> None:
        self.open = threading.Event()
        self._export = export

    def __get__(self, exporter: Any, kind: Any) -> Any:
        def export(spans: Any) -> Any:
            assert self.open.wait(SECONDS)
            return self._export(exporter, spans)

        return export


@pytest.mark.anyio
async def test_the_log_says_once_that_the_collector_is_away_and_once_that_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    status = 400
    with endpoints.answering(lambda asked: endpoints.Reply(status=status)) as server, collected() as lines:
        exporter = trace_export._CountedExporter(f"{server.address}/v1/traces")
        for status in (400, 400, 200, 200):  # noqa: B007 -- the collector answers with it
            exporter.export([])
        exporter.shutdown()
    events = [json.loads(one)["event"] for one in lines.written]
    assert events == ["collector_away", "collector_back"]
    assert logging.getLogger("opentelemetry").getEffectiveLevel() >= logging.WARNING


def test_without_a_collector_nothing_of_it_is_there(provider: endpoints.Server, tmp_path: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests'); import checkout, jobyard.gql.http.serving;"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    ran = processes.run([sys.executable, "-c", code], cwd=ROOT)
    assert (ran.stdout, ran.stderr) == ("[]\n", "")
    with serving("--memory", JOBYARD_PROVIDERS=str(tmp_path / "providers.yaml")) as server:
        import_documents(server, chain("w", a1=task("call", app="Jira")))
        wait_for(server, start(server, "w", traceparent=f"00-{TRACE}-{CALLER}-01"), "COMPLETE")
    (asked,) = provider.asked
    assert "traceparent" not in asked.headers


@pytest.mark.anyio
async def test_a_collector_without_opentelemetry_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jobyard.resolvers.trace_export", None)
    monkeypatch.delattr("jobyard.resolvers.trace_export")
    with pytest.raises(SettingRefused, match=r"JOBYARD_TRACES_ENDPOINT needs .*: pip install 'jobyard\[traces\]'"):
        async with open_traces(Settings(memory=True, traces_endpoint="http://collector:4318"), "s"):
            pass


@pytest.mark.parametrize(
    "wrong",
    [
        "collector:4318",
        "user:pw@collector:4318",
        "https://c/v1?key=pw",
        "http://user:pw@collector",
        "http://c/v1?token=x",
        "grpc://c",
    ],
)
def test_a_collector_is_an_address_without_a_password(wrong: str) -> None:
    with pytest.raises(SettingRefused, match="a collector is http") as refused:
        Settings(traces_endpoint=wrong)
    assert "pw" not in str(refused.value)
