"""The metrics that a server process counts while it works; each costs a fraction of a microsecond.

`docs/metrics.md` lists every name, and a test compares it with this module. Values that a scrape reads from the
database are in `prometheus`. No label holds text of a caller or an author, so that the number of series is bounded.
"""

import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

disable_created_metrics()

_SHORT: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_LONG: Final = (0.01, 0.1, 1, 10, 60, 600, 3600, 6 * 3600, 24 * 3600, 7 * 24 * 3600)
_CALLS: Final = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)

REGISTRY: Final = CollectorRegistry(auto_describe=True)
ProcessCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)

STARTS: Final = Counter("jobyard_job_starts", "Jobs that this server started.", ["by"], registry=REGISTRY)
STARTS_REFUSED: Final = Counter("jobyard_starts_refused", "Refused starts.", ["code"], registry=REGISTRY)
ENDS: Final = Counter("jobyard_job_ends", "Jobs that ended on this server.", ["outcome"], registry=REGISTRY)
JOBS_REMOVED: Final = Counter("jobyard_jobs_removed", "Ended jobs that this server removed.", ["by"], registry=REGISTRY)
JOB_SECONDS: Final = Histogram(
    "jobyard_job_seconds", "Time from the start of a job to its end.", buckets=_LONG, registry=REGISTRY
)
TASK_ERRORS: Final = Counter("jobyard_task_errors", "Tasks that ended in error.", registry=REGISTRY)
ADVANCE_SECONDS: Final = Histogram(
    "jobyard_advance_seconds", "Time of an advance of a job, including its write.", buckets=_SHORT, registry=REGISTRY
)
SWEEP_SECONDS: Final = Histogram(
    "jobyard_sweep_seconds",
    "Time of a regular sweep, which finds what no notification announced.",
    buckets=_SHORT,
    registry=REGISTRY,
)
TAKEOVERS: Final = Counter("jobyard_takeovers", "Jobs taken over from servers that were gone.", registry=REGISTRY)
LEASES_LOST: Final = Counter(
    "jobyard_leases_lost", "Jobs that another server took over from this server.", registry=REGISTRY
)
COMMIT_QUEUE: Final = Gauge(
    "jobyard_group_commit_waiting",
    "Writes and reads of workflows that wait for the next command.",
    registry=REGISTRY,
)
DATABASE_COMMANDS: Final = Counter(
    "jobyard_database_commands", "Commands to the database.", ["command"], registry=REGISTRY
)
DATABASE_FAILURES: Final = Counter(
    "jobyard_database_failures", "Commands to the database that failed.", ["command"], registry=REGISTRY
)
DATABASE_SECONDS: Final = Histogram(
    "jobyard_database_seconds", "Time of a command to the database, without getMore.", buckets=_SHORT, registry=REGISTRY
)
OPERATIONS: Final = Counter(
    "jobyard_graphql_operations",
    "GraphQL operations by their first field, including those of REST routes.",
    ["field", "code"],
    registry=REGISTRY,
)
PROVIDER_CALLS: Final = Counter(
    "jobyard_provider_calls", "Calls of providers.", ["endpoint", "state"], registry=REGISTRY
)
PROVIDER_SECONDS: Final = Histogram(
    "jobyard_provider_seconds",
    "Time of a call of a provider, including the wait for a place.",
    ["endpoint"],
    buckets=_CALLS,
    registry=REGISTRY,
)
REQUESTS: Final = Counter("jobyard_http_requests", "Answers over HTTP.", ["method", "status"], registry=REGISTRY)
SIGN_INS_FAILED: Final = Counter("jobyard_sign_ins_failed", "Refused sign-ins.", ["code"], registry=REGISTRY)
AUDIT_ACTS: Final = Counter(
    "jobyard_audit_acts", "Events of jobs whose acts this server copied to the audit events.", registry=REGISTRY
)
SPANS: Final = Counter("jobyard_trace_spans", "Spans of traces that left this server.", ["outcome"], registry=REGISTRY)
LINES_LEFT_OUT: Final = Counter(
    "jobyard_log_lines_left_out", "Log lines dropped because nobody read the output.", registry=REGISTRY
)


@contextmanager
def timed(histogram: Histogram) -> Generator[None]:
    """Observe the seconds that the block takes, also if the block raises."""
    began = time.perf_counter()
    try:
        yield
    finally:
        histogram.observe(time.perf_counter() - began)
