"""Projects: by id, in pages, and in the documented forms of lists and exports."""

from typing import Annotated, TypeAlias

import strawberry

from ...models.json import is_object
from ...resolvers.projects import projects
from ...resolvers.search import lists
from ..auth.authorization import requires
from ..context import RequestInfo
from ..fields import DocumentedList, as_documented_list
from ..jobs.filters import NameFilter, ids_and_name
from ..paging import After, Before, DocumentedQuery, First, Last, window_of
from ..scalars import AsJSON
from .types import Project, ProjectConnection, as_project

ProjectId: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="The project, 24 hex digits.")]


@strawberry.input(description="Filters projects; all given conditions must match. An empty list matches nothing.")
class ProjectFilter:
    ids: list[strawberry.ID] | None = strawberry.field(default=None, description="Ids of projects, at most 1000.")
    name: NameFilter | None = strawberry.field(default=None, description="The name of the project.")


@strawberry.type
class ProjectQueries:
    @strawberry.field(
        extensions=requires("getProject"),
        description="A project by id. An unknown id, and a project that the caller may not see, is null, with "
        "an error of code PROJECT_NOT_FOUND.",
    )
    async def project(self, info: RequestInfo, id: ProjectId) -> Project | None:
        return as_project(await projects.find(info.context["caller"], id))

    @strawberry.field(
        extensions=requires("getProjects"), description="The projects that match a filter, ordered by name."
    )
    async def projects(
        self,
        info: RequestInfo,
        filter: Annotated[
            ProjectFilter | None,
            strawberry.argument(description="The projects to find; without a filter, all projects."),
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> ProjectConnection:
        window = window_of(info, projects.BY_NAME, first, after, last, before)
        conditions = ids_and_name(filter.ids, filter.name) if filter else ()
        return ProjectConnection(found=await projects.page(info.context["caller"], conditions, window))

    @strawberry.field(
        extensions=requires("getProjects"),
        description="Projects as GET /automation-studio/projects returns projects, by default ordered by name.",
    )
    async def documented_projects(self, info: RequestInfo, query: DocumentedQuery) -> DocumentedList:
        return as_documented_list(await lists.projects(info.context["caller"], query if is_object(query) else {}))

    @strawberry.field(
        extensions=requires("exportProject"),
        description="A project in the form for other systems: with the documents, without the members.",
    )
    async def export_project(self, info: RequestInfo, id: ProjectId) -> AsJSON:
        return await projects.export(info.context["caller"], id)
