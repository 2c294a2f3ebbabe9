"""Projects, and the report of an import or a deletion."""

from enum import Enum
from typing import cast

import strawberry

from ...models.json import Json, JsonObject, is_object
from ...resolvers.projects import projects
from ...resolvers.projects.components import components_of
from ..connection import CURSOR, Page
from ..context import RequestInfo
from ..execution.selection import reads
from ..fields import documented, listed, whole
from ..node import Node
from ..scalars import JSON, DateTime
from ..workflows.types import DocumentKind, ImportedDocument, SkippedDocument, imported_of, skipped_of


@strawberry.enum(description="What a member of a project may do; each role has what those before it have.")
class ProjectRole(Enum):
    VIEWER = strawberry.enum_value("viewer", description="Look.")
    OPERATOR = strawberry.enum_value("operator", description="Start jobs of its workflows.")
    EDITOR = strawberry.enum_value("editor", description="Change it and its documents.")
    OWNER = strawberry.enum_value("owner", description="Say who its members are, and delete it.")


@strawberry.type(description="Who may see a project.")
class ProjectMember:
    type: str | None = documented("type", "`account` or `group`.")
    reference: strawberry.ID | None = documented("reference", "The account or the group.")
    role: ProjectRole | None = documented("role", "What the member may do.")


@strawberry.type(description="A document of a project.")
class ProjectComponent:
    iid: int | None = documented("iid", "Its number in the project.")
    type: str | None = documented("type", "`workflow`, `transformation`, `template` or `jsonForm`.")
    reference: strawberry.ID | None = documented("reference", "The document's id.")
    folder: str | None = documented("folder", "Where it is in the project: `/`, `/a/b`.")
    name: str | None = documented("name", "The document's name: `@projectId: Name`.")


async def _components(root: JsonObject, info: RequestInfo):
    found = await components_of(root, info.context["caller"])
    info.context["loaders"].spend(len(found))
    return cast(list[ProjectComponent], found)


def _user_id(value: Json) -> Json:
    """An id, or the whole user that an export names."""
    return value.get("_id") or value.get("username") if is_object(value) else value


@strawberry.type(description="Documents that belong together. They are called `@projectId: Name`.")
class Project(Node):
    id: strawberry.ID = documented("_id", "24 hex digits.")
    iid: int | None = documented("iid", "Its number.")
    name: str | None = documented("name", "Its name.")
    description: str | None = documented("description", "What it is for.")
    components: list[ProjectComponent] = strawberry.field(
        resolver=_components, description="Its documents that are here.", metadata=reads("_id", "components")
    )
    members: list[ProjectMember] = listed("members", "Who may see it; empty: everybody.")
    folders: JSON | None = documented("folders", "The tree of its folders, as its editor keeps it.")
    background_color: str | None = documented("backgroundColor", "The color that it is shown in.")
    thumbnail: str | None = documented("thumbnail", "A picture of it, as its editor keeps it.")
    created: DateTime | None = documented("created", "When it was created.")
    created_by: strawberry.ID | None = documented("createdBy", "Who created it.", _user_id)
    last_updated: DateTime | None = documented("lastUpdated", "When it last changed.")
    last_updated_by: strawberry.ID | None = documented("lastUpdatedBy", "Who last changed it.", _user_id)
    documented: JSON = whole("The project in its documented REST form.")


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


@strawberry.type(description="What came of importing a project.")
class ProjectImport:
    project: Project = strawberry.field(description="The project as it is now.")
    imported: list[ImportedDocument] = strawberry.field(description="What came in.")
    skipped: list[SkippedDocument] = strawberry.field(description="What did not.")


@strawberry.type(description="A document of a project that was deleted.")
class DeletedDocument:
    kind: DocumentKind = strawberry.field(description="What it is.")
    id: strawberry.ID = strawberry.field(description="Its id.")
    name: str = strawberry.field(description="Its name.")


@strawberry.type(description="What went with a project. Jobs that run go on with what they started with.")
class DeletedProject:
    project: Project = strawberry.field(description="The project as it was.")
    deleted: list[DeletedDocument] = strawberry.field(description="Its documents that are gone.")
    kept: list[DeletedDocument] = strawberry.field(description="Those that stay, since another project has them, too.")


def as_project(document: JsonObject) -> Project:
    return cast(Project, document)


def as_component(document: JsonObject) -> ProjectComponent:
    return cast(ProjectComponent, document)


def as_project_import(report: projects.ProjectReport) -> ProjectImport:
    return ProjectImport(
        project=as_project(report.project), imported=imported_of(report.imported), skipped=skipped_of(report.skipped)
    )


def as_deleted_project(deleted: projects.ProjectDeletion) -> DeletedProject:
    def of(several: list[projects.Named]) -> list[DeletedDocument]:
        return [DeletedDocument(kind=DocumentKind(kind), id=strawberry.ID(id), name=name) for kind, id, name in several]

    return DeletedProject(project=as_project(deleted.project), deleted=of(deleted.deleted), kept=of(deleted.kept))
