"""Tokens: random texts that stand for an account for some time. Only their hashes are stored."""

from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe

from bson import ObjectId

from ...models.documents.account import Token
from ...models.documents.moments import moment
from ...models.json import Json
from ..store.collections import collection_of

BYTES = 32


@dataclass(frozen=True)
class Issued:
    """`token` is URL-safe; `expires` in epoch milliseconds."""

    token: str
    expires: int
    account_id: str


def hash_of(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def is_secret(secret: str, known: Json) -> bool:
    """Whether it has this hash; the time that the answer takes tells nothing of it."""
    return isinstance(known, str) and compare_digest(hash_of(secret), known)


async def issue(account: ObjectId, now: int, lifetime: int) -> Issued:
    issued = Issued(token_urlsafe(BYTES), now + lifetime, str(account))
    document = {
        "_id": hash_of(issued.token),
        "account": account,
        "created": moment(now),
        "expires": moment(issued.expires),
    }
    await collection_of(Token).insert_one(document)
    return issued


async def account_of(token: str, now: int) -> tuple[ObjectId, int] | None:
    """Whose token it is, and until when; None for one that expired, was revoked, or never was."""
    found = await collection_of(Token).find_one({"_id": hash_of(token), "expires": {"$gt": moment(now)}})
    if found is None or not is_secret(token, found["_id"]):
        return None
    expires = found["expires"].replace(tzinfo=moment(now).tzinfo)  # the store in memory knows no zones
    return found["account"], round(expires.timestamp() * 1000)


async def revoke(token: str) -> None:
    await collection_of(Token).delete_one({"_id": hash_of(token)})


async def revoke_all(account: ObjectId) -> int:
    """Sign the account out everywhere; how many tokens it had."""
    return (await collection_of(Token).delete_many({"account": account})).deleted_count
