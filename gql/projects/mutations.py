"""Creating, changing, importing and deleting projects."""

from enum import Enum
from typing import Annotated

import strawberry

from ...resolvers.projects import components as projects_components
from ...resolvers.projects import projects
from ..auth.permissions import requires
from ..context import RequestInfo
from ..scalars import JSON
from .queries import ProjectId
from .types import (
    DeletedProject,
    Project,
    ProjectComponent,
    ProjectImport,
    as_component,
    as_deleted_project,
    as_project,
    as_project_import,
)

Document = Annotated[JSON, strawberry.argument(description="The project, with its `name`.")]


@strawberry.enum(description="What an import does where a document of the project is there already.")
class ConflictMode(Enum):
    OVERWRITE = strawberry.enum_value("overwrite", description="Replace it.")
    INSERT_NEW = strawberry.enum_value("insert-new", description="Leave it as it is, and say so.")


@strawberry.enum(description="How documents come into a project.")
class ComponentMode(Enum):
    MOVE = strawberry.enum_value("move", description="They get its name. What another project has is not moved.")
    COPY = strawberry.enum_value("copy", description="Copies with ids of their own do.")


@strawberry.type
class ProjectMutations:
    @strawberry.mutation(
        extensions=requires("createProject"),
        description="Make a project; its name must be free. Its `components` are moved into it.",
    )
    async def create_project(self, info: RequestInfo, document: Document) -> Project | None:
        return as_project(await projects.create(info.context["services"], info.context["caller"], document))

    @strawberry.mutation(
        extensions=requires("updateProject"),
        description="Change fields of a project: its name, description, folders, members and how it is shown.",
    )
    async def update_project(
        self,
        info: RequestInfo,
        id: ProjectId,
        changes: Annotated[JSON, strawberry.argument(description="The fields that change.")],
    ) -> Project | None:
        return as_project(await projects.update(info.context["services"], info.context["caller"], id, changes))

    @strawberry.mutation(
        extensions=requires("deleteProject"),
        description="Take a project away with its documents. Jobs that run go on; broken off, repeat it.",
    )
    async def delete_project(self, info: RequestInfo, id: ProjectId) -> DeletedProject | None:
        return as_deleted_project(await projects.delete(info.context["services"], info.context["caller"], id))

    @strawberry.mutation(
        extensions=requires("importProject"),
        description="Store an exported project under its own id, and its documents as `@projectId: Name` under theirs. "
        "What does not come in is reported and stops nothing; repeated, it is the same again. Members are not taken.",
    )
    async def import_project(
        self,
        info: RequestInfo,
        document: Annotated[JSON, strawberry.argument(description="The exported project.")],
        conflict_mode: Annotated[
            ConflictMode, strawberry.argument(description="What happens to documents that it has already.")
        ] = ConflictMode.OVERWRITE,
    ) -> ProjectImport | None:
        fresh = conflict_mode is ConflictMode.INSERT_NEW
        services, caller = info.context["services"], info.context["caller"]
        return as_project_import(await projects.import_project(services, caller, document, fresh=fresh))

    @strawberry.mutation(
        extensions=requires("addComponentsToProject"),
        description=f"Let a project have documents that are here, at most {projects_components.AT_ONCE}.",
    )
    async def add_components_to_project(
        self,
        info: RequestInfo,
        id: ProjectId,
        components: Annotated[
            list[JSON], strawberry.argument(description="`{type, reference, folder}` each; `reference` is an id.")
        ],
        mode: Annotated[ComponentMode, strawberry.argument(description="How.")] = ComponentMode.MOVE,
    ) -> Project | None:
        caller = info.context["caller"]
        return as_project(await projects.add_components(caller, id, components, str(mode.value)))

    @strawberry.mutation(
        extensions=requires("removeComponentFromProject"),
        description="Delete a document of a project. One that another project has, too, only leaves this one.",
    )
    async def remove_component_from_project(
        self,
        info: RequestInfo,
        id: ProjectId,
        component: Annotated[strawberry.ID, strawberry.argument(description="Its `iid` or its `reference`.")],
    ) -> ProjectComponent | None:
        return as_component(await projects_components.remove(info.context["caller"], id, component))
