"""Findings as `severity place: message`, for workflows of built-in tasks."""

from typing import Any

from jobyard.models.lint import Known, TaskNames, check_workflow
from jobyard.resolvers.builtin_tasks.registry import BUILT_IN, WAITING

TASKS = {kind: TaskNames(task.incoming, task.outgoing, kind in WAITING) for kind, task in BUILT_IN.items()}


def found(workflow: dict[str, Any], **known: Any) -> list[str]:
    findings = check_workflow(workflow, Known(**{"tasks": TASKS, **known}))
    return [f"{one.severity} {one.place}{one.message}" for one in findings]
