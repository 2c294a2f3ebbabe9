"""Commands of operators in the `inbox` of a job, until the process that runs the job takes them.

One guarded write adds an entry, and the write that stores its effect removes it: a command is carried out once, also
after a crash in between.
"""

from typing import assert_never

from ..engine.events import Answered, Canceled, Command, Continued, Paused, Retried, Reverted, Unpaused
from .shapes.commands import InboxEntry
from .shapes.events import Act
from .stored import from_stored, to_stored


def inbox_entry(id: str, command: Command, user: str) -> InboxEntry:
    """`{id, kind, user}` and the fields of the command; NotStorable for variables that the database cannot store."""
    entry: InboxEntry = {"id": id, "kind": type(command).__name__, "user": user}
    match command:
        case Paused() | Unpaused() | Canceled():
            return entry
        case Retried() | Continued():
            variables = to_stored(command.variables, what="the variables")
            return {**entry, "task": command.task_id, "variables": variables}
        case Reverted():
            return {**entry, "task": command.task_id}
        case _:
            assert_never(command)


CANCELED_WITH = "canceled with "  # begins the id of the entry that a job's end puts into the inboxes below it
_ACTS = {
    "Paused": "pause",
    "Unpaused": "resume",
    "Canceled": "cancel",
    "Retried": "retry",
    "Continued": "continue",
    "Reverted": "revert",
}


def act_of(entry: InboxEntry) -> Act:
    """The act of a person, for the job's event: `{act, user, task}`; `user` is None if a job above is canceled."""
    asked = not entry["id"].startswith(CANCELED_WITH)
    return {"act": _ACTS[entry["kind"]], "user": entry.get("user") if asked else None, "task": entry.get("task")}


def answer_of(answered: Answered) -> Act:
    """The act of the person who finished a task."""
    return {"act": "finish", "user": answered.by, "task": answered.task_id}


def command_of(entry: InboxEntry) -> Command:
    task, variables = entry.get("task"), from_stored(entry).get("variables") or {}
    match entry["kind"]:
        case "Paused":
            return Paused()
        case "Unpaused":
            return Unpaused()
        case "Canceled":
            return Canceled()
        case "Retried":
            return Retried(str(task), variables)
        case "Continued":
            return Continued(str(task), variables)
        case "Reverted":
            return Reverted(str(task))
        case kind:
            raise ValueError(f"the inbox holds an entry of the unknown kind {kind!r}")
