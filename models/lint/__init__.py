"""What in a workflow cannot run here, and why. Nothing of it blocks an import or a start."""

from .check import check_workflow
from .known import Finding, Known, Mentioned, Severity, TaskNames, TransformationNames, mentioned, transformation_names

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
