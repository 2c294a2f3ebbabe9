"""Sign-in: a token for the password of a person or the secret of a service account."""

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from bson import ObjectId

from ...models.documents.account import Account
from ...models.documents.moments import moment, object_id
from ...models.errors import SignInRefused, TooManyAttempts
from ...models.json import object_at, text_at
from ...models.settings import LONGEST_PASSWORD
from ...models.visibility import Caller
from ..log_facts import about
from ..metrics import SIGN_INS_FAILED
from ..services import Services
from ..store.collections import collection_of
from . import tokens
from .tokens import IssuedToken, Origin

log = logging.getLogger("jobyard")

LONGEST = LONGEST_PASSWORD  # of a name or a secret, too
PROGRAM_LIFETIME = 3600 * 1000  # the documented `expires_in`


async def sign_in(services: Services, username: str, password: str, origin: Origin) -> IssuedToken:
    """A token for a person. SignInRefused, after the same time, for a wrong account or a wrong password.

    All functions raise TooManyAttempts if it is too early for another attempt (see SignInLimiter).
    """
    account, known = await _with_password(services, username, password, origin.address)
    return await _issue(services, account, {"credentials.password": known}, services.settings.token_lifetime, origin)


async def sign_in_service_account(services: Services, client_id: str, secret: str, origin: Origin) -> IssuedToken:
    """A token for a service account, by its client id and secret."""
    async with _log_failures(origin.address), services.sign_in_limiter.attempt(client_id, origin.address):
        found = await collection_of(Account).find_one({"_id": object_id(client_id), "inactive": {"$ne": True}})
        known = object_at(found or {}, "credentials").get("secret")
        if found is None or len(secret) > LONGEST or not tokens.is_secret(secret, known):
            raise SignInRefused
    lifetime = min(PROGRAM_LIFETIME, services.settings.token_lifetime)
    return await _issue(services, found["_id"], {"credentials.secret": known}, lifetime, origin)


async def caller_by_password(services: Services, username: str, password: str, address: str) -> Caller | None:
    """The caller of a request with name and password (Basic); None if the account was closed just now."""

    async def account() -> ObjectId:
        found, _ = await _with_password(services, username, password, address)
        return found

    return await services.callers.find_by_password(username, password, account)


async def sign_out(services: Services, token: str) -> None:
    await tokens.revoke(token)
    services.callers.forget()


@asynccontextmanager
async def _log_failures(address: str) -> AsyncGenerator[None]:
    """Log a failed sign-in, without the name: a person may type a password there."""
    try:
        yield
    except (SignInRefused, TooManyAttempts) as refusal:
        SIGN_INS_FAILED.labels(refusal.code).inc()
        log.warning(
            "sign-in from %s failed: %s", address or "an unknown address", refusal.code,
            extra=about("sign_in_failed", address=address or None, code=refusal.code),
        )  # fmt: skip
        raise


async def _with_password(services: Services, username: str, password: str, address: str) -> tuple[ObjectId, str]:
    """The account of this name and password, and the stored hash."""
    async with _log_failures(address), services.sign_in_limiter.attempt(username, address):
        if len(username) > LONGEST or len(password) > LONGEST:
            raise SignInRefused
        found = await collection_of(Account).find_one({"username": username, "inactive": {"$ne": True}})
        known = text_at(object_at(found or {}, "credentials"), "password")
        if not await services.passwords.matches(password, known or None) or found is None:
            raise SignInRefused
    if not services.passwords.is_outdated(known):
        return found["_id"], known
    stronger = await services.passwords.hash_password(password)
    kept = await collection_of(Account).update_one(
        {"_id": found["_id"], "credentials.password": known}, {"$set": {"credentials.password": stronger}}
    )
    return found["_id"], stronger if kept.matched_count else known


async def _issue(
    services: Services, account: ObjectId, still: dict[str, object], lifetime: int, origin: Origin
) -> IssuedToken:
    """A token, unless the account was closed or its credentials changed during the check."""
    issued = await tokens.issue(account, services.clock.now(), lifetime, origin)
    seen = {"lastLogin": moment(services.clock.now())}
    # After the token is stored: a concurrent change of the account either revokes this token or fails this match.
    fits = {"_id": account, "inactive": {"$ne": True}, **still}
    if not (await collection_of(Account).update_one(fits, {"$set": seen})).matched_count:
        await tokens.revoke(issued.token)
        raise SignInRefused
    return issued
