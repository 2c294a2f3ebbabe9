"""Creating, changing, importing and deleting automations and triggers, and starting jobs through them."""

from typing import Annotated, TypeAlias

import strawberry

from ...resolvers.automations import automations, run, triggers
from ..auth.permissions import requires
from ..context import RequestInfo
from ..jobs.inputs import variables_of, within
from ..jobs.types import Job
from ..scalars import JSON
from ..sources import as_job
from .queries import AutomationId, TriggerId
from .types import Automation, Brought, Trigger, as_automation, as_brought, as_trigger

MOST_DOCUMENTS = 100

AutomationDocument: TypeAlias = Annotated[
    JSON, strawberry.argument(description="`name`, and `componentId` or `componentName`: the workflow.")
]
TriggerDocument: TypeAlias = Annotated[
    JSON, strawberry.argument(description="`name`, `type`, `actionId`; of an endpoint `routeName`, `schema`, `jst`.")
]
Changes: TypeAlias = Annotated[JSON, strawberry.argument(description="The fields to change, or the whole document.")]
Documents: TypeAlias = Annotated[
    list[JSON], strawberry.argument(description=f"Exported documents, at most {MOST_DOCUMENTS}.")
]
Input: TypeAlias = Annotated[JSON | None, strawberry.argument(description="An object: what the job starts with.")]


@strawberry.type
class AutomationMutations:
    @strawberry.mutation(
        extensions=requires("createAutomation"),
        description="Store a new automation. Its name must be free, and its workflow must be here.",
    )
    async def create_automation(self, info: RequestInfo, document: AutomationDocument) -> Automation | None:
        return as_automation(await automations.create(info.context["services"], info.context["caller"], document))

    @strawberry.mutation(extensions=requires("updateAutomation"), description="Change an automation.")
    async def update_automation(self, info: RequestInfo, id: AutomationId, changes: Changes) -> Automation | None:
        return as_automation(await automations.update(info.context["services"], info.context["caller"], id, changes))

    @strawberry.mutation(
        extensions=requires("deleteAutomation"), description="Take an automation away with its triggers, and answer it."
    )
    async def delete_automation(self, info: RequestInfo, id: AutomationId) -> Automation | None:
        return as_automation(await automations.delete(info.context["caller"], id))

    @strawberry.mutation(
        extensions=requires("importAutomations"),
        description="Store exported automations with their triggers, under new ids. A result for each document.",
    )
    async def import_automations(self, info: RequestInfo, documents: Documents) -> list[Brought] | None:
        wanted = within(documents, MOST_DOCUMENTS)
        return as_brought(
            await automations.import_automations(info.context["services"], info.context["caller"], wanted)
        )

    @strawberry.mutation(
        extensions=requires("cloneAutomation"),
        description="Copy an automation with its triggers. Copied endpoints are disabled: a route has one that is not.",
    )
    async def clone_automation(
        self,
        info: RequestInfo,
        id: AutomationId,
        name: Annotated[
            str | None, strawberry.argument(description="Of the copy; the name with ` (copy)` unless given.")
        ] = None,
    ) -> Automation | None:
        return as_automation(await automations.clone(info.context["services"], info.context["caller"], id, name))

    @strawberry.mutation(
        extensions=requires("createTrigger"),
        description="Store a new trigger of an automation. Those of schedules and events are kept, and start nothing: "
        "see `warnings`.",
    )
    async def create_trigger(self, info: RequestInfo, document: TriggerDocument) -> Trigger | None:
        return as_trigger(await triggers.create(info.context["services"], info.context["caller"], document))

    @strawberry.mutation(extensions=requires("updateTrigger"), description="Change a trigger.")
    async def update_trigger(self, info: RequestInfo, id: TriggerId, changes: Changes) -> Trigger | None:
        return as_trigger(await triggers.update(info.context["services"], info.context["caller"], id, changes))

    @strawberry.mutation(extensions=requires("deleteTrigger"), description="Take a trigger away, and answer it.")
    async def delete_trigger(self, info: RequestInfo, id: TriggerId) -> Trigger | None:
        return as_trigger(await triggers.delete(info.context["caller"], id))

    @strawberry.mutation(
        extensions=requires("deleteTriggersByActionId"),
        description="Take all triggers of an automation away, and answer how many there were.",
    )
    async def delete_triggers_of_automation(self, info: RequestInfo, id: AutomationId) -> int | None:
        return await triggers.delete_of_automation(info.context["caller"], id)

    @strawberry.mutation(
        extensions=requires("importTriggers"),
        description="Store exported triggers under new ids. A result for each document.",
    )
    async def import_triggers(self, info: RequestInfo, documents: Documents) -> list[Brought] | None:
        wanted = within(documents, MOST_DOCUMENTS)
        return as_brought(await automations.import_triggers(info.context["services"], info.context["caller"], wanted))

    @strawberry.mutation(
        extensions=requires("runEndpointTriggerWithPost"),
        description="Start a job through the enabled endpoint of a route: the trigger's schema checks the input, "
        "and its transformation, if it has one, makes the variables.",
    )
    async def run_endpoint_trigger(
        self,
        info: RequestInfo,
        route_name: Annotated[str, strawberry.argument(description="The trigger's `routeName`.")],
        input: Input = None,
    ) -> Job | None:
        services, caller, arrival = info.context["services"], info.context["caller"], info.context["arrival"]
        return as_job(await run.run_endpoint(services, caller, route_name, variables_of(input), arrival))

    @strawberry.mutation(
        extensions=requires("runManualTrigger"),
        description="Start a job through a manual trigger, with the answers of its form; what the trigger has of them "
        "need not be given.",
    )
    async def run_manual_trigger(self, info: RequestInfo, id: TriggerId, form_data: Input = None) -> Job | None:
        services, caller, arrival = info.context["services"], info.context["caller"], info.context["arrival"]
        return as_job(await run.run_manual(services, caller, id, variables_of(form_data), arrival))
