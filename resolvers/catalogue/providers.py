"""Who does the tasks that are not built in."""

from ...models.engine.events import ProviderCall
from ...models.engine.outcomes import Finish
from ...models.json import text_at


async def no_provider(call: ProviderCall) -> Finish:
    """The answer where nobody provides the task: it errors when it runs, by name, and never before."""
    task = f"{text_at(call.definition, 'app')}.{text_at(call.definition, 'name')}"
    return Finish("error", error=f"No provider for {task}: this server has no such built-in task, app or adapter.")
