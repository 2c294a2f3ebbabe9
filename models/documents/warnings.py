"""What may go wrong in a job, said on the job when it starts: none of it stops the start (execution facts, 2)."""

from collections.abc import Callable, Iterator
from itertools import islice

from ..engine.graph import END, START, Graph
from ..json import JsonObject, text_at

MOST_WARNINGS = 100


def warnings_of(workflow: JsonObject, graph: Graph, provided: Callable[[JsonObject], bool]) -> list[JsonObject]:
    """The documented `warnings`, at most MOST_WARNINGS. `provided` says of a definition whether anybody does it."""
    return list(islice(_warnings(workflow, graph, provided), MOST_WARNINGS))


def _warnings(workflow: JsonObject, graph: Graph, provided: Callable[[JsonObject], bool]) -> Iterator[JsonObject]:
    if workflow.get("errorHandler"):
        yield {
            "task": "error_handler",
            "name": text_at(workflow, "name"),
            "message": "The error handler is not run: draw error transitions to the tasks that handle errors.",
        }
    for id, task in graph.tasks.items():
        if id in (START, END) or provided(task):
            continue
        app, name = text_at(task, "app"), text_at(task, "name")
        location = text_at(task, "location") or "application"
        yield {
            "task": id,
            "name": name,
            "message": f"No provider for {app}.{name}: this server has no such {location.lower()} or task, "
            "and the task will end in error.",
        }
