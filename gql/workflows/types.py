"""A workflow, and the report of an import."""

from collections.abc import Iterable
from enum import Enum

import strawberry

from ...models.documents import containers
from ...resolvers.workflows import imports as workflows
from ..accounts.people import Group, User
from ..enums import FinishState, TransitionType
from ..fields import edges_of, entries_of, id_or_object, list_field, map_field, value_field, whole_field
from ..node import Node
from ..scalars import JSON, DateTime
from ..tasks.types import Decorator, WorkflowTask


@strawberry.type(description="Something in a workflow that may go wrong.")
class Warning:
    task: strawberry.ID | None = value_field("task", "The id of the task.")
    name: str | None = value_field("name", "The name of the workflow or task.")
    message: str | None = value_field("message", "What it is.")


@strawberry.type(description="A way between two tasks, as the workflow's author drew it.")
class WorkflowTransition:
    source: strawberry.ID = value_field("source", "The id of the task it leaves.")
    target: strawberry.ID = value_field("target", "The id of the task it leads to.")
    state: FinishState | None = value_field("state", "The finish state that takes it.")
    type: TransitionType | None = value_field("type", "Whether it goes on or back.")


@strawberry.type(description="What a job is started from.")
class Workflow(Node):
    id: strawberry.ID = value_field("_id", "A uuid.")
    name: str = value_field("name", "Its name, unique and exact; a project's copy is called `@projectId: Name`.")
    description: str | None = value_field("description", "What it is for.")
    type: str | None = value_field("type", "Always `automation` so far.")
    input_schema: JSON | None = value_field("inputSchema", "A JSON Schema: the variables that a start must give.")
    output_schema: JSON | None = value_field("outputSchema", "A JSON Schema: the variables that a job ends with.")
    tasks: list[WorkflowTask] = map_field("tasks", "Its tasks, workflow_start and workflow_end included.", entries_of)
    groups: list[Group] = list_field("groups", "Who may see it; empty: everybody.", id_or_object)
    tags: list[JSON] = list_field("tags", "Ids or whole tags.")
    errors: list[Warning] = list_field(
        "errors", "What its editor found wrong: a workflow with errors cannot be started."
    )
    warnings: list[Warning] = list_field("warnings", "What its editor found doubtful.")
    decorators: list[Decorator] = list_field("decorators", "Marks on its variables.")
    sla: float | None = value_field("sla", "How long a job may take, in milliseconds; 0: as long as it likes.")
    pre_automation_time: float | None = value_field(
        "preAutomationTime", "How long it took before it was automated, in milliseconds."
    )
    created: DateTime | None = value_field("created", "When it was created.")
    created_by: User | None = value_field("created_by", "Who created it.", id_or_object)
    created_version: str | None = value_field("createdVersion", "The version of the system that created it.")
    last_updated: DateTime | None = value_field("last_updated", "When it last changed.")
    last_updated_by: User | None = value_field("last_updated_by", "Who last changed it.", id_or_object)
    last_updated_version: str | None = value_field("lastUpdatedVersion", "The version of the system that changed it.")
    font_size: int | None = value_field("font_size", "The size of text on the canvas.")
    canvas_version: float | None = value_field("canvasVersion", "The generation of the canvas: 1, 1.5, 2 or 3.")
    encoding_version: int | None = value_field("encodingVersion", "How the stored document is encoded.")
    migration_version: int | None = value_field("migrationVersion", "The version of the document's schema.")
    transitions: list[WorkflowTransition] = map_field(
        "transitions", "The ways between its tasks, as the author drew them.", edges_of
    )
    document: JSON = whole_field("The whole document, every field as it was imported.")


@strawberry.enum(description="What kind of document was imported.")
class DocumentKind(Enum):
    WORKFLOW = strawberry.enum_value("workflow", description="A workflow.")
    TRANSFORMATION = strawberry.enum_value("transformation", description="A JSON transformation (JST).")
    TEMPLATE = strawberry.enum_value("template", description="A Jinja2 or TextFSM template.")
    FORM = strawberry.enum_value("form", description="A JSON form.")


@strawberry.type(description="A document that came in.")
class ImportedDocument:
    kind: DocumentKind = strawberry.field(description="What it is.")
    id: strawberry.ID = strawberry.field(description="Its id here.")
    name: str = strawberry.field(description="Its name.")
    where: str = strawberry.field(description="In which part of what was handed in it was.")
    replaced: bool = strawberry.field(description="Whether there was one of this name or id before.")
    warnings: list[str] = strawberry.field(description="What may go wrong when it runs.")
    project_id: strawberry.ID | None = strawberry.field(description="The project that it is of.")


@strawberry.type(description="A document that did not come in.")
class SkippedDocument:
    where: str = strawberry.field(description="In which part of what was handed in it was.")
    reason: str = strawberry.field(description="Why it cannot be used, or what it would have overwritten.")


def imported_of(several: Iterable[workflows.Imported]) -> list[ImportedDocument]:
    return [
        ImportedDocument(
            kind=DocumentKind(one.kind),
            id=strawberry.ID(one.id),
            name=one.name,
            where=one.where,
            replaced=one.replaced,
            warnings=list(one.warnings),
            project_id=None if one.project is None else strawberry.ID(one.project),
        )
        for one in several
    ]


def skipped_of(several: Iterable[containers.Skipped]) -> list[SkippedDocument]:
    return [SkippedDocument(where=one.where, reason=one.reason) for one in several]


@strawberry.type(description="What came of an import.")
class ImportReport:
    imported: list[ImportedDocument] = strawberry.field(description="What came in.")
    skipped: list[SkippedDocument] = strawberry.field(description="What did not.")


@strawberry.type(description="What cannot run here in a workflow, and why. Nothing of it blocks an import.")
class WorkflowCheck:
    valid: bool = strawberry.field(description="Whether there are no errors.")
    errors: list[Warning] = strawberry.field(description="What goes wrong in a job, at most 201.")
    warnings: list[Warning] = strawberry.field(description="What may go wrong, or may come later; at most 201.")
