"""How a running job is stored: one guarded write of its header, and what follows from the header.

That write alone makes an advance true: iterations and the event follow from the header and are written after it, and a
server that takes the job over writes them again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import partial

from pymongo.errors import PyMongoError

from ...models.documents.commands import answer_of
from ...models.documents.event import job_event, start_event
from ...models.documents.moments import moment
from ...models.documents.progress import Stamp, changed_entries, changed_iterations, job_fields
from ...models.documents.shapes.commands import InboxEntry
from ...models.documents.shapes.events import JobEventDocument
from ...models.documents.shapes.jobs import JobHeader, SecretEntry
from ...models.documents.shapes.tasks import IterationDocument
from ...models.documents.stored import NotStorable
from ...models.engine.changes import Changes
from ...models.engine.events import Answered
from ...models.engine.graph import Graph
from ...models.engine.lifecycle import ACTIVE, JobStatus
from ...models.engine.state import JobState
from ...models.json import Json
from ...models.secrets.finding import find_secrets, keeps_secrets
from ...models.secrets.marks import FOUND_SECRETS, marks
from ...models.secrets.masking import Path, secret_paths
from ..store.feed import Feed
from ..store.jobs import Committed, JobStore
from ..store.leases import epoch_of
from ..store.outage import is_away, pauses, retry_while_away
from ..store.outbox import OUTBOX
from .mailbox import Message, log_advance


@dataclass(frozen=True)
class AdvanceDocuments:
    """One advance as it is stored: entries of tasks, other fields of the header, iterations."""

    entries: dict[str, object]
    fields: dict[str, object]
    iterations: list[IterationDocument]
    refusal: NotStorable | None = None  # why there is nothing but the entries
    secrets: Sequence[Path] = ()  # paths of the secrets in the variables
    found: Sequence[SecretEntry] = ()  # other places of secrets


class JobWriter:
    """The only writer of a running job. `header` is the job document as it was stored."""

    def __init__(self, store: JobStore, feed: Feed, header: JobHeader, graph: Graph, state: JobState) -> None:
        self.header: JobHeader = header
        self._store = store
        self._feed = feed
        self._graph = graph
        self._state = state
        self._seq: int = header["seq"]
        self._status: JobStatus = header["status"]  # as it is stored
        self.epoch = epoch_of(header)
        self._parts = header.get(OUTBOX, {}).get("parts", [])  # of the last outbox, beside the header
        self._publication: asyncio.Task[None] | None = None

    def advance_documents(self, changes: Changes, at: int) -> AdvanceDocuments:
        """The documents of one advance. Pure, so that large values may be written in a thread."""
        stamp = Stamp(moment(at), self._store.owner, self._seq + 1)
        entries = changed_entries(self._state, changes, stamp)
        graph, header, finder = self._graph, self.header, None
        if keeps_secrets(header, graph):
            header, finder = find_secrets(header, graph, self._state, changes)
        try:
            fields = job_fields(self._state, header, changes.fields, finder)
            iterations = changed_iterations(graph, self._state, header, changes, stamp, finder)
        except NotStorable as refusal:
            return AdvanceDocuments(entries, {}, [], refusal)
        if finder is None:
            return AdvanceDocuments(entries, fields, iterations)
        variables = self._state.variables
        secrets = secret_paths(marks(header), variables, "variables")
        return AdvanceDocuments(entries, fields, iterations, None, secrets, header.get(FOUND_SECRETS, []))

    async def save(self, changes: Changes, documents: AdvanceDocuments, messages: list[Message], at: int) -> None:
        await self.await_publication()
        try:
            if documents.refusal is not None:
                raise documents.refusal
            if documents.found:
                self.header = {**self.header, FOUND_SECRETS: list(documents.found)}
            fields = documents.fields | documents.entries
            await self._store_advance(changes, fields, documents.iterations, messages, at, documents.secrets)
        except NotStorable as refusal:
            fields = self._error_fields(str(refusal), at) | documents.entries
            await self._store_advance(changes, fields, [], messages, at)

    async def save_refusal(self, reason: str, messages: list[Message], at: int) -> Changes:
        """Set the job to error instead of taking a step."""
        changes = Changes(fields=frozenset(("status", "error")))
        await self.await_publication()
        await self._store_advance(changes, self._error_fields(reason, at), [], messages, at)
        return changes

    def _error_fields(self, reason: str, at: int) -> dict[str, object]:
        """Fields of a job that ends in error with what was stored before."""
        self._state.status = "error"
        self._state.errors = [{"task": "job", "message": reason, "timestamp": at}]
        return job_fields(self._state, self.header, ("status", "error"))

    async def _store_advance(
        self,
        changes: Changes,
        fields: dict[str, object],
        iterations: list[IterationDocument],
        messages: list[Message],
        at: int,
        secrets: Sequence[Path] = (),
    ) -> None:
        store, status, written = self._store, self._state.status, self._parts
        taken = [message.inbox_id for message in messages if message.inbox_id is not None]
        acts = [message.act for message in messages if message.act is not None]
        acts += [
            answer_of(message.event) for message in messages if isinstance(message.event, Answered) and message.event.by
        ]
        event = job_event(
            self.header, self._seq + 1, self._status, status, list(changes.task_changes), moment(at), acts
        )
        with store.outbox.delivery(self._state.job_id, iterations):
            committed = await self._commit({**fields, "event": event}, iterations, taken, secrets)
            self._seq += 1
            self._status = status
            log_advance(self.header, event, self._state.errors or ())
            self._parts = committed.parts
            await retry_while_away(partial(self._regroup, committed.groups))
            await retry_while_away(partial(self._write_iterations, iterations, store.outbox.write))
        self._publish(event)
        await retry_while_away(partial(store.outbox.discard, written))

    async def _commit(
        self, fields: dict[str, object], iterations: list[IterationDocument], taken: list[str], secrets: Sequence[Path]
    ) -> Committed:
        """Make the advance true. Wait for a database that is away: the answers of providers are in memory alone until
        then, and another server would have to call the providers again.
        """
        store, id = self._store, self._state.job_id
        for pause in pauses():
            try:
                return await store.commit(id, self._seq, self.epoch, fields, iterations, taken, secrets)
            except PyMongoError as fault:
                if not is_away(fault):
                    raise
            committed = await retry_while_away(partial(store.find_committed, id, self._seq + 1, self.epoch))
            if committed is not None:
                return committed
            await asyncio.sleep(pause)
        raise AssertionError("the pauses have no end")

    async def write_first(self, iterations: list[IterationDocument]) -> None:
        """Write the iterations of a new job whose first advance is stored with its header."""
        if self._status not in ACTIVE:  # a parent, or the end of the lease, waits for it; else the job itself waits
            self._store.outbox.hasten()
        await self._write_iterations(iterations, self._store.outbox.write_first)

    async def _write_iterations(
        self,
        iterations: list[IterationDocument],
        write: Callable[[list[IterationDocument], list[Json]], Awaitable[None]],
    ) -> None:
        groups = self._groups
        await write(iterations, groups)
        if self._groups != groups:  # changed meanwhile, by a caller who did not see these iterations
            await self._store.tasks.regroup(self._state.job_id, self._groups)

    @property
    def _groups(self) -> list[Json]:
        return self.header.get("groups") or []

    async def refresh_groups(self) -> None:
        """Read the groups of the job again, also for iterations that were stored since the groups changed."""
        groups = await self._store.groups(self._state.job_id)
        if groups is not None:
            await self._regroup(groups)

    async def _regroup(self, groups: list[Json]) -> None:
        if groups != self._groups:
            self.header = {**self.header, "groups": groups}
            await self._store.tasks.regroup(self._state.job_id, groups)

    def publish_stored(self) -> None:
        """Publish the event of the header: a process that was killed may not have published it."""
        last = self.header.get("event")
        if last and last["seq"] == 1:  # stored with the header, as the start is where the job advanced before
            self._publish(start_event(self.header), last)
        elif last:
            self._publish(last)

    def _publish(self, *events: JobEventDocument) -> None:
        """Publish beside the job's own work. The header has the last event, so that a takeover publishes it again."""
        publish = partial(self._feed.publish, *(copy(event) for event in events))
        self._publication = asyncio.create_task(retry_while_away(publish), name=f"publish {events[-1]['_id']}")

    async def await_publication(self) -> None:
        """Return once the last event is published: the next write replaces it in the header."""
        if self._publication is not None:
            self._feed.hasten()
            await self._publication
            self._publication = None

    async def stop_publication(self) -> None:
        """Stop what an interruption of the job left over; the event is in the header."""
        if self._publication is not None:
            self._publication.cancel()
            await asyncio.gather(self._publication, return_exceptions=True)

    async def release_lease(self) -> list[InboxEntry] | None:
        """None once the lease is released; otherwise the inbox, because a command came meanwhile."""
        await self.await_publication()
        id = self._state.job_id
        if self._parts or self.epoch > 1:  # while the job is ours: another owner may have parts of its own
            await self._store.outbox.clear(id)
        if await self._store.release(id, self.epoch):
            return None
        return await self._store.inbox(id, self.epoch)
