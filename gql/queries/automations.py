"""Automations and triggers, one by one and as today's clients list and export them."""

from typing import Annotated, TypeAlias, cast

import strawberry

from ...models.json import is_object
from ...resolvers import automations, triggers
from ...resolvers.finding import kept
from ..types import JSON
from ..types.automation import Automation, Trigger, as_automation, as_trigger
from ..types.documented_list import DocumentedList, as_documented_list

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
    @strawberry.field(description="One automation by its id.")
    async def automation(self, id: AutomationId) -> Automation:
        return as_automation(await automations.find(id))

    @strawberry.field(description="Automations as GET /operations-manager/automations finds them, new ones last.")
    async def documented_automations(self, query: PairedQuery) -> DocumentedList:
        return as_documented_list(await kept.automations(query if is_object(query) else {}))

    @strawberry.field(description="An automation as it is handed to other systems, its triggers inside.")
    async def export_automation(self, id: AutomationId) -> JSON:
        return cast(JSON, await automations.export(id))

    @strawberry.field(description="One trigger by its id.")
    async def trigger(self, id: TriggerId) -> Trigger:
        return as_trigger(await triggers.find(id))

    @strawberry.field(description="Triggers as GET /operations-manager/triggers finds them, new ones last.")
    async def documented_triggers(self, query: PairedQuery) -> DocumentedList:
        return as_documented_list(await kept.triggers(query if is_object(query) else {}))
