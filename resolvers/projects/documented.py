"""Projects in their documented form."""

from ...models.access import Caller
from ...models.json import JsonObject
from . import components, headers


async def documented(project: JsonObject, caller: Caller) -> JsonObject:
    """With the names of its components, and who may do what."""
    return headers.documented({**project, "components": await components_of(project, caller)})


async def components_of(project: JsonObject, caller: Caller) -> list[JsonObject]:
    """Those whose documents are here and let the caller in, each with its document's name."""
    return components.listed(project, await components.stored_of(project, caller))
