"""What in a workflow cannot run here, and why. Nothing of it blocks an import or a start."""

from .check import check_workflow
from .findings import Finding, Severity
from .known import Known, Mentioned, TaskNames, TransformationNames, mentioned, transformation_names

__all__ = [
    "Finding",
    "Known",
    "Mentioned",
    "Severity",
    "TaskNames",
    "TransformationNames",
    "check_workflow",
    "mentioned",
    "transformation_names",
]
