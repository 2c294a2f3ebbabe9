"""Traces by OpenTelemetry: sampling, a bounded queue of ended spans, and their export as OTLP over HTTP.

Spans leave in a thread of the library. A collector that is away costs spans, which are counted, and nothing else.
"""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Final
from urllib.parse import urlsplit

from opentelemetry.context import Context, attach, detach
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import Span as RecordedSpan
from opentelemetry.trace import SpanKind, StatusCode, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from ..models.errors import Problem
from ..models.version import own_version
from .log_facts import about
from .metrics import SPANS
from .traces import TRACEPARENT, Attributes, Kind, Span

MOST_WAITING: Final = 8192  # ended spans in memory, some 2 KB each; further ones are lost
LONGEST_ATTRIBUTE: Final = 256  # characters; a path of a request may have 32 KB
MOST_AT_ONCE: Final = 512  # spans in one request
EVERY_SECONDS: Final = 2.0
ANSWER_SECONDS: Final = 5.0  # of the collector, repetitions included
CLOSE_SECONDS: Final = 1.5  # for the last spans of a server that stops
_PATH: Final = "/v1/traces"
_KINDS: Final[dict[Kind, SpanKind]] = {
    "internal": SpanKind.INTERNAL,
    "server": SpanKind.SERVER,
    "client": SpanKind.CLIENT,
}

log = logging.getLogger("jobyard")


class _CountedExporter(SpanExporter):
    """Sends spans, counts them, and logs once when the collector goes away and once when it is back."""

    def __init__(self, endpoint: str) -> None:
        self._exporter = OTLPSpanExporter(endpoint, timeout=ANSWER_SECONDS)
        self._endpoint = endpoint
        self._away = False
        self.handed_over = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        try:
            result = self._exporter.export(spans)
        except Exception:  # an edge: whatever it is, the collector does not have these spans
            result = SpanExportResult.FAILURE
        finally:
            self.handed_over += len(spans)
        failed = result is not SpanExportResult.SUCCESS
        SPANS.labels("lost" if failed else "sent").inc(len(spans))
        if failed and not self._away:
            log.warning(
                "the collector of traces, %s, does not take spans; they are lost until it does", self._endpoint,
                extra=about("collector_away", endpoint=self._endpoint),
            )  # fmt: skip
        elif self._away and not failed:
            log.info("the collector of traces takes spans again", extra=about("collector_back"))
        self._away = failed
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()


class _BoundedQueue(BatchSpanProcessor):
    """Counts the spans that find the queue full."""

    def __init__(self, exporter: _CountedExporter) -> None:
        super().__init__(
            exporter,
            max_queue_size=MOST_WAITING,
            schedule_delay_millis=EVERY_SECONDS * 1000,
            max_export_batch_size=MOST_AT_ONCE,
            export_timeout_millis=ANSWER_SECONDS * 1000,
        )
        self._handed_on = exporter
        self._taken = 0

    def on_end(self, span: ReadableSpan) -> None:
        if span.context is None or not span.context.trace_flags.sampled:
            return
        if self._taken - self._handed_on.handed_over >= MOST_WAITING:
            SPANS.labels("lost").inc()
            return
        self._taken += 1
        super().on_end(span)


class _Recording(Span):
    def __init__(self, span: RecordedSpan) -> None:
        self._span = span

    def note(self, name: str, value: str | int | bool) -> None:
        self._span.set_attribute(name, value)

    def fail(self, code: str) -> None:
        self._span.set_status(StatusCode.ERROR, code)


class OpenTelemetryTracer:
    def __init__(self, provider: TracerProvider) -> None:
        self._tracer = provider.get_tracer("jobyard", own_version())
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def span(self, name: str, attributes: Attributes, kind: Kind, *, begins: bool) -> Generator[Span]:
        if not begins and not get_current_span().get_span_context().is_valid:
            yield Span()
            return
        # The text of an error may have values of a job or secrets in it: its code says enough.
        with self._tracer.start_as_current_span(
            name, None, _KINDS[kind], attributes, record_exception=False, set_status_on_exception=False
        ) as recorded:
            made = _Recording(recorded)
            try:
                yield made
            except Exception as fault:
                made.fail(fault.code if isinstance(fault, Problem) else type(fault).__name__)
                raise

    def record(self, name: str, attributes: Attributes, seconds: float, failure: str | None) -> None:
        if not get_current_span().get_span_context().trace_flags.sampled:
            return
        ended = time.time_ns()
        recorded = self._tracer.start_span(
            name, None, SpanKind.CLIENT, attributes, start_time=ended - int(seconds * 1_000_000_000)
        )
        if failure is not None:
            recorded.set_status(StatusCode.ERROR, failure)
        recorded.end(ended)

    @contextmanager
    def within(self, traceparent: str | None) -> Generator[None]:
        nowhere = Context()
        token = attach(
            nowhere if traceparent is None else self._propagator.extract({TRACEPARENT: traceparent}, nowhere)
        )
        try:
            yield
        finally:
            detach(token)

    def traceparent(self) -> str | None:
        carrier: dict[str, str] = {}
        self._propagator.inject(carrier)
        return carrier.get(TRACEPARENT)


@asynccontextmanager
async def exporting(endpoint: str, ratio: float, server: str) -> AsyncGenerator[OpenTelemetryTracer]:
    """A tracer whose spans go to this collector; `ratio` of the traces that begin here, and those that others chose."""
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)  # it logs every lost batch; see _CountedExporter
    names = {"service.name": "jobyard", "service.version": own_version(), "service.instance.id": server}
    provider = TracerProvider(
        ParentBased(TraceIdRatioBased(ratio)),
        Resource.create(dict(names)),
        shutdown_on_exit=False,
        span_limits=SpanLimits(max_span_attribute_length=LONGEST_ATTRIBUTE),
    )
    address = endpoint if urlsplit(endpoint).path.strip("/") else f"{endpoint.rstrip('/')}{_PATH}"
    provider.add_span_processor(_BoundedQueue(_CountedExporter(address)))
    try:
        yield OpenTelemetryTracer(provider)
    finally:
        await _close(provider)


async def _close(provider: TracerProvider) -> None:
    """Send the last spans. The thread is a daemon: a collector that does not answer holds up no stop."""
    loop, closed = asyncio.get_running_loop(), asyncio.Event()

    def close() -> None:
        provider.shutdown()
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(closed.set)

    threading.Thread(target=close, name="last spans", daemon=True).start()
    with suppress(TimeoutError):
        async with asyncio.timeout(CLOSE_SECONDS):
            await closed.wait()
