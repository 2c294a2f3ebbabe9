"""Signing in: a password, or the secret of a program, for a token."""

from bson import ObjectId

from ...models.access import Caller
from ...models.documents.account import Account
from ...models.documents.moments import moment
from ...models.errors import Problem, SignInRefused
from ...models.json import object_at
from ..store.collections import collection_of
from ..yard import Yard
from . import tokens
from .tokens import Issued

LONGEST = 1024  # characters of a name, a password or a secret
PROGRAM_LIFETIME = 3600 * 1000  # the documented `expires_in`


async def sign_in(yard: Yard, username: str, password: str, address: str) -> Issued:
    """A token for a person; SignInRefused, after the same time, whether the account or the password is wrong."""
    account = await _with_password(yard, username, password, address)
    now = yard.clock.now()
    await collection_of(Account).update_one({"_id": account}, {"$set": {"lastLogin": moment(now)}})
    return await tokens.issue(account, now, yard.settings.token_lifetime)


async def sign_in_program(yard: Yard, client_id: str, secret: str, address: str) -> Issued:
    """A token for a program, by its client id and secret."""
    counted = yard.attempts.begin(client_id, address)
    id = ObjectId(client_id) if ObjectId.is_valid(client_id) else None
    found = await collection_of(Account).find_one({"_id": id, "inactive": {"$ne": True}})
    known = object_at(found or {}, "credentials").get("secret")
    if found is None or len(secret) > LONGEST or not tokens.is_secret(secret, known):
        raise SignInRefused
    yard.attempts.succeeded(counted)
    return await tokens.issue(found["_id"], yard.clock.now(), min(PROGRAM_LIFETIME, yard.settings.token_lifetime))


async def caller_by_password(yard: Yard, username: str, password: str, address: str) -> Caller | None:
    """Who sends name and password with the request itself (Basic)."""

    async def account() -> ObjectId:
        return await _with_password(yard, username, password, address)

    try:
        return await yard.callers.of_password(username, password, account)
    except Problem:
        return None


async def sign_out(yard: Yard, token: str) -> None:
    await tokens.revoke(token)
    yard.callers.forget()


async def _with_password(yard: Yard, username: str, password: str, address: str) -> ObjectId:
    counted = yard.attempts.begin(username, address)
    if len(username) > LONGEST or len(password) > LONGEST:
        raise SignInRefused
    found = await collection_of(Account).find_one({"username": username, "inactive": {"$ne": True}})
    known = object_at(found or {}, "credentials").get("password")
    if not await yard.passwords.fits(password, known if isinstance(known, str) else None) or found is None:
        raise SignInRefused
    yard.attempts.succeeded(counted)
    return found["_id"]
