"""Records acts of accounts and starts of servers."""

import logging
from collections.abc import Mapping, Sequence
from typing import Final

from bson import ObjectId
from pymongo.errors import PyMongoError

from ...models.documents.audit import DONE
from ...models.documents.moments import moment
from ...models.documents.shapes.audit import AuditEventDocument
from ...models.documents.stored import to_stored
from ...models.json import JsonObject
from ...models.settings import Settings, shown
from ...models.visibility import Caller
from ..log_facts import about
from ..services import Services
from ..store import audit
from ..store.errors import brief

MOST_TARGETS: Final = 100
LONGEST: Final = 256  # characters of an id or a name

log = logging.getLogger("jobyard")


async def begin(
    services: Services,
    caller: Caller,
    action: str,
    kind: str,
    targets: Sequence[str],
    details: JsonObject,
    request: str | None,
) -> str:
    """Store the act before it is carried out; its id. A database that is away refuses the act with this write."""
    id = str(ObjectId())
    event: AuditEventDocument = {
        "_id": id,
        "at": moment(services.clock.now()),
        "account": caller.account_id or None,
        "username": caller.username or None,
        "action": action,
        "kind": kind,
        "targets": _bounded(targets),
        "outcome": audit.BEGUN,
        "request": request,
        "details": to_stored(details, what="the details of the audit event"),
    }
    await audit.store(event)
    return id


async def conclude(id: str, outcome: str, targets: Sequence[str]) -> None:
    """Store the outcome. Without a database it stays open: the act itself is carried out."""
    try:
        await audit.conclude(id, outcome, _bounded(targets))
    except PyMongoError as fault:
        log.warning(
            "the outcome '%s' of the audit event %s cannot be stored: %s", outcome, id, brief(fault),
            extra=about("audit_outcome_lost", audit=id, outcome=outcome),
        )  # fmt: skip


async def record_serving(owner: str, at: int, settings: Settings) -> None:
    """Record the start of a server with its settings, without those that are secret."""
    await audit.store(_of_settings("serve", owner, at, settings))


async def record_reload(services: Services, settings: Settings) -> None:
    """Record that a server reads its settings again. Without a database the server uses them, and the log says so."""
    try:
        await audit.store(_of_settings("reload", services.jobs.owner, services.clock.now(), settings))
    except PyMongoError as fault:
        log.warning("the audit has no event of this reload: %s", brief(fault), extra=about("audit_failed"))


def _of_settings(action: str, owner: str, at: int, settings: Settings) -> AuditEventDocument:
    details = {name: value for name, value in shown(settings).items() if value is not None}
    return {
        "_id": str(ObjectId()),
        "at": moment(at),
        "account": None,
        "username": None,
        "action": action,
        "kind": "server",
        "targets": [owner],
        "outcome": DONE,
        "details": to_stored(_as_json(details), what="the settings"),
    }


def _as_json(values: Mapping[str, object]) -> JsonObject:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}  # pyright: ignore


def _bounded(targets: Sequence[str]) -> list[str]:
    return [target[:LONGEST] for target in dict.fromkeys(targets)][:MOST_TARGETS]
