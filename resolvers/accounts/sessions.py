"""The sessions of an account: its valid tokens, without their secrets, and how to end them."""

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
    """One valid token. Times are epoch milliseconds; `current`: the request came with this token."""

    id: str
    created: int
    expires: int
    address: str | None
    agent: str | None
    current: bool


async def list_sessions(services: Services, caller: Caller, token: str | None) -> list[Session]:
    """The caller's sessions, the latest first. A caller who sends a password with each request has none."""
    current = None if token is None else tokens.hash_of(token)
    found = await tokens.list_tokens(ObjectId(caller.account_id), services.clock.now())
    return [_session(one, one["_id"] == current) for one in found]


async def end(services: Services, caller: Caller, id: str) -> bool:
    """End a session of the caller's account; False if there is none of this id."""
    ended = await tokens.revoke_by_id(ObjectId(caller.account_id), id, services.clock.now())
    services.callers.forget()
    return ended


async def end_all(services: Services, caller: Caller) -> int:
    """End all sessions of the caller's account, including the current one; their number."""
    return await sign_out_everywhere(services, caller.account_id)


def _session(stored: TokenDocument, current: bool) -> Session:
    created, expires = _at(stored["created"]), _at(stored["expires"])
    address, agent = stored.get("address") or None, stored.get("agent") or None
    return Session(tokens.id_of(stored), created, expires, address, agent, current)


def _at(moment: datetime) -> int:
    return round(moment.replace(tzinfo=UTC).timestamp() * 1000)  # the store in memory knows no zones
