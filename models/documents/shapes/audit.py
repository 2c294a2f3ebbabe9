"""Audit events, in `audit_events`."""

from datetime import datetime
from typing import Required

from typing_extensions import TypedDict

from ...json import JsonObject


class AuditEventDocument(TypedDict, total=False, closed=True):
    """`_id` of an act on a job is `<job>/<seq>/<number>`. `details` has no value that may be secret."""

    _id: Required[str]
    at: Required[datetime]
    account: Required[str | None]
    username: str | None
    action: Required[str]
    kind: Required[str]
    targets: Required[list[str]]
    name: str | None
    task: str | None
    outcome: Required[str]
    request: str | None
    details: JsonObject
