"""Steps that are so short that they need no thread of their own: handing one over costs more than they do."""

from collections.abc import Iterable

from ..json import Json
from .definition import Definition
from .events import Answered, ChildEnded, Continued, Event, Retried
from .graph import Graph
from .sizes import is_within
from .state import JobState

FEW_TASKS = 12  # also where each doubles what it is given, a few milliseconds are enough
SMALL = 16 * 1024  # about so many characters as JSON


def has_few_tasks(graph: Graph) -> bool:
    """Whether a step runs few tasks, each once, and they are written in few words."""
    once = not graph.loops_into and not any(graph.reverts.values())
    return once and len(graph.tasks) <= FEW_TASKS + 2 and is_within(graph.tasks.values(), SMALL)


def is_brief(definition: Definition, state: JobState, events: Iterable[Event]) -> bool:
    """Whether the step that applies the events is; a step of tasks that may take long never is."""
    if not definition.brief:
        return False
    outputs = (task.outgoing for task in state.tasks.values())
    return is_within([state.variables, *outputs, *map(_told_by, events)], SMALL)


def _told_by(event: Event) -> Json:
    match event:
        case Answered():
            return [event.finish.outgoing, event.finish.error]
        case ChildEnded() | Retried() | Continued():
            return event.variables
        case _:
            return None
