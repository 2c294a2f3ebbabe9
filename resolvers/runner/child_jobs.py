"""The child jobs of a running job: their start, their end, their secrets, and their cancellation with the job."""

from collections.abc import Callable

from ...models.documents.commands import CANCELED_WITH, inbox_entry
from ...models.documents.shapes.commands import InboxEntry
from ...models.documents.shapes.jobs import JobHeader
from ...models.documents.stored import from_stored
from ...models.engine.endings import child_ends
from ...models.engine.events import Canceled, ChildEnded, ChildStart, Event
from ...models.engine.graph import Graph
from ...models.engine.state import JobState
from ...models.json import text_at
from ...models.secrets.error_masking import secrets_of
from ...models.secrets.finding import Finder, handed_to_child, keeps_secrets
from ...models.secrets.marks import CHILD_SECRETS, HANDED_SECRETS, child_secret_entries, marks_of_iteration
from .dependencies import Family, JobDependencies
from .mailbox import Message
from .saving import JobWriter


class ChildJobs:
    """`send` puts an event into the mailbox of the parent."""

    def __init__(
        self,
        dependencies: JobDependencies,
        writer: JobWriter,
        graph: Graph,
        state: JobState,
        family: Family,
        send: Callable[[Event], object],
    ) -> None:
        self._dependencies = dependencies
        self._writer = writer
        self._graph = graph
        self._state = state
        self._family = family
        self._send = send

    async def start(self, start: ChildStart) -> None:
        task = self._state.tasks[start.task_id]
        if task.spawn is None or (task.iteration, task.attempt) != (start.iteration, start.attempt):
            return  # the task has ended meanwhile, and starts no more children
        child = await self._dependencies.start_child(self._as_parent(start), start)
        if child["status"] in child_ends(self._dependencies.rules):
            self.take_end(start, child)

    def _as_parent(self, start: ChildStart) -> JobHeader:
        """The header, with the marks of those variables of the child that are secrets of this job."""
        stored = self._writer.header
        header: JobHeader = {**stored, "variables": self._state.variables}
        if not keeps_secrets(header, self._graph):
            return {**stored, "description": self._state.description}
        finder = Finder(secrets_of(header, self._graph, self._state))
        marked = marks_of_iteration(header, start.task_id, self._graph.tasks[start.task_id])
        handed = handed_to_child(finder, marked, start.variables)
        return {**stored, "description": finder.hidden(self._state.description), HANDED_SECRETS: handed}

    def take_end(self, start: ChildStart, child: JobHeader) -> None:
        """Send the end of this child, with its variables, to the parent."""
        child = from_stored(child)
        self.learn_secrets(start.task_id, child)
        variables, status = child["variables"], child["status"]
        if status in ("complete", "canceled", "error"):
            self._send(ChildEnded(start.task_id, start.iteration, start.attempt, start.element, status, variables))

    def learn_secrets(self, task_id: str, child: JobHeader) -> None:
        """Mark the secrets among the variables of a child before the variables become the task's."""
        known = self._writer.header.get(CHILD_SECRETS, [])
        entries = child_secret_entries(child, task_id, self._graph.tasks.get(task_id, {}))
        if new := [entry for entry in entries if entry not in known]:
            self._writer.header = {**self._writer.header, CHILD_SECRETS: [*known, *new]}

    async def cancel_family(self, canceling: Message) -> tuple[list[str], InboxEntry] | None:
        """Store the command in all jobs below this one before this job is canceled, so that none is forgotten.

        The ids of those jobs and the command, which `publish_cancel` delivers afterwards.
        """
        if not any(task.iteration for id, task in self._state.tasks.items() if self._starts_children(id)):
            return None
        command = canceling.inbox_id or ""
        id = command if command.startswith(CANCELED_WITH) else f"{CANCELED_WITH}{self._state.job_id}"
        entry = inbox_entry(id, Canceled(), self._writer.header["metrics"].get("user") or "")
        return await self._family.cancel(self._state.job_id, entry), entry

    async def publish_cancel(self, canceled: tuple[list[str], InboxEntry]) -> None:
        await self._family.publish_command(*canceled)

    def _starts_children(self, task_id: str) -> bool:
        return text_at(self._graph.tasks[task_id], "name") == "childJob"
