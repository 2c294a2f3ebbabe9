"""Workflows and assets in the documented forms of lists and exports."""

from typing import Annotated

import strawberry

from ...models.json import is_object
from ...resolvers.search import lists
from ...resolvers.workflows import authoring, checking
from ..auth.permissions import requires
from ..context import RequestInfo
from ..fields import DocumentedList, as_documented_list
from ..lists import DocumentedQuery
from ..scalars import JSON
from ..sources import as_workflow_check
from .types import WorkflowCheck


@strawberry.type
class WorkflowQueries:
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
