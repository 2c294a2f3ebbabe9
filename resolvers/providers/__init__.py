"""Providers: they run the tasks that are not built into the engine, by location, app and name."""

from collections.abc import Callable, Mapping, Set
from types import MappingProxyType

from ...models.engine.definition import is_manual
from ...models.engine.events import ProviderCall
from ...models.engine.outcomes import Finish
from ...models.json import text_at
from ..runner.protocol import Perform
from .configuration import Key

Name = tuple[str, str]  # application (for an adapter: its type) and task
Recorded = Callable[[ProviderCall], Finish | None]


def nothing_recorded(call: ProviderCall) -> Finish | None:
    return None


class Providers:
    """`native` are jobyard's own tasks that need more than the engine has: documents, a network, time.

    The first of these runs a task: its recorded answer; a provider `configured` for exactly this task; `native`; a
    provider configured for its application; `stub`, for all other tasks. Without any, the task ends in error.

    A person works a manual task. A provider answers it only if it is configured for exactly this task by name, or if an
    answer is recorded for it: `recorded_tasks` has pairs of (workflow, task id).
    """

    def __init__(
        self,
        native: Mapping[Name, Perform] = MappingProxyType({}),
        configured: Mapping[Key, Perform] = MappingProxyType({}),
        recorded: Recorded = nothing_recorded,
        stub: Perform | None = None,
        recorded_tasks: Set[tuple[str, str]] = frozenset(),
    ) -> None:
        self._native = native
        self._configured = configured
        self._recorded = recorded
        self._stub = stub
        self._recorded_tasks = recorded_tasks

    def offers(self, location: str, app: str, name: str) -> bool:
        """Whether a provider runs this task; recorded answers are for tasks of one workflow and do not count."""
        return self.provider_of(location, app, name) is not None

    def provider_of(self, location: str, app: str, name: str) -> Perform | None:
        return (
            self._configured_for(location, app, name)
            or self._native.get((app, name))
            or self._configured_for(location, app, "")
            or self._stub
        )

    def answers_for_person(self, workflow: str, task_id: str, definition: Mapping[str, object]) -> bool:
        """Whether a provider answers this manual task of the workflow in a person's place."""
        return (workflow, task_id) in self._recorded_tasks or self._configured_by_name(definition) is not None

    @property
    def stubs_the_rest(self) -> bool:
        return self._stub is not None

    @property
    def adapters(self) -> set[str]:
        """The adapters with a configured provider."""
        return {app for location, app, _ in self._configured if location == "Adapter"}

    async def perform(self, call: ProviderCall) -> Finish:
        """Run the task; a task without a provider ends in error, which names it."""
        finish = self._recorded(call)
        if finish is not None:
            return finish
        location, app, name = (text_at(call.definition, key) for key in ("location", "app", "name"))
        manual = is_manual(call.definition)
        if manual:
            perform = self._configured_by_name(call.definition) or self._native.get((app, name))
        else:
            perform = self.provider_of(location, app, name)
        if perform is not None:
            return await perform(call)
        if manual:
            return Finish(
                "error",
                error=f"Nothing answers {app}.{name} in a person's place any more: "
                "its entry in the providers file is gone. Retry the task, and it waits for a person.",
            )
        return Finish(
            "error",
            error=f"No provider for {app}.{name}: this server has no such task, app or adapter. "
            "Name one in the providers file (`jobyard serve --providers FILE`).",
        )

    def _configured_for(self, location: str, app: str, name: str) -> Perform | None:
        return self._configured.get((location, app, name)) or self._configured.get(("", app, name))

    def _configured_by_name(self, definition: Mapping[str, object]) -> Perform | None:
        """The provider configured for exactly this task; no entry can mean a task without a name."""
        location, app, name = (text_at(definition, key) for key in ("location", "app", "name"))
        return self._configured_for(location, app, name) if name else None
