"""Workflows, and the reports of imports and checks."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import cast

import strawberry

from ...models.documents import containers
from ...models.lint import Finding, Severity
from ...resolvers.workflows import imports as workflows
from ..accounts.people import Group, User
from ..enums import FinishState, TransitionType
from ..fields import edges_of, entries_of, id_or_object, list_field, map_field, value_field, whole_field
from ..node import Node
from ..scalars import JSON, DateTime
from ..tasks.types import Decorator, WorkflowTask


@strawberry.type(description="A finding in a workflow that may lead to an error.")
class Warning:
    task: strawberry.ID | None = value_field("task", "The id of the task with the finding.")
    name: str | None = value_field("name", "The name of the workflow or task with the finding.")
    message: str | None = value_field("message", "The finding as a sentence.")


@strawberry.type(description="A transition between two tasks, as drawn by the author.")
class WorkflowTransition:
    source: strawberry.ID = value_field("source", "The id of the source task.")
    target: strawberry.ID = value_field("target", "The id of the target task.")
    state: FinishState | None = value_field("state", "The finish state of the source task that the transition follows.")
    type: TransitionType | None = value_field("type", "The kind of the transition: forward or back.")


@strawberry.type(description="A workflow: the document that jobs execute.")
class Workflow(Node):
    id: strawberry.ID = value_field("_id", "The id of the workflow, a uuid.")
    name: str = value_field("name", "The unique, exact name of the workflow; in a project `@projectId: Name`.")
    description: str | None = value_field("description", "The purpose of the workflow.")
    type: str | None = value_field("type", "The kind of the workflow: `automation`.")
    input_schema: JSON | None = value_field("inputSchema", "The JSON Schema of the variables of a start.")
    output_schema: JSON | None = value_field("outputSchema", "The JSON Schema of the variables at the end of a job.")
    tasks: list[WorkflowTask] = map_field(
        "tasks", "The tasks of the workflow, with workflow_start and workflow_end.", entries_of
    )
    groups: list[Group] = list_field(
        "groups", "The groups whose members may see the workflow; empty: everybody.", id_or_object
    )
    tags: list[JSON] = list_field("tags", "The tags of the workflow, each as an id or as a whole tag.")
    errors: list[Warning] = list_field(
        "errors", "The errors that the editor found; a workflow with errors cannot be started."
    )
    warnings: list[Warning] = list_field("warnings", "The warnings of the editor.")
    decorators: list[Decorator] = list_field("decorators", "Marks on the workflow's variables.")
    sla: float | None = value_field("sla", "The longest planned duration of a job, in milliseconds; 0: unlimited.")
    pre_automation_time: float | None = value_field(
        "preAutomationTime", "The duration of the same work before the automation, in milliseconds."
    )
    created: DateTime | None = value_field("created", "The creation time of the workflow.")
    created_by: User | None = value_field("created_by", "The account that created the workflow.", id_or_object)
    created_version: str | None = value_field("createdVersion", "The version of the system that created the workflow.")
    last_updated: DateTime | None = value_field("last_updated", "The time of the workflow's last change.")
    last_updated_by: User | None = value_field(
        "last_updated_by", "The account that last changed the workflow.", id_or_object
    )
    last_updated_version: str | None = value_field(
        "lastUpdatedVersion", "The version of the system that last changed the workflow."
    )
    font_size: int | None = value_field("font_size", "The text size on the canvas of the editor.")
    canvas_version: float | None = value_field(
        "canvasVersion", "The generation of the editor's canvas: 1, 1.5, 2 or 3."
    )
    encoding_version: int | None = value_field("encodingVersion", "The encoding of the stored document.")
    migration_version: int | None = value_field("migrationVersion", "The version of the document's schema.")
    transitions: list[WorkflowTransition] = map_field(
        "transitions", "The transitions between the tasks, as drawn by the author.", edges_of
    )
    document: JSON = whole_field("The whole document as imported, with every field.")


@strawberry.enum(description="The kind of an imported document.")
class DocumentKind(Enum):
    WORKFLOW = strawberry.enum_value("workflow", description="A workflow.")
    TRANSFORMATION = strawberry.enum_value("transformation", description="A JSON transformation (JST).")
    TEMPLATE = strawberry.enum_value("template", description="A Jinja2 or TextFSM template.")
    FORM = strawberry.enum_value("form", description="A JSON form.")
    COMMAND_TEMPLATE = strawberry.enum_value(
        "commandTemplate", description="A command template of a project, which a provider runs."
    )
    ANALYTIC_TEMPLATE = strawberry.enum_value(
        "analyticTemplate", description="An analytic template of a project, which a provider runs."
    )


@strawberry.type(description="An imported document.")
class ImportedDocument:
    kind: DocumentKind = strawberry.field(description="The kind of the document.")
    id: strawberry.ID = strawberry.field(description="The id of the stored document.")
    name: str = strawberry.field(description="The name of the document.")
    where: str = strawberry.field(description="The place of the document in the import.")
    replaced: bool = strawberry.field(
        description="Whether the document replaced a stored document of the same name or id."
    )
    warnings: list[str] = strawberry.field(description="Warnings about possible errors of jobs.")
    project_id: strawberry.ID | None = strawberry.field(description="The id of the document's project.")


@strawberry.type(description="A document that was not imported.")
class SkippedDocument:
    where: str = strawberry.field(description="The place of the document in the import.")
    reason: str = strawberry.field(
        description="The reason: the fault of the document, or the stored document "
        "that the import would have overwritten."
    )


def as_imported(documents: Iterable[workflows.Imported]) -> list[ImportedDocument]:
    return [
        ImportedDocument(
            kind=DocumentKind(document.kind),
            id=strawberry.ID(document.id),
            name=document.name,
            where=document.where,
            replaced=document.replaced,
            warnings=list(document.warnings),
            project_id=None if document.project is None else strawberry.ID(document.project),
        )
        for document in documents
    ]


def as_skipped(documents: Iterable[containers.Skipped]) -> list[SkippedDocument]:
    return [SkippedDocument(where=document.where, reason=document.reason) for document in documents]


@strawberry.type(description="The report of an import.")
class ImportReport:
    imported: list[ImportedDocument] = strawberry.field(description="The imported documents.")
    skipped: list[SkippedDocument] = strawberry.field(
        description="The documents that were not imported, with the reason."
    )


@strawberry.type(
    description="The result of the check of a workflow: everything that this server cannot run, "
    "with the reason. No finding blocks an import."
)
class WorkflowCheck:
    valid: bool = strawberry.field(description="Whether there are no errors.")
    errors: list[Warning] = strawberry.field(description="The findings that lead to errors of jobs, at most 201.")
    warnings: list[Warning] = strawberry.field(description="The findings that may lead to errors of jobs, at most 201.")


def as_workflow(document: Mapping[str, object]) -> Workflow:
    """Strawberry reads a Workflow's fields from the documented JSON; the class has no instances."""
    return cast(Workflow, document)


def as_workflow_check(findings: list[Finding]) -> WorkflowCheck:
    def of(severity: Severity) -> list[Warning]:
        return [cast(Warning, finding.documented) for finding in findings if finding.severity == severity]

    return WorkflowCheck(valid=not of("error"), errors=of("error"), warnings=of("warning"))


def as_import_report(report: workflows.ImportReport) -> ImportReport:
    return ImportReport(imported=as_imported(report.imported), skipped=as_skipped(report.skipped))
