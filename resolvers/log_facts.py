"""The structured fields of a log line: the name of the event, and facts for machines.

`docs/logs.md` lists every event, and a test compares it with the calls of `about`.
"""

from collections.abc import Mapping
from typing import Any

EVENT = "event"
FACTS = "facts"


def about(event: str, **facts: Any) -> Mapping[str, object]:
    """The `extra` of a log line. Facts are ids and names, never values of jobs: logs have many readers."""
    return {EVENT: event, FACTS: {name: fact for name, fact in facts.items() if fact is not None}}
