"""The metrics of this server and its database in Prometheus' text format, version 0.0.4.

Counters and histograms live in resolvers/metrics.py. Gauges are read at each request; the counts of jobs in the
database are read once in FRESH_SECONDS, and left out while the database is away.
"""

from collections.abc import Iterable, Iterator
from typing import Final, get_args

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from pymongo.errors import PyMongoError

from ...models.documents.job import Job
from ...models.engine.lifecycle import JobStatus
from ..metrics import REGISTRY
from ..search.paging import PATIENCE
from ..services import Services
from ..store.collections import collection_of

FRESH_SECONDS: Final = 10
_STATUSES: Final = get_args(JobStatus)


async def metrics(services: Services) -> str:
    """Jobs of all servers by status; all else is of this server."""
    counted = await _jobs(services)
    own = CollectorRegistry()
    own.register(_Looked(services, counted))
    return (generate_latest(REGISTRY) + generate_latest(own)).decode()


async def _jobs(services: Services) -> dict[str, int]:
    """How many there are in each status; empty where nobody can say it now."""
    known, now = services.job_counts, services.clock.now()
    if known.by_status and 0 <= now - known.at < FRESH_SECONDS * 1000:
        return known.by_status
    if services.pulse.away:
        return {}
    jobs = collection_of(Job)
    try:
        found = {one: await jobs.count_documents({"status": one}, maxTimeMS=PATIENCE) for one in _STATUSES}
    except PyMongoError:  # it takes too long, or is away: all else is answered
        return {}
    known.by_status, known.at = found, now
    return found


class _Looked(Collector):
    """What is as it is now."""

    def __init__(self, services: Services, counted: dict[str, int]) -> None:
        self._services = services
        self._counted = counted

    def collect(self) -> Iterator[Metric]:
        services, load = self._services, self._services.runner.load()
        yield _gauge("jobyard_jobs", "Jobs in the database.", self._counted.items(), "status")
        yield _gauge(
            "jobyard_jobs_here",
            "Jobs whose lease this server holds, by what they do or wait for.",
            load.jobs.items(),
            "state",
        )
        yield _gauge("jobyard_leases", "Leases that this server holds.", [("", sum(load.jobs.values()))])
        overdue = load.overdue / 1000
        yield _gauge("jobyard_oldest_due_seconds", "How late the latest moment of a waiting job is.", [("", overdue)])
        up = (services.clock.now() - services.opened) / 1000
        yield _gauge("jobyard_uptime_seconds", "Time since the start of the server.", [("", up)])
        yield _gauge(
            "jobyard_workers_active", "1 while the server accepts new work.", [("", int(services.admission.active))]
        )
        yield _gauge("jobyard_starts_waiting", "Starts that wait for a place.", [("", services.admission.waiting)])
        yield _gauge("jobyard_database_up", "Whether the database answers.", [("", int(not services.pulse.away))])
        yield _gauge(
            "jobyard_subscribers",
            "Subscriptions to events, including the server's own.",
            [("", services.feed.subscribers)],
        )


def _gauge(name: str, help: str, samples: Iterable[tuple[str, float]], label: str = "") -> Metric:
    family = GaugeMetricFamily(name, help, labels=[label] if label else [])
    for value, number in samples:
        family.add_metric([value] if label else [], number)
    return family
