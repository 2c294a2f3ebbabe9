"""One job that this process runs: its only writer, fed by a mailbox.

All messages of the mailbox are applied together and stored in one write of the header, which also takes the commands
of the inbox. The effects start only after that write.
"""

import asyncio
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import replace
from typing import get_args

from ...models.documents.commands import CANCELED_WITH, act_of, command_of
from ...models.documents.progress import finish_of
from ...models.documents.shapes.commands import InboxEntry
from ...models.documents.shapes.jobs import JobHeader
from ...models.documents.shapes.tasks import IterationDocument
from ...models.engine.advance import apply_all, is_brief
from ...models.engine.changes import Changes
from ...models.engine.definition import Definition
from ...models.engine.effects import Rest, pending_effects, rest_of, sequences
from ...models.engine.events import Answered, Canceled, Command, Event, MoreToDo, Paused, PendingChildren, Resumed
from ...models.engine.lifecycle import ACTIVE
from ...models.engine.sizes import is_large
from ...models.engine.state import JobState
from ...models.secrets.error_masking import error_mask
from ..metrics import ADVANCE_SECONDS, timed
from ..threads import in_author_threads
from ..traces import JOB, is_on, span
from .adoption import MOST_CHILDREN
from .child_jobs import ChildJobs
from .dependencies import Family, JobDependencies, Trial, Unwritten
from .effects import Effects
from .mailbox import Mailbox, Message, log_advance
from .saving import AdvanceDocuments, JobWriter


