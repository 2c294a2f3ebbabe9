"""What one gets: the documented API's objects as GraphQL types. Their sources are plain JSON objects."""

from typing import cast

from ...models.documents.checking import Finding, Severity
from ...models.json import JsonObject
from ...resolvers import workflows
from .catalogue import CatalogueTask, as_catalogue_task
from .enums import JobStatus, JobType
from .event import JobEvent, as_job_events
from .iteration import Iteration
from .job import Error, Job, Warning
from .people import Group, User
from .scalars import JSON, SCALARS, DateTime
from .steering import JobResult, Repaired, as_job_results, as_repaired
from .task import Task, WorkflowTask
from .workflow import ImportReport, Workflow, WorkflowCheck, imported_of, skipped_of


def as_job(document: JsonObject) -> Job:
    """Strawberry reads a Job's fields from the documented JSON: no object of the class is ever made."""
    return cast(Job, document)


def as_iteration(document: JsonObject) -> Iteration:
    return cast(Iteration, document)


def as_workflow(document: JsonObject) -> Workflow:
    return cast(Workflow, document)


def as_workflow_check(findings: list[Finding]) -> WorkflowCheck:
    def of(severity: Severity) -> list[Warning]:
        return [cast(Warning, finding.documented) for finding in findings if finding.severity == severity]

    return WorkflowCheck(valid=not of("error"), errors=of("error"), warnings=of("warning"))


def as_import_report(report: workflows.ImportReport) -> ImportReport:
    return ImportReport(imported=imported_of(report.imported), skipped=skipped_of(report.skipped))


__all__ = [
    "JSON",
    "SCALARS",
    "CatalogueTask",
    "DateTime",
    "Error",
    "Group",
    "ImportReport",
    "Iteration",
    "Job",
    "JobEvent",
    "JobResult",
    "JobStatus",
    "JobType",
    "Repaired",
    "Task",
    "User",
    "Workflow",
    "WorkflowCheck",
    "WorkflowTask",
    "as_catalogue_task",
    "as_import_report",
    "as_iteration",
    "as_job",
    "as_job_events",
    "as_job_results",
    "as_repaired",
    "as_workflow",
    "as_workflow_check",
]
