"""What monitoring reads of this server and its database: Prometheus' text format, version 0.0.4."""

from collections.abc import Iterable, Iterator
from typing import Final, get_args

from ..models.documents.job import Job
from ..models.engine.state import JobStatus
from .finding.pages import PATIENCE, limited
from .store.collections import collection_of
from .yard import Yard

_STATUSES: Final = get_args(JobStatus)


async def metrics(yard: Yard) -> str:
    """Jobs of all servers by status; of this server how long it has run and how its workers are."""
    jobs = collection_of(Job)
    async with limited():
        counted = {one: await jobs.count_documents({"status": one}, maxTimeMS=PATIENCE) for one in _STATUSES}
    up = (yard.clock.now() - yard.opened) / 1000
    lines = [
        *_metric("jobyard_jobs", "Jobs in the database.", ((f'{{status="{one}"}}', n) for one, n in counted.items())),
        *_metric("jobyard_uptime_seconds", "Since the server opened.", [("", up)]),
        *_metric("jobyard_workers_active", "Whether it takes new work.", [("", int(yard.admission.active))]),
        *_metric("jobyard_starts_waiting", "Starts that wait for a place.", [("", yard.admission.waiting)]),
        *_metric("jobyard_database_up", "Whether the database answers.", [("", int(not yard.pulse.away))]),
    ]
    return "\n".join(lines) + "\n"


def _metric(name: str, help: str, samples: Iterable[tuple[str, float]]) -> Iterator[str]:
    yield f"# HELP {name} {help}"
    yield f"# TYPE {name} gauge"
    for labels, value in samples:
        yield f"{name}{labels} {value:g}"
