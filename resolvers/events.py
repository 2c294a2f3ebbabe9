"""What one may listen for: the events that this server tells, each with the schema of what it tells."""

from typing import Final

from ..models.documents.event import SOURCE, TOPICS, event_definition
from ..models.errors import EventNotFound
from ..models.json import JsonObject
from .finding import rows
from .finding.documented_fields import TEXT
from .finding.lists import DocumentedList

_FIELDS: Final[rows.RowFields] = dict.fromkeys(("source", "topic", "description"), TEXT)


def definitions(given: JsonObject) -> DocumentedList:
    """By topic unless sorted otherwise."""
    return rows.listed([event_definition(topic) for topic in TOPICS], given, _FIELDS, first="topic")


def definition(source: str, topic: str) -> JsonObject:
    if source != SOURCE or topic not in TOPICS:
        raise EventNotFound(source, topic)
    return event_definition(topic)
