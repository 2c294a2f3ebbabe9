"""Workflows by name, checked, and with the assets in the documented forms of lists and exports."""

from typing import Annotated

import strawberry

from ...models.json import is_object
from ...resolvers.search import lists
from ...resolvers.workflows import authoring, checking
from ...resolvers.workflows import imports as workflows
from ..auth.authorization import requires
from ..context import RequestInfo
from ..fields import DocumentedList, as_documented_list
from ..jobs.inputs import check_count
from ..paging import DocumentedQuery
from ..scalars import JSON
from .types import Workflow, WorkflowCheck, as_workflow, as_workflow_check

MOST_WORKFLOWS = 1000
MOST_BESIDE = 1000


@strawberry.type
class WorkflowQueries:
    @strawberry.field(
        extensions=requires("getWorkflowDetailedByName"),
        description="A workflow by exact name. An unknown name is null, with an error of code WORKFLOW_NOT_FOUND.",
    )
    async def workflow(
        self,
        info: RequestInfo,
        name: Annotated[str, strawberry.argument(description="The exact name; case and spaces count.")],
    ) -> Workflow | None:
        return as_workflow(await workflows.find(name, info.context["caller"]))

    @strawberry.field(
        extensions=requires("getWorkflows"),
        description=f"The workflows ordered by name, at most {MOST_WORKFLOWS}.",
    )
    async def workflows(self, info: RequestInfo) -> list[Workflow]:
        found = await workflows.find_all(MOST_WORKFLOWS, info.context["caller"])
        return [as_workflow(workflow) for workflow in found]

    @strawberry.field(
        extensions=requires("validateWorkflow"),
        description="The check of a workflow: everything that this server cannot run, with the reason. The "
        "check imports nothing, and no finding blocks an import.",
    )
    async def validate_workflow(
        self,
        info: RequestInfo,
        document: Annotated[JSON, strawberry.argument(description="The workflow, bare or in a container.")],
        beside: Annotated[
            list[JSON] | None,
            strawberry.argument(description=f"Documents to import together with the workflow, at most {MOST_BESIDE}."),
        ] = None,
    ) -> WorkflowCheck:
        together = check_count(beside or [], MOST_BESIDE, "beside")
        return as_workflow_check(await checking.check(document, together, info.context["services"].providers.offers))

    @strawberry.field(
        extensions=requires("getWorkflows"),
        description="Workflows as GET /automation-studio/workflows returns workflows, by default ordered by name.",
    )
    async def documented_workflows(self, info: RequestInfo, query: DocumentedQuery) -> DocumentedList:
        return as_documented_list(await lists.workflows(info.context["caller"], query if is_object(query) else {}))

    @strawberry.field(
        extensions=requires("validateWorkflow"),
        description="The check of a stored workflow, as `validateWorkflow` checks a document. An unknown name is null, "
        "with an error of code WORKFLOW_NOT_FOUND.",
    )
    async def check_workflow(
        self,
        info: RequestInfo,
        name: Annotated[str, strawberry.argument(description="The exact name; case and spaces count.")],
    ) -> WorkflowCheck | None:
        offers = info.context["services"].providers.offers
        return as_workflow_check(await checking.check_stored(name, info.context["caller"], offers))

    @strawberry.field(
        extensions=requires("exportWorkflow"),
        description="A workflow in the form for other systems: without the id, and with the names of users.",
    )
    async def export_workflow(
        self,
        info: RequestInfo,
        name: Annotated[str | None, strawberry.argument(description="The exact name of the workflow.")] = None,
        id: Annotated[
            strawberry.ID | None, strawberry.argument(description="The id of the workflow, in place of the name.")
        ] = None,
    ) -> JSON:
        return await authoring.export(info.context["caller"], name, id)

    @strawberry.field(
        extensions=requires("searchTransformations"),
        description="Transformations as GET /transformations returns transformations, ordered by name.",
    )
    async def documented_transformations(self, info: RequestInfo, query: DocumentedQuery) -> DocumentedList:
        return as_documented_list(
            await lists.transformations(info.context["caller"], query if is_object(query) else {})
        )

    @strawberry.field(
        extensions=requires("getTemplates"),
        description="Templates as GET /automation-studio/templates returns templates, ordered by name.",
    )
    async def documented_templates(self, info: RequestInfo, query: DocumentedQuery) -> DocumentedList:
        return as_documented_list(await lists.templates(info.context["caller"], query if is_object(query) else {}))

    @strawberry.field(
        extensions=requires("getForms"),
        description="JSON forms as GET /json-forms/forms returns forms, ordered by name.",
    )
    async def documented_forms(self, info: RequestInfo, query: DocumentedQuery) -> DocumentedList:
        return as_documented_list(await lists.forms(info.context["caller"], query if is_object(query) else {}))