class RunningJob:
    """`state` is the engine's state of the job; only this object changes it.

    With a `trial`, the next step is first tried in another process. `unwritten` is what is still to be written of a new
    job whose first advance is stored with its header.
    """

    def __init__(
        self,
        dependencies: JobDependencies,
        header: JobHeader,
        definition: Definition,
        state: JobState,
        first_save: asyncio.Event,
        family: Family,
        trial: Trial | None = None,
        unwritten: Unwritten | None = None,
    ) -> None:
        self.state = state
        self._dependencies = dependencies
        self._writer = writer = JobWriter(dependencies.store, dependencies.feed, header, definition.graph, state)
        mask = error_mask(lambda: writer.header, definition.graph)
        self._definition = replace(definition, mask=mask)
        # Its parts refer to the mailbox and the writer, not to the job: an ended job is freed at once, without a search
        # for cycles.
        self._mailbox = Mailbox()
        self.children = ChildJobs(dependencies, writer, definition.graph, state, family, self._mailbox.put)
        self._effects = Effects(
            state.job_id,
            dependencies.clock,
            dependencies.perform,
            self._mailbox.put,
            self.children.start,
            dependencies.start_turns,
            lambda text: str(mask(state, text)),
        )
        self._first_save = first_save
        self._trial = trial
        self._unwritten = unwritten
        self._stepping = False
        self.left_messages: list[Message] = []  # after `drive`: those that came while the job stopped
        if unwritten is None:
            self.send(Resumed())  # before any other message: what the job may do without an event comes first

    @property
    def header(self) -> JobHeader:
        """The job document as it was stored."""
        return self._writer.header

    @property
    def epoch(self) -> int:
        """The epoch of the lease, as this process has it."""
        return self._writer.epoch

    def send(self, event: Event) -> "asyncio.Future[None]":
        """Put an event into the mailbox; see Mailbox.put."""
        return self._mailbox.put(event)

    def deliver_command(self, entry: InboxEntry) -> "asyncio.Future[None]":
        """Take an entry of the job's inbox; a second delivery changes nothing."""
        return self._mailbox.put(command_of(entry), entry["id"], act_of(entry))

    def deliver_answer(self, iteration: IterationDocument) -> None:
        """Take the answer that a person stored in this iteration."""
        if "answer" not in iteration:
            return
        task_id = iteration["job"]["task"]
        attempt = self.state.tasks[task_id].attempt
        user = iteration.get("metrics", {}).get("user")
        by = user if isinstance(user, str) else None
        self.send(Answered(task_id, iteration["iteration"], attempt, finish_of(iteration["answer"]), by))

    async def refresh_groups(self) -> None:
        await self._writer.refresh_groups()

    @property
    def waits_for_children(self) -> bool:
        # All tasks, not the running ones: a thread may be changing the list of running tasks.
        return any(task.waits_for == "children" for task in self.state.tasks.values())

    @property
    def waits_for_person(self) -> bool:
        return any(task.waits_for == "person" for task in self.state.tasks.values())

    def pending_children(self) -> list[PendingChildren]:
        """The children that the job waits for, whichever server runs them."""
        if self._stepping:
            return []  # a thread is changing the state; a later look asks again
        effects = pending_effects(self._definition.graph, self.state).values()
        return [effect for effect in effects if isinstance(effect, PendingChildren)]

    async def drive(self) -> Rest | None:
        """Advance the job until it is over, and release the lease: None. Or until it has waited for long, and keep the
        lease: what it waits for.

        LostLease when another process has the job.
        """
        for entry in self.header.get("inbox", []):
            self.deliver_command(entry)
        try:
            if self._unwritten is not None:
                await self._go_on_after_start(self._unwritten)
            else:
                self._writer.publish_stored()
                await self._advance_by_mail(everything=True)
            while True:
                self._first_save.set()
                if self.state.status not in ACTIVE and await self._release_lease():
                    return None
                while not await self._mailbox.wait(self._dependencies.rest_after):
                    await self._writer.await_publication()
                    if (rest := self._rest()) is not None:
                        self._dependencies.store.large.forget(self.state.job_id)
                        return rest
                await self._advance_by_mail()
        finally:
            await self._effects.stop()
            self.left_messages = self._mailbox.close()
            await self._writer.stop_publication()

    async def _go_on_after_start(self, unwritten: Unwritten) -> None:
        await self._writer.write_first(unwritten.iterations)
        unwritten.written()
        self._writer.publish_stored()
        if "event" in self.header:
            log_advance(self.header, self.header["event"], self.state.errors or ())
        self._start_effects(None)

    def _rest(self) -> Rest | None:
        """What the job waits for, if nothing has to be done for it soon and all its work is stored."""
        rest = rest_of(self._definition.graph, self.state)
        if rest is None or self._effects.starts_children:
            return None
        spawns = [spawn for id in rest.parents if (spawn := self.state.tasks[id].spawn) is not None]
        if any(len(spawn.variables) > MOST_CHILDREN for spawn in spawns):
            return None
        soon = self._dependencies.clock.now() + self._dependencies.rest_after * 1000
        return None if rest.until is not None and rest.until < soon else rest

    async def _release_lease(self) -> bool:
        """False when a command came meanwhile: it is in the mailbox then."""
        inbox = await self._writer.release_lease()
        for entry in inbox or ():
            self.deliver_command(entry)
        return inbox is None

    async def _advance_by_mail(self, *, everything: bool = False) -> None:
        facts = {JOB: self.state.job_id} if is_on() else None
        with self._mailbox.take_all() as messages, span("advance", facts) as advance:
            await self._advance(messages, everything=everything)
            advance.note("jobyard.job.status", self.state.status)

    async def _advance(self, messages: list[Message], *, everything: bool) -> None:
        events = [message.event for message in messages]
        canceling = next((message for message in messages if isinstance(message.event, Canceled)), None)
        canceled = None
        if canceling is not None:  # without a place: the children that are just being started need places, too
            await self._effects.start_no_more_children()
            canceled = await self.children.cancel_family(canceling)
        # A person waits for the outcome of a command: it does not queue behind the jobs that advance by themselves.
        async with nullcontext() if any(map(_is_of_operator, messages)) else self._dependencies.places:
            with timed(ADVANCE_SECONDS):
                changes = await self._apply_and_save(messages, events)
        if canceled is not None:
            await self.children.publish_cancel(canceled)
        changed = changes.tasks.union(sequences(self.state, changes.counted))
        everything = everything or any(isinstance(event, get_args(Command)) for event in events)
        self._start_effects(None if everything else changed)

    def _start_effects(self, task_ids: Iterable[str] | None) -> None:
        """Start the effects that these tasks wait for; None means all tasks."""
        for key, effect in pending_effects(self._definition.graph, self.state, task_ids).items():
            if isinstance(effect, MoreToDo):
                self.send(Resumed())
            else:
                self._effects.start_effect(key, effect)

    async def _apply_and_save(self, messages: list[Message], events: list[Event]) -> Changes:
        at = self._dependencies.clock.now()
        refusal = None if self._trial is None else await self._trial(events, at)
        if refusal is not None:
            changes = await self._writer.save_refusal(refusal, messages, at)
            self._trial = None
            return changes
        self._stepping = True
        controls = all(isinstance(event, Canceled | Paused) for event in events)
        if controls or is_brief(self._definition, self.state, events):
            changes, documents = self._step(events, at)
        else:
            # In a thread: a step may take long, and the other jobs, leases and requests must go on.
            async with self._dependencies.large_steps if is_large(self.state) else nullcontext():
                changes, documents = await in_author_threads(self._step, events, at)
        self._stepping = False
        if changes or any(message.inbox_id for message in messages):
            await self._writer.save(changes, documents, messages, at)
            self._trial = None  # the job goes on
        return changes

    def _step(self, events: list[Event], at: int) -> tuple[Changes, AdvanceDocuments]:
        """Apply the events, and make the documents of the advance: large values take their time here, too."""
        changes = apply_all(self._definition, self.state, events, at)
        return changes, self._writer.advance_documents(changes, at)


def _is_of_operator(message: Message) -> bool:
    """Whether the message is a command to this job itself, not one that follows from a command to a job above."""
    return isinstance(message.event, get_args(Command)) and not (message.inbox_id or "").startswith(CANCELED_WITH)
