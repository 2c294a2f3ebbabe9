"""One thing that is wrong or doubtful in a workflow."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ...json import JsonObject

Severity = Literal["error", "warning"]

MOST_NAMED = 10


@dataclass(frozen=True)
class Finding:
    """An error says that a job goes wrong; a warning that it may, or that something of it comes later.

    `task` is a task's id and `name` that task's; of the workflow as a whole they are None and the workflow's name.
    """

    severity: Severity
    task: str | None
    name: str
    message: str

    @property
    def documented(self) -> JsonObject:
        """As an entry of the documented `errors` and `warnings`."""
        return {"task": self.task, "name": self.name, "message": self.message}

    @property
    def place(self) -> str:
        """Where it is, for people; empty for the workflow as a whole."""
        return "" if self.task is None else f"task {self.task} ({self.name}): "


def listed(names: Iterable[str]) -> str:
    """The names with commas; of many, the first ones and how many more there are."""
    every = list(names)
    more = len(every) - MOST_NAMED
    return ", ".join(every[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
