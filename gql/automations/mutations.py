"""Mutations that create, change, import and delete automations and triggers, and start jobs through triggers."""

from typing import Annotated, TypeAlias

import strawberry

from ...resolvers.automations import automations, run, triggers
from ..auth.authorization import requires
from ..context import RequestInfo
from ..jobs.inputs import check_count, variables_of
from ..jobs.types import Job, as_job
from ..scalars import JSON
from .queries import AutomationId, TriggerId
from .types import Automation, Brought, Trigger, as_automation, as_brought, as_trigger

MOST_DOCUMENTS = 100

AutomationDocument: TypeAlias = Annotated[
    JSON,
    strawberry.argument(description="The automation: `name`, and the workflow by `componentId` or `componentName`."),
]
TriggerDocument: TypeAlias = Annotated[
    JSON,
    strawberry.argument(
        description="The trigger: `name`, `type`, `actionId`; for an endpoint also `routeName`, `schema`, `jst`."
    ),
]
Changes: TypeAlias = Annotated[JSON, strawberry.argument(description="The fields to change, or the whole document.")]
Documents: TypeAlias = Annotated[
    list[JSON], strawberry.argument(description=f"Exported documents, at most {MOST_DOCUMENTS}.")
]
Input: TypeAlias = Annotated[JSON | None, strawberry.argument(description="The input of the trigger, an object.")]


@strawberry.type
class AutomationMutations:
    @strawberry.mutation(
        extensions=requires("createAutomation"),
        description="Creates an automation. No other automation may have the same name, and the server must "
        "have the workflow.",
    )
    async def create_automation(self, info: RequestInfo, document: AutomationDocument) -> Automation | None:
        return as_automation(await automations.create(info.context["services"], info.context["caller"], document))

    @strawberry.mutation(extensions=requires("updateAutomation"), description="Changes an automation.")
    async def update_automation(self, info: RequestInfo, id: AutomationId, changes: Changes) -> Automation | None:
        return as_automation(await automations.update(info.context["services"], info.context["caller"], id, changes))

    @strawberry.mutation(
        extensions=requires("deleteAutomation"),
        description="Deletes an automation with the triggers, and returns the deleted automation.",
    )
    async def delete_automation(self, info: RequestInfo, id: AutomationId) -> Automation | None:
        return as_automation(await automations.delete(info.context["caller"], id))

    @strawberry.mutation(
        extensions=requires("importAutomations"),
        description="Imports exported automations with triggers, under new ids. Returns a result for each document.",
    )
    async def import_automations(self, info: RequestInfo, documents: Documents) -> list[Brought] | None:
        limited = check_count(documents, MOST_DOCUMENTS)
        return as_brought(
            await automations.import_automations(info.context["services"], info.context["caller"], limited)
        )

    @strawberry.mutation(
        extensions=requires("cloneAutomation"),
        description="Copies an automation with the triggers. Copied endpoint triggers are disabled, since only "
        "one trigger of a route may be enabled.",
    )
    async def clone_automation(
        self,
        info: RequestInfo,
        id: AutomationId,
        name: Annotated[
            str | None, strawberry.argument(description="The name of the copy; by default the name with ` (copy)`.")
        ] = None,
    ) -> Automation | None:
        return as_automation(await automations.clone(info.context["services"], info.context["caller"], id, name))

    @strawberry.mutation(
        extensions=requires("createTrigger"),
        description="Creates a trigger of an automation. The server stores schedule and event triggers, but "
        "starts no jobs from them: see `warnings`.",
    )
    async def create_trigger(self, info: RequestInfo, document: TriggerDocument) -> Trigger | None:
        return as_trigger(await triggers.create(info.context["services"], info.context["caller"], document))

    @strawberry.mutation(extensions=requires("updateTrigger"), description="Changes a trigger.")
    async def update_trigger(self, info: RequestInfo, id: TriggerId, changes: Changes) -> Trigger | None:
        return as_trigger(await triggers.update(info.context["services"], info.context["caller"], id, changes))

    @strawberry.mutation(
        extensions=requires("deleteTrigger"), description="Deletes a trigger and returns the deleted trigger."
    )
    async def delete_trigger(self, info: RequestInfo, id: TriggerId) -> Trigger | None:
        return as_trigger(await triggers.delete(info.context["caller"], id))

    @strawberry.mutation(
        extensions=requires("deleteTriggersByActionId"),
        description="Deletes all triggers of an automation, and returns the number of deleted triggers.",
    )
    async def delete_triggers_of_automation(self, info: RequestInfo, id: AutomationId) -> int | None:
        return await triggers.delete_of_automation(info.context["caller"], id)

    @strawberry.mutation(
        extensions=requires("importTriggers"),
        description="Imports exported triggers, under new ids. Returns a result for each document.",
    )
    async def import_triggers(self, info: RequestInfo, documents: Documents) -> list[Brought] | None:
        limited = check_count(documents, MOST_DOCUMENTS)
        return as_brought(await automations.import_triggers(info.context["services"], info.context["caller"], limited))

    @strawberry.mutation(
        extensions=requires("runEndpointTriggerWithPost"),
        description="Starts a job through the enabled endpoint trigger of a route. The trigger's schema checks "
        "the input, and the trigger's transformation, if present, makes the variables.",
    )
    async def run_endpoint_trigger(
        self,
        info: RequestInfo,
        route_name: Annotated[str, strawberry.argument(description="The `routeName` of the trigger.")],
        input: Input = None,
    ) -> Job | None:
        services, caller, arrival = info.context["services"], info.context["caller"], info.context["arrival"]
        return as_job(await run.run_endpoint(services, caller, route_name, variables_of(input), arrival))

    @strawberry.mutation(
        extensions=requires("runManualTrigger"),
        description="Starts a job through a manual trigger, with the answers of the trigger's form. Answers "
        "that the trigger stores may be omitted.",
    )
    async def run_manual_trigger(self, info: RequestInfo, id: TriggerId, form_data: Input = None) -> Job | None:
        services, caller, arrival = info.context["services"], info.context["caller"], info.context["arrival"]
        return as_job(await run.run_manual(services, caller, id, variables_of(form_data), arrival))
