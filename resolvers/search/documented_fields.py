"""The documented fields of searches, and the comparison of a caller's value with each.

Only the paths of this module become part of a query.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import orjson

from ...models.documents.moments import moment, stored_ids
from ...models.documents.search_terms import is_findable, tag_token, variable_token
from ...models.json import Json
from . import conditions


@dataclass(frozen=True)
class Kind:
    """The kind of a field's values: `read` makes the stored values that a caller's value may mean.

    A field that is found by search terms (under FOUND_BY) can only be compared for equality.
    """

    read: Callable[[Json, str], tuple[conditions.Stored, ...]]
    is_text: bool = False
    is_token: bool = False


def _text(value: Json, pointer: str) -> tuple[conditions.Stored, ...]:
    # A number in a JSON body means the same as in a query string.
    return (conditions.text(str(value) if isinstance(value, (int, float)) else value, pointer),)


def _id(value: Json, pointer: str) -> tuple[conditions.Stored, ...]:
    return tuple(stored_ids(conditions.text(value, pointer)))


def _number(value: Json, pointer: str) -> tuple[conditions.Stored, ...]:
    try:
        number = float(value) if isinstance(value, (int, float, str)) else math.nan
    except (ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise conditions.invalid("type", pointer, "must be a number")
    return (number,)


def _milliseconds(value: Json, pointer: str) -> tuple[conditions.Stored, ...]:
    return (conditions.moment(value, pointer),)


def _date(value: Json, pointer: str) -> tuple[conditions.Stored, ...]:
    return (moment(conditions.stored_moment(value, pointer)),)


def _moment_text(value: Json, pointer: str) -> tuple[conditions.Stored, ...]:
    return (conditions.moment_text(value, pointer),)


def _tag(value: Json, pointer: str) -> tuple[conditions.Stored, ...]:
    return tuple(tag_token(text) for text in _text(value, pointer))


def variable_kind(path: str) -> Kind:
    """The kind of the variable under a dotted path. In a query string 5 means a number or a text; JSON has types."""

    def read(value: Json, pointer: str) -> tuple[conditions.Stored, ...]:
        if not is_findable(value):
            raise conditions.invalid(
                "type", pointer, "must be a number, a boolean or a text of at most 1000 characters"
            )
        return tuple(variable_token(path, one) for one in _meanings(value))

    return Kind(read, is_token=True)


def _meanings(value: str | int | float | bool) -> Iterator[str | int | float | bool]:
    yield value
    if isinstance(value, str):
        try:
            meant: Json = orjson.loads(value)
        except orjson.JSONDecodeError:
            return
        if not isinstance(meant, str) and is_findable(meant):
            yield meant


TEXT: Final = Kind(_text, is_text=True)
ID: Final = Kind(_id)
NUMBER: Final = Kind(_number)
MILLISECONDS: Final = Kind(_milliseconds)
DATE: Final = Kind(_date)
MOMENT_TEXT: Final = Kind(_moment_text, is_text=True)
TAG: Final = Kind(_tag, is_token=True)

JOB_FIELDS: Final = {
    "tags": TAG,
    "_id": ID,
    "parent.job": ID,
    "ancestors": ID,
    "ancestors.0": ID,
    "metrics.start_time": MILLISECONDS,
    "metrics.end_time": MILLISECONDS,
    "last_updated": DATE,
    **dict.fromkeys(
        (
            "uuid",
            "name",
            "description",
            "type",
            "status",
            "groups",
            "watchers",
            "errorHandler",
            "metrics.user",
            "metrics.owner",
            "parent",
            "parent.task",
            "error",
            "created",
            "created_by",
            "createdVersion",
            "last_updated_by",
            "lastUpdatedVersion",
        ),
        TEXT,
    ),
    **dict.fromkeys(
        (
            "metrics.progress",
            "parent.iteration",
            "parent.element",
            "sla",
            "preAutomationTime",
            "canvasVersion",
            "font_size",
            "encodingVersion",
            "migrationVersion",
        ),
        NUMBER,
    ),
}
TASK_FIELDS: Final = {
    "job._id": ID,
    "job.ancestors": ID,
    "metrics.start_time": MOMENT_TEXT,
    "metrics.claim_time": MOMENT_TEXT,
    "metrics.end_time": MILLISECONDS,
    "metrics.run_time": NUMBER,
    "encodingVersion": NUMBER,
    "last_updated": DATE,
    **dict.fromkeys(
        (
            "_id",
            "name",
            "app",
            "location",
            "type",
            "status",
            "view",
            "groups",
            "job.task",
            "job.name",
            "job.description",
            "metrics.finish_state",
            "metrics.user",
            "metrics.owner",
            "metrics.server_id",
        ),
        TEXT,
    ),
}

WORKFLOW_FIELDS: Final = {
    "tags": TEXT,
    **dict.fromkeys(("created", "last_updated"), MOMENT_TEXT),
    **dict.fromkeys(
        (
            "_id",
            "name",
            "description",
            "type",
            "groups",
            "created_by",
            "createdVersion",
            "last_updated_by",
            "lastUpdatedVersion",
        ),
        TEXT,
    ),
    **dict.fromkeys(
        ("sla", "preAutomationTime", "canvasVersion", "font_size", "encodingVersion", "migrationVersion"), NUMBER
    ),
}
PROJECT_FIELDS: Final = {
    "_id": ID,
    "iid": NUMBER,
    **dict.fromkeys(("created", "lastUpdated"), MOMENT_TEXT),
    **dict.fromkeys(("name", "description", "components.reference", "components.type", "members.reference"), TEXT),
}
PART_FIELDS: Final[dict[str, Kind]] = dict.fromkeys(("_id", "name", "description", "type"), TEXT)

_OWN: Final = {
    "_id": ID,
    "created": DATE,
    "lastUpdated": DATE,
    **dict.fromkeys(("name", "description", "createdBy", "lastUpdatedBy"), TEXT),
}
AUTOMATION_FIELDS: Final[Mapping[str, Kind]] = {
    **_OWN,
    **dict.fromkeys(("componentType", "componentId", "componentName"), TEXT),
}
TRIGGER_FIELDS: Final[Mapping[str, Kind]] = {
    **_OWN,
    "actionId": ID,
    "lastExecuted": NUMBER,
    **dict.fromkeys(("type", "actionType", "routeName", "verb", "jst", "formId"), TEXT),
}
