"""Casts from documented JSON objects to the GraphQL types that read them."""

from typing import cast

from ..models.json import JsonObject
from ..models.lint import Finding, Severity
from ..resolvers.workflows import imports as workflows
from .accounts.people import Group, User
from .enums import JobStatus, JobType
from .jobs.events import JobEvent, as_job_events
from .jobs.types import Error, Job, JobResult, Repaired, as_job_results, as_repaired
from .scalars import JSON, SCALARS, DateTime
from .tasks.iterations import Iteration
from .tasks.types import CatalogueTask, Task, WorkflowTask, as_catalogue_task
from .workflows.types import ImportReport, Warning, Workflow, WorkflowCheck, as_imported, as_skipped


def as_job(document: JsonObject) -> Job:
    """Strawberry reads a Job's fields from the documented JSON; the class has no instances."""
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
    return ImportReport(imported=as_imported(report.imported), skipped=as_skipped(report.skipped))


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
