"""Where an account is signed in: its tokens, without what they are, and how to end them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bson import ObjectId

from ...models.documents.shapes.accounts import TokenDocument
from ...models.visibility import Caller
from ..services import Services
from . import tokens
from .accounts import sign_out_everywhere


@dataclass(frozen=True)
class Session:
    """One token that is good. Times are epoch milliseconds; `current`: it is the one that the caller showed."""

    id: str
    created: int
    expires: int
    address: str | None
    agent: str | None
    current: bool


async def list_sessions(services: Services, caller: Caller, token: str | None) -> list[Session]:
    """The latest first. Whoever sends a password with each request has none."""
    current = None if token is None else tokens.hash_of(token)
    found = await tokens.list_tokens(ObjectId(caller.account_id), services.clock.now())
    return [_session(one, one["_id"] == current) for one in found]


async def end(services: Services, caller: Caller, id: str) -> bool:
    """Whether the caller's account had a session of this id."""
    ended = await tokens.revoke_by_id(ObjectId(caller.account_id), id, services.clock.now())
    services.callers.forget()
    return ended


async def end_all(services: Services, caller: Caller) -> int:
    """How many there were, the caller's own among them."""
    return await sign_out_everywhere(services, caller.account_id)


def _session(stored: TokenDocument, current: bool) -> Session:
    created, expires = _at(stored["created"]), _at(stored["expires"])
    address, agent = stored.get("address") or None, stored.get("agent") or None
    return Session(tokens.id_of(stored), created, expires, address, agent, current)


def _at(moment: datetime) -> int:
    return round(moment.replace(tzinfo=UTC).timestamp() * 1000)  # the store in memory knows no zones
