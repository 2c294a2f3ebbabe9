"""Mutations that create, change, import and delete projects."""

from enum import Enum
from typing import Annotated

import strawberry

from ...resolvers.projects import components as projects_components
from ...resolvers.projects import projects
from ..auth.authorization import requires
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

Document = Annotated[JSON, strawberry.argument(description="The project, with a `name`.")]


@strawberry.enum(description="The behavior of an import for documents that the project already has.")
class ConflictMode(Enum):
    OVERWRITE = strawberry.enum_value("overwrite", description="The import replaces the document.")
    INSERT_NEW = strawberry.enum_value(
        "insert-new", description="The import leaves the document unchanged and reports the document as skipped."
    )


@strawberry.enum(description="The way to add documents to a project.")
class ComponentMode(Enum):
    MOVE = strawberry.enum_value(
        "move",
        description="The documents themselves move into the project and are renamed. A document of another "
        "project is not moved.",
    )
    COPY = strawberry.enum_value("copy", description="Copies of the documents, with new ids, come into the project.")


@strawberry.type
class ProjectMutations:
    @strawberry.mutation(
        extensions=requires("createProject"),
        description="Creates a project; no other project may have the same name. The documents in `components` "
        "move into the project.",
    )
    async def create_project(self, info: RequestInfo, document: Document) -> Project | None:
        return as_project(await projects.create(info.context["services"], info.context["caller"], document))

    @strawberry.mutation(
        extensions=requires("updateProject"),
        description="Changes fields of a project: name, description, folders, members and appearance.",
    )
    async def update_project(
        self,
        info: RequestInfo,
        id: ProjectId,
        changes: Annotated[JSON, strawberry.argument(description="The fields to change.")],
    ) -> Project | None:
        return as_project(await projects.update(info.context["services"], info.context["caller"], id, changes))

    @strawberry.mutation(
        extensions=requires("deleteProject"),
        description="Deletes a project with the documents of the project. Running jobs continue. An "
        "interrupted deletion can be repeated.",
    )
    async def delete_project(self, info: RequestInfo, id: ProjectId) -> DeletedProject | None:
        return as_deleted_project(await projects.delete(info.context["services"], info.context["caller"], id))

    @strawberry.mutation(
        extensions=requires("importProject"),
        description="Imports an exported project with the ids of the export, and stores the documents as "
        "`@projectId: Name`. The report names documents that were not imported; such documents do not stop the "
        "import. A repeated import has the same result. The import does not take the members.",
    )
    async def import_project(
        self,
        info: RequestInfo,
        document: Annotated[JSON, strawberry.argument(description="The exported project.")],
        conflict_mode: Annotated[
            ConflictMode, strawberry.argument(description="The behavior for documents that the project already has.")
        ] = ConflictMode.OVERWRITE,
    ) -> ProjectImport | None:
        fresh = conflict_mode is ConflictMode.INSERT_NEW
        services, caller = info.context["services"], info.context["caller"]
        return as_project_import(await projects.import_project(services, caller, document, fresh=fresh))

    @strawberry.mutation(
        extensions=requires("addComponentsToProject"),
        description=f"Adds stored documents to a project, at most {projects_components.AT_ONCE}.",
    )
    async def add_components_to_project(
        self,
        info: RequestInfo,
        id: ProjectId,
        components: Annotated[
            list[JSON],
            strawberry.argument(
                description="The documents, each as `{type, reference, folder}`; `reference` is the id."
            ),
        ],
        mode: Annotated[
            ComponentMode, strawberry.argument(description="Whether to move or to copy the documents.")
        ] = ComponentMode.MOVE,
    ) -> Project | None:
        caller = info.context["caller"]
        return as_project(await projects.add_components(caller, id, components, str(mode.value)))

    @strawberry.mutation(
        extensions=requires("removeComponentFromProject"),
        description="Deletes a document of a project. A document that another project also has is only removed "
        "from the project.",
    )
    async def remove_component_from_project(
        self,
        info: RequestInfo,
        id: ProjectId,
        component: Annotated[
            strawberry.ID, strawberry.argument(description="The `iid` or the `reference` of the component.")
        ],
    ) -> ProjectComponent | None:
        return as_component(await projects_components.remove(info.context["caller"], id, component))
