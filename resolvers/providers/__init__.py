"""Who does the tasks that the engine has no function for: those that reach outside, by application and name."""

from collections.abc import Mapping
from types import MappingProxyType

from ...models.engine.events import ProviderCall
from ...models.engine.outcomes import Finish
from ...models.json import text_at
from ..runners.runner import Perform

Name = tuple[str, str]  # application (for an adapter: its type) and task


class Providers:
    """`native` are tasks of our own that need more than the engine has: documents, a network, time."""

    def __init__(self, native: Mapping[Name, Perform] = MappingProxyType({})) -> None:
        self._native = native

    def offers(self, location: str, app: str, name: str) -> bool:
        """Whether somebody provides this task."""
        return (app, name) in self._native

    async def perform(self, call: ProviderCall) -> Finish:
        """Do the task, or end it in error, by name, where nobody provides it: when it runs, and never before."""
        app, name = text_at(call.definition, "app"), text_at(call.definition, "name")
        native = self._native.get((app, name))
        if native is not None:
            return await native(call)
        return Finish("error", error=f"No provider for {app}.{name}: this server has no such task, app or adapter.")
