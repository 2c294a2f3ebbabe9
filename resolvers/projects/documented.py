"""Projects in their documented form."""

from ...models.json import JsonObject
from . import components, headers


async def documented(project: JsonObject) -> JsonObject:
    """With the names of its components, and who may do what."""
    return headers.documented({**project, "components": await components_of(project)})


async def components_of(project: JsonObject) -> list[JsonObject]:
    """Those whose documents are here, each with its document's name."""
    return components.listed(project, await components.stored_of(project))
