"""Automations and triggers: by id, and in the documented forms of lists and exports."""

from typing import Annotated, TypeAlias

import strawberry

from ...models.json import is_object
from ...resolvers.automations import automations, triggers
from ...resolvers.search import lists
from ..auth.authorization import requires
from ..context import RequestInfo
from ..fields import DocumentedList, as_documented_list
from ..scalars import JSON, AsJSON
from .types import Automation, Trigger, as_automation, as_trigger

AutomationId: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="The automation, 24 hex digits.")]
TriggerId: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="The trigger, 24 hex digits.")]
PairedQuery: TypeAlias = Annotated[
    JSON,
    strawberry.argument(
        description="The query parameters of the documented route: `{equalsField: ..., equals: ..., limit: ...}`."
    ),
]


@strawberry.type
class AutomationQueries:
    @strawberry.field(extensions=requires("getAutomation"), description="An automation by id.")
    async def automation(self, info: RequestInfo, id: AutomationId) -> Automation:
        return as_automation(await automations.find(info.context["caller"], id))

    @strawberry.field(
        extensions=requires("getAutomations"),
        description="Automations as GET /operations-manager/automations returns automations, the newest last.",
    )
    async def documented_automations(self, info: RequestInfo, query: PairedQuery) -> DocumentedList:
        return as_documented_list(await lists.automations(info.context["caller"], query if is_object(query) else {}))

    @strawberry.field(
        extensions=requires("exportAutomation"),
        description="An automation in the form for other systems, with the triggers.",
    )
    async def export_automation(self, info: RequestInfo, id: AutomationId) -> AsJSON:
        return await automations.export(info.context["caller"], id)

    @strawberry.field(extensions=requires("getTrigger"), description="A trigger by id.")
    async def trigger(self, info: RequestInfo, id: TriggerId) -> Trigger:
        return as_trigger(await triggers.find(info.context["caller"], id))

    @strawberry.field(
        extensions=requires("getTriggers"),
        description="Triggers as GET /operations-manager/triggers returns triggers, the newest last.",
    )
    async def documented_triggers(self, info: RequestInfo, query: PairedQuery) -> DocumentedList:
        return as_documented_list(await lists.triggers(info.context["caller"], query if is_object(query) else {}))
