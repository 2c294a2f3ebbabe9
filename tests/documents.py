"""Small workflows for tests, written as an author's editor would save them."""

from itertools import pairwise
from typing import Any


def task(
    method: str, /, *, app: str = "WorkFlowEngine", outgoing: dict[str, Any] | None = None, **incoming: Any
) -> dict[str, Any]:
    return {
        "name": method,
        "canvasName": method,
        "app": app,
        "location": "Application",
        "locationType": None,
        "type": "operation",
        "variables": {"incoming": incoming, "outgoing": outgoing or {}},
        "groups": [],
    }


def chain(name: str, **tasks: dict[str, Any]) -> dict[str, Any]:
    """The tasks one after the other, each on success."""
    ids = ["workflow_start", *tasks, "workflow_end"]
    transitions: dict[str, Any] = {
        source: {target: {"type": "standard", "state": "success"}} for source, target in pairwise(ids)
    }
    return {
        "name": name,
        "type": "automation",
        "canvasVersion": 3,
        "font_size": 12,
        "groups": [],
        "tags": [],
        "tasks": {"workflow_start": {"name": "workflow_start"}, **tasks, "workflow_end": {"name": "workflow_end"}},
        "transitions": {**transitions, "workflow_end": {}},
    }


def greeting(**more: Any) -> dict[str, Any]:
    """Needs the text `name`; sets `greeting` and waits a second."""
    document = chain(
        "greet",
        a1=task(
            "stringConcat", outgoing={"combinedStrings": "$var.job.greeting"}, str="Hello, ", stringN="$var.job.name"
        ),
        b2=task("delay", time=1),
    )
    schema = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    return {**document, "inputSchema": schema, **more}
