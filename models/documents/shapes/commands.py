"""What operators ask of a job, in its `inbox`."""

from typing import NotRequired

from typing_extensions import TypedDict

from ...json import JsonObject


class InboxEntry(TypedDict, closed=True):
    """`kind` is the class of the command; `task` and `variables` are of commands that are about a task."""

    id: str
    kind: str
    user: str | None
    task: NotRequired[str]
    variables: NotRequired[JsonObject]
