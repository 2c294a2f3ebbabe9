"""Service accounts, which get tokens for a client id, the id of the account, and a secret."""

from secrets import token_hex

from ...models.documents.account import SERVICE, Account, account_form
from ...models.documents.shapes.accounts import AccountDocument, AccountForm, Credentials
from ...models.errors import AccountNotFound
from ...models.visibility import Caller
from ..services import Services
from ..store.collections import collection_of
from ..tasks import claims
from . import directory, tokens
from .accounts import AccountChanges, Belongings, new_account, sign_out_everywhere
from .grants import check_account, check_belongings


async def create(
    services: Services, caller: Caller, name: str, description: str, belongings: Belongings
) -> tuple[AccountForm, str]:
    """A new account, and its secret, which cannot be read later.

    All functions raise NotYoursToGive for what the caller does not have (see grants).
    """
    await check_belongings(caller, belongings.groups, belongings.roles)
    secret, credentials = _make_secret()
    document = await new_account(SERVICE, name, AccountChanges(belongings=belongings))
    new: directory.Fields = {**document, "description": description, "credentials": credentials}
    return account_form(await directory.insert(Account, "username", new, services.clock.now())), secret


async def update(services: Services, client_id: str, description: str | None) -> AccountForm:
    """Change the description; None leaves it as it is."""
    await _find(client_id)
    fields: directory.Fields = {} if description is None else {"description": description}
    return account_form(await directory.change(Account, client_id, fields, services.clock.now()))


async def renew_secret(services: Services, caller: Caller, client_id: str) -> tuple[AccountForm, str]:
    """The account and a new secret. The old secret and all its tokens become invalid."""
    await _find(client_id)
    await check_account(caller, client_id)
    secret, credentials = _make_secret()
    changed = await directory.change(Account, client_id, {"credentials": credentials}, services.clock.now())
    await sign_out_everywhere(services, client_id)
    return account_form(changed), secret


async def delete(services: Services, client_id: str) -> AccountForm:
    account = await _find(client_id)
    await sign_out_everywhere(services, client_id)
    await collection_of(Account).delete_one({"_id": account["_id"]})
    services.callers.forget()
    await claims.release_invalid(services)
    return account_form(account)


async def _find(client_id: str) -> AccountDocument:
    """The service account; AccountNotFound also for the account of a person."""
    account = await directory.find_stored(Account, client_id)
    if account.get("provenance") != SERVICE:
        raise AccountNotFound(client_id)
    return account


def _make_secret() -> tuple[str, Credentials]:
    """A new secret, and the fields that are stored of it."""
    secret = token_hex(tokens.BYTES)
    return secret, {"secret": tokens.hash_of(secret)}
