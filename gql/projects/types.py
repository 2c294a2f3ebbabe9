"""Projects, and the reports of imports and deletions."""

from collections.abc import Mapping
from enum import Enum
from typing import cast

import strawberry

from ...models.documents.shapes.projects import Component, ProjectDocument
from ...models.json import Json, is_object
from ...resolvers.projects import projects
from ...resolvers.projects.components import components_of
from ..context import RequestInfo
from ..execution.selection import reads
from ..fields import list_field, value_field, whole_field
from ..node import Node
from ..paging import CURSOR, Page
from ..scalars import JSON, DateTime
from ..workflows.types import DocumentKind, ImportedDocument, SkippedDocument, as_imported, as_skipped


@strawberry.enum(
    description="The role of a member of a project. Each role includes the permissions of the preceding roles."
)
class ProjectRole(Enum):
    VIEWER = strawberry.enum_value("viewer", description="The member may view the project.")
    OPERATOR = strawberry.enum_value("operator", description="The member may start jobs of the project's workflows.")
    EDITOR = strawberry.enum_value(
        "editor", description="The member may change the project and the documents of the project."
    )
    OWNER = strawberry.enum_value("owner", description="The member may change the members and delete the project.")


@strawberry.type(description="A member of a project: an account or group that may see the project.")
class ProjectMember:
    type: str | None = value_field("type", "The kind of the member: `account` or `group`.")
    reference: strawberry.ID | None = value_field("reference", "The id of the account or group.")
    role: ProjectRole | None = value_field("role", "The role of the member.")


@strawberry.type(description="A component of a project: a document.")
class ProjectComponent:
    iid: int | None = value_field("iid", "The number of the component in the project.")
    type: str | None = value_field(
        "type",
        "The kind of the document: `workflow`, `transformation`, `template`, `jsonForm`, `mopCommandTemplate` or "
        "`mopAnalyticTemplate`.",
    )
    reference: strawberry.ID | None = value_field("reference", "The id of the document.")
    folder: str | None = value_field("folder", "The folder of the document in the project: `/`, `/a/b`.")
    name: str | None = value_field("name", "The name of the document: `@projectId: Name`.")


async def _components(root: Mapping[str, object], info: RequestInfo):
    found = await components_of(root, info.context["caller"])
    info.context["loaders"].spend(len(found))
    return cast(list[ProjectComponent], found)


def _user_id(value: Json) -> Json:
    """The id of a user, from an id or from the whole user in an export."""
    return value.get("_id") or value.get("username") if is_object(value) else value


@strawberry.type(description="A project: documents that belong together, with names `@projectId: Name`.")
class Project(Node):
    id: strawberry.ID = value_field("_id", "The id of the project, 24 hex digits.")
    iid: int | None = value_field("iid", "The number of the project.")
    name: str | None = value_field("name", "The name of the project.")
    description: str | None = value_field("description", "The purpose of the project.")
    components: list[ProjectComponent] = strawberry.field(
        resolver=_components,
        description="The documents of the project that the server stores.",
        metadata=reads("_id", "components"),
    )
    members: list[ProjectMember] = list_field("members", "The members, who may see the project; empty: everybody.")
    folders: JSON | None = value_field("folders", "The tree of the project's folders, as stored by the editor.")
    background_color: str | None = value_field("backgroundColor", "The color of the project in the editor.")
    thumbnail: str | None = value_field("thumbnail", "A picture of the project, as stored by the editor.")
    created: DateTime | None = value_field("created", "The creation time of the project.")
    created_by: strawberry.ID | None = value_field("createdBy", "The account that created the project.", _user_id)
    last_updated: DateTime | None = value_field("lastUpdated", "The time of the project's last change.")
    last_updated_by: strawberry.ID | None = value_field(
        "lastUpdatedBy", "The account that last changed the project.", _user_id
    )
    documented: JSON = whole_field("The project in the documented REST form.")


@strawberry.type(description="A project in a list.")
class ProjectEdge:
    cursor: str = strawberry.field(description=CURSOR)
    node: Project = strawberry.field(description="The project.")


@strawberry.type(description="A page of a list of projects.")
class ProjectConnection(Page):
    @strawberry.field(description="The projects of the page, with their cursors.")
    def edges(self) -> list[ProjectEdge]:
        return [ProjectEdge(cursor=cursor, node=cast(Project, node)) for cursor, node in self.entries]

    @strawberry.field(description="The projects of the page.")
    def nodes(self) -> list[Project]:
        return cast(list[Project], self.found.documents)


@strawberry.type(description="The report of the import of a project.")
class ProjectImport:
    project: Project = strawberry.field(description="The project after the import.")
    imported: list[ImportedDocument] = strawberry.field(description="The imported documents.")
    skipped: list[SkippedDocument] = strawberry.field(
        description="The documents that were not imported, with the reason."
    )


@strawberry.type(description="A document of a deleted project.")
class DeletedDocument:
    kind: DocumentKind = strawberry.field(description="The kind of the document.")
    id: strawberry.ID = strawberry.field(description="The id of the document.")
    name: str = strawberry.field(description="The name of the document.")


@strawberry.type(
    description="The report of the deletion of a project. Running jobs continue with the versions of their start."
)
class DeletedProject:
    project: Project = strawberry.field(description="The project before the deletion.")
    deleted: list[DeletedDocument] = strawberry.field(description="The deleted documents.")
    kept: list[DeletedDocument] = strawberry.field(
        description="The documents that stay, because another project also has the documents."
    )


def as_project(document: ProjectDocument) -> Project:
    return cast(Project, document)


def as_component(document: Component) -> ProjectComponent:
    return cast(ProjectComponent, document)


def as_project_import(report: projects.ProjectReport) -> ProjectImport:
    return ProjectImport(
        project=as_project(report.project), imported=as_imported(report.imported), skipped=as_skipped(report.skipped)
    )


def as_deleted_project(deleted: projects.ProjectDeletion) -> DeletedProject:
    def as_documents(names: list[projects.Named]) -> list[DeletedDocument]:
        return [DeletedDocument(kind=DocumentKind(kind), id=strawberry.ID(id), name=name) for kind, id, name in names]

    return DeletedProject(
        project=as_project(deleted.project), deleted=as_documents(deleted.deleted), kept=as_documents(deleted.kept)
    )
