"""Tokens: random texts that authenticate an account for some time. Only their hashes are stored."""

from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from secrets import token_hex

from bson import ObjectId

from ...models.documents.account import Token
from ...models.documents.moments import moment
from ...models.documents.shapes.accounts import TokenDocument
from ...models.json import Json
from ..store.collections import collection_of

BYTES = 32
LONGEST_AGENT = 200
MOST_LISTED = 1000


@dataclass(frozen=True)
class Origin:
    """The origin of a sign-in: the address, and the user agent."""

    address: str
    agent: str = ""


NOWHERE = Origin("")


@dataclass(frozen=True)
class IssuedToken:
    """`token` has letters and digits only, so that a command line does not take it for an option; `expires` is in
    epoch milliseconds.
    """

    token: str
    expires: int
    account_id: str


def hash_of(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def is_secret(secret: str, known: Json) -> bool:
    """Whether the secret has this hash, in constant time."""
    return isinstance(known, str) and compare_digest(hash_of(secret), known)


async def issue(account: ObjectId, now: int, lifetime: int, origin: Origin = NOWHERE) -> IssuedToken:
    issued = IssuedToken(token_hex(BYTES), now + lifetime, str(account))
    document: TokenDocument = {
        "_id": hash_of(issued.token),
        "account": account,
        "created": moment(now),
        "expires": moment(issued.expires),
        "address": origin.address,
        "agent": origin.agent[:LONGEST_AGENT],
    }
    await collection_of(Token).insert_one(document)
    return issued


async def find_account(token: str, now: int) -> tuple[ObjectId, int] | None:
    """The account of the token and the moment of its expiry; None for a token that is not valid."""
    found = await collection_of(Token).find_one({"_id": hash_of(token), "expires": {"$gt": moment(now)}})
    if found is None or not is_secret(token, found["_id"]):
        return None
    expires = found["expires"].replace(tzinfo=moment(now).tzinfo)  # the store in memory knows no zones
    return found["account"], round(expires.timestamp() * 1000)


async def revoke(token: str) -> None:
    await collection_of(Token).delete_one({"_id": hash_of(token)})


async def revoke_all(account: ObjectId) -> int:
    """Revoke all tokens of the account; their number."""
    return (await collection_of(Token).delete_many({"account": account})).deleted_count


async def list_tokens(account: ObjectId, now: int) -> list[TokenDocument]:
    """The valid stored tokens of an account, the latest first."""
    found = collection_of(Token).find({"account": account, "expires": {"$gt": moment(now)}})
    return [one async for one in found.sort([("created", -1), ("_id", 1)]).limit(MOST_LISTED)]


def id_of(stored: TokenDocument) -> str:
    """A public id of a stored token, from which its hash cannot be computed."""
    return hash_of(stored["_id"])[:32]


async def revoke_by_id(account: ObjectId, id: str, now: int) -> bool:
    """Revoke the token of this public id; False if the account has none."""
    keys = [one["_id"] for one in await list_tokens(account, now) if id_of(one) == id]
    return (
        bool(keys) and (await collection_of(Token).delete_one({"_id": keys[0], "account": account})).deleted_count > 0
    )
