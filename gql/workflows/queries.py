"""Workflows as today's clients list and export them."""

from typing import Annotated, cast

import strawberry

from ...models.json import is_object
from ...resolvers.search import lists
from ...resolvers.workflows import authoring
from ..auth.permissions import needs
from ..context import Asked
from ..fields import DocumentedList, as_documented_list
from ..lists import DocumentedQuery
from ..scalars import JSON


@strawberry.type
class WorkflowQueries:
    @strawberry.field(
        extensions=needs("getWorkflows"),
        description="Workflows as GET /automation-studio/workflows finds them, by their names unless sorted otherwise.",
    )
    async def documented_workflows(self, info: Asked, query: DocumentedQuery) -> DocumentedList:
        return as_documented_list(await lists.workflows(info.context["caller"], query if is_object(query) else {}))

    @strawberry.field(
        extensions=needs("exportWorkflow"),
        description="A workflow as it is handed to other systems: without its id, and its users with their names.",
    )
    async def export_workflow(
        self,
        info: Asked,
        name: Annotated[str | None, strawberry.argument(description="The exact name.")] = None,
        id: Annotated[strawberry.ID | None, strawberry.argument(description="Or else the id.")] = None,
    ) -> JSON:
        return cast(JSON, await authoring.export(info.context["caller"], name, id))

    @strawberry.field(
        extensions=needs("searchTransformations"),
        description="Transformations as GET /transformations finds them, by their names.",
    )
    async def documented_transformations(self, info: Asked, query: DocumentedQuery) -> DocumentedList:
        return as_documented_list(
            await lists.transformations(info.context["caller"], query if is_object(query) else {})
        )

    @strawberry.field(
        extensions=needs("getTemplates"),
        description="Templates as GET /automation-studio/templates finds them, by their names.",
    )
    async def documented_templates(self, info: Asked, query: DocumentedQuery) -> DocumentedList:
        return as_documented_list(await lists.templates(info.context["caller"], query if is_object(query) else {}))

    @strawberry.field(
        extensions=needs("getForms"), description="JSON forms as GET /json-forms/forms finds them, by their names."
    )
    async def documented_forms(self, info: Asked, query: DocumentedQuery) -> DocumentedList:
        return as_documented_list(await lists.forms(info.context["caller"], query if is_object(query) else {}))
