"""A job's documents as the store holds them, in memory: written after each event, and read back into a state."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import bson
from jobyard.models.documents.new_job import JobRequest, job_document
from jobyard.models.documents.progress import (
    Stamp,
    changed_entries,
    changed_iterations,
    job_fields,
    latest_iterations,
    read_state,
)

from .play import Play

AT = datetime(2025, 1, 1, tzinfo=UTC)
STAMP = Stamp(AT, "server-1", 1)


class StoredPlay(Play):
    """A Play whose every event is stored, and which can go on with what is stored."""

    def __post_init__(self) -> None:
        self.header: Any = {}
        self.iterations: dict[str, Any] = {}
        super().__post_init__()

    def send(self, event: Any) -> bool:
        graph = self.definition.graph
        if not self.header:
            request = JobRequest("a graph", "ada")
            self.header = encoded(job_document(request, self.document, "0", self.state, AT))
        sent = super().send(event)
        fields = job_fields(self.state, self.header, self.changes.fields)
        fields |= changed_entries(self.state, self.changes, STAMP)
        for path, value in encoded(fields).items():
            *parents, key = path.split(".")
            place = self.header
            for parent in parents:
                place = place[parent]
            place[key] = value
        for one in changed_iterations(graph, self.state, self.header, self.changes, STAMP):
            self.iterations[one["_id"]] = {**self.iterations.get(one["_id"], {}), **encoded(one)}
        return sent

    def read_back(self) -> None:
        """Forget the state and go on with what is stored, as another process would."""
        latest = {id: self.iterations[id] for id in latest_iterations(self.header)}
        by_task = {one["job"]["task"]: one for one in latest.values()}
        self.state = read_state(self.definition.graph, self.header, by_task)


def encoded(document: Mapping[str, Any]) -> dict[str, Any]:
    """Through BSON and back."""
    return bson.decode(bson.encode(document))
