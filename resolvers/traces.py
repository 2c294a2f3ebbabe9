"""Spans of traces: the parts of a request and of a job, each with its time, across servers and providers.

Traces are off until a tracer is in use (trace_export.py): nothing of OpenTelemetry is imported then, and a span costs
the look at one variable. A job has one trace: its header has the `traceparent` of its start, and every server continues
there. Attributes are names and ids, never values of jobs or requests: traces have many readers.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Final, Literal, Protocol, TypeAlias

TRACEPARENT: Final = "traceparent"  # the header of W3C Trace Context; its value is also what is stored of a trace
JOB: Final = "jobyard.job.id"

Attributes: TypeAlias = Mapping[str, str | int | bool]
Kind: TypeAlias = Literal["internal", "server", "client"]


class Span:
    """A span that is not recorded, and the interface of those that are."""

    def note(self, name: str, value: str | int | bool) -> None:
        """Set an attribute."""

    def fail(self, code: str) -> None:
        """Mark the span as failed; `code` is no text of a caller or an author."""


class Tracer(Protocol):
    def span(self, name: str, attributes: Attributes, kind: Kind, *, begins: bool) -> AbstractContextManager[Span]: ...

    def record(self, name: str, attributes: Attributes, seconds: float, failure: str | None) -> None: ...

    def within(self, traceparent: str | None) -> AbstractContextManager[None]: ...

    def traceparent(self) -> str | None: ...


_NO_SPAN: Final = nullcontext(Span())
_NOTHING: Final = nullcontext()
_tracer: Tracer | None = None


def is_on() -> bool:
    return _tracer is not None


def span(
    name: str, attributes: Attributes | None = None, kind: Kind = "internal", *, begins: bool = False
) -> AbstractContextManager[Span]:
    """Around a part of the present trace. Without a present trace the span is not recorded, unless it begins one."""
    return _NO_SPAN if _tracer is None else _tracer.span(name, attributes or {}, kind, begins=begins)


def record(name: str, attributes: Attributes, seconds: float, failure: str | None = None) -> None:
    """Record a part of the present trace that took so long and has just ended."""
    if _tracer is not None:
        _tracer.record(name, attributes, seconds, failure)


def within(traceparent: str | None) -> AbstractContextManager[None]:
    """Around work that belongs to this trace, wherever it began; to none where there is none."""
    return _NOTHING if _tracer is None else _tracer.within(traceparent)


def traceparent() -> str | None:
    """The present place in a trace, for the header of a request and the header of a job."""
    return None if _tracer is None else _tracer.traceparent()


def trace_facts() -> dict[str, str]:
    """The id of the present trace for log lines."""
    place = traceparent()
    return {} if place is None else {"trace_id": place.split("-")[1]}


def use(tracer: Tracer | None) -> None:
    """Record the spans of this process with this tracer from now on; None: record none."""
    global _tracer
    _tracer = tracer
