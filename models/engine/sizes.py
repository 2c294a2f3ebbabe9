"""How much a job holds, so that no workflow fills the memory or the database of a server.

Sizes are about those of JSON, in characters. Values share parts: forty tasks that each merge a value with itself make
one whose text has a million million characters. What was measured is therefore known by its identity.
"""

from dataclasses import dataclass, field

from ..json import Json, is_array, is_object
from ..language.errors import LanguageError
from .state import Held, JobState

LARGEST_VALUE = 32 * 1024 * 1024  # what one task is given, or gives
LARGEST_ERROR = 256 * 1024  # errors stand in the job document itself
LARGEST_JOB = 256 * 1024 * 1024  # all variables and outputs of a job
DEEPEST = 88  # levels; two more stand around a value where it is stored

_SCALAR = 8


@dataclass
class Sizes:
    """Measures values that nobody changes as long as this lives."""

    _known: dict[int, tuple[object, int, int]] = field(default_factory=dict[int, tuple[object, int, int]])

    def of(self, value: Json) -> int:
        """LanguageError when the value is nested too deeply to be stored."""
        return self._measured(value, 0)[0]

    def check(self, value: Json, what: str, largest: int = LARGEST_VALUE) -> int:
        """The size, or a LanguageError when it is more than a task may be given or give."""
        size = self.of(value)
        if size > largest:
            raise LanguageError(f"{what} has {size:,} characters as JSON, more than the {largest:,} that may be.")
        return size

    def _measured(self, value: Json, level: int) -> tuple[int, int]:
        """The size, and how many levels are inside."""
        if isinstance(value, str):
            return len(value) + 2, 0
        if not is_object(value) and not is_array(value):
            return _SCALAR, 0
        known = self._known.get(id(value))
        if known is None:
            _check_depth(level)
            size, depth = 2, 0
            if is_object(value):
                size += sum(map(len, value)) + 4 * len(value)
            for item in value.values() if is_object(value) else value:
                if isinstance(item, str):
                    size += len(item) + 3
                elif is_object(item) or is_array(item):
                    inner, levels = self._measured(item, level + 1)
                    size, depth = size + inner, max(depth, levels + 1)
                else:
                    size += _SCALAR
            known = self._known[id(value)] = (value, size, depth)
        _, size, depth = known
        _check_depth(level + depth)
        return size, depth


def _check_depth(level: int) -> None:
    if level >= DEEPEST:
        raise LanguageError(f"A value is nested more than {DEEPEST} levels deep.")


def hold(state: JobState, sizes: Sizes, parts: dict[str, int]) -> None:
    """Note the new sizes of some variables and outputs; a LanguageError when the job would hold too much."""
    if state.held is None:
        state.held = Held()
        state.held.put({f"job.{name}": sizes.of(value) for name, value in state.variables.items()})
        state.held.put({id: sizes.of(task.outgoing) for id, task in state.tasks.items() if task.outgoing})
    if state.held.total_with(parts) > LARGEST_JOB:
        raise LanguageError(
            f"With this, the variables and outputs of the job have more than the {LARGEST_JOB:,} characters "
            "as JSON that may be."
        )
    state.held.put(parts)
