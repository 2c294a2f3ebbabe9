"""What a line of the log tells beside its sentence: the name of the event, and its facts for machines.

`docs/logs.md` has every event, and a test holds it against the calls of `about`.
"""

from collections.abc import Mapping
from typing import Any

EVENT = "event"
FACTS = "facts"


def about(event: str, **facts: Any) -> Mapping[str, object]:
    """The `extra` of a line. What it tells is for everybody who reads the log: ids and names, never values of jobs."""
    return {EVENT: event, FACTS: {name: fact for name, fact in facts.items() if fact is not None}}
