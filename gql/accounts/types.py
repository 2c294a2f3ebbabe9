"""Accounts, groups and roles as administrators see them, and the caller."""

from typing import cast

import strawberry

from ...models.documents.moments import iso
from ...models.json import JsonObject
from ...resolvers.accounts import sessions
from ...resolvers.accounts.directory import Listed
from ...resolvers.accounts.tokens import IssuedToken
from ..fields import documented, listed, whole
from ..scalars import JSON, DateTime
from .people import Group, Meta, User


@strawberry.type(description="Something that one may be allowed to do.")
class Method:
    name: str = documented("name", "Its documented name.")
    provenance: str | None = documented("provenance", "The application that has it.")
    documented: JSON = whole("The same in its documented REST form.")


@strawberry.type(description="What whoever has it may do.")
class Role:
    id: strawberry.ID = documented("_id", "24 hex digits.")
    name: str | None = documented("name", "Its name.")
    description: str | None = documented("description", "What it is for.")
    provenance: str | None = documented("provenance", "Pronghorn: it comes with the server. Custom: it was made here.")
    allowed_methods: list[Method] = listed("allowedMethods", "What it allows.")
    meta: Meta | None = documented("_meta", "When it was stored.")
    documented: JSON = whole("The whole role in its documented REST form.")


@strawberry.type(description="The methods of an application that one may use.")
class AppMethods:
    app: str = strawberry.field(description="The application.")
    names: list[str] = strawberry.field(description="Their documented names.")


def _methods(root: JsonObject) -> list[AppMethods]:
    return [AppMethods(app=app, names=names) for app, names in root["methods"].items()]


@strawberry.type(description="Who is signed in.")
class Viewer:
    id: strawberry.ID = documented("id", "The account, 24 hex digits.")
    username: str = documented("username", "The name to sign in with.")
    firstname: str | None = documented("firstname", "The name to call them by.")
    groups: list[Group] = listed(
        "groups", "All groups, also those that come with others.", lambda group: {**group, "_id": group["id"]}
    )
    roles: list[strawberry.ID] = listed("roles", "All roles, also those of the groups.")
    methods: list[AppMethods] = strawberry.field(resolver=_methods, description="What they may do.")
    documented: JSON = whole("The same as GET /whoami documents it.")


@strawberry.type(description="That somebody is signed in.")
class Session:
    token: str = strawberry.field(description="URL-safe. Send it as `Authorization: Bearer`, or as the cookie `token`.")
    expires: DateTime = strawberry.field(description="How long it is good.")
    account_id: strawberry.ID = strawberry.field(description="Whose it is.")


@strawberry.type(description="One place where an account is signed in: a token that is good, without the token itself.")
class ActiveSession:
    id: strawberry.ID = strawberry.field(description="What `endSession` takes. It is not the token.")
    created: DateTime = strawberry.field(description="When the account signed in.")
    expires: DateTime = strawberry.field(description="How long it is good.")
    address: str | None = strawberry.field(description="The address that signed in, where it is known.")
    agent: str | None = strawberry.field(description="What the program or browser calls itself (User-Agent).")
    current: bool = strawberry.field(description="Whether it is the one that this is asked with.")


@strawberry.type(description="The account of a program, with the secret that is shown only once.")
class Program:
    client_id: strawberry.ID = strawberry.field(description="What POST /oauth/token takes as client_id: the account.")
    client_secret: str = strawberry.field(description="What it takes as client_secret. Nobody can look it up later.")
    account: User = strawberry.field(description="The account.")


@strawberry.type(description="Some of the accounts.")
class AccountList:
    results: list[User] = strawberry.field(description="At most `limit` of them, the oldest first.")
    total: int = strawberry.field(description="How many there are.")


@strawberry.type(description="Some of the groups.")
class GroupList:
    results: list[Group] = strawberry.field(description="At most `limit` of them, the oldest first.")
    total: int = strawberry.field(description="How many there are.")


@strawberry.type(description="Some of the roles.")
class RoleList:
    results: list[Role] = strawberry.field(description="At most `limit` of them, the oldest first.")
    total: int = strawberry.field(description="How many there are.")


@strawberry.type(description="Some of the methods.")
class MethodList:
    results: list[Method] = strawberry.field(description="At most `limit` of them, by name.")
    total: int = strawberry.field(description="How many there are.")


@strawberry.type(description="Some of the views.")
class ViewList:
    results: list[JSON] = strawberry.field(description="At most `limit` of them, by path.")
    total: int = strawberry.field(description="How many there are.")


def as_account(document: JsonObject) -> User:
    return cast(User, document)


def as_group(document: JsonObject) -> Group:
    return cast(Group, document)


def as_role(document: JsonObject) -> Role:
    return cast(Role, document)


def as_viewer(document: JsonObject) -> Viewer:
    return cast(Viewer, document)


def as_accounts(found: Listed) -> AccountList:
    return AccountList(results=cast(list[User], found.results), total=found.total)


def as_groups(found: Listed) -> GroupList:
    return GroupList(results=cast(list[Group], found.results), total=found.total)


def as_roles(found: Listed) -> RoleList:
    return RoleList(results=cast(list[Role], found.results), total=found.total)


def as_methods(found: Listed) -> MethodList:
    return MethodList(results=cast(list[Method], found.results), total=found.total)


def as_views(found: Listed) -> ViewList:
    return ViewList(results=cast(list[JSON], found.results), total=found.total)


def as_session(issued: IssuedToken) -> Session:
    return Session(
        token=issued.token, expires=DateTime(iso(issued.expires)), account_id=strawberry.ID(issued.account_id)
    )


def as_active_session(listed: sessions.Session) -> ActiveSession:
    created, expires = DateTime(iso(listed.created)), DateTime(iso(listed.expires))
    return ActiveSession(
        id=strawberry.ID(listed.id),
        created=created,
        expires=expires,
        address=listed.address,
        agent=listed.agent,
        current=listed.current,
    )


def as_program(account: JsonObject, secret: str) -> Program:
    return Program(client_id=strawberry.ID(account["_id"]), client_secret=secret, account=as_account(account))
