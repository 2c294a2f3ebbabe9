"""Accounts, groups and roles for administrators, and the caller's own account."""

from collections.abc import Mapping
from typing import cast

import strawberry

from ...models.documents.moments import iso
from ...models.documents.shapes.accounts import AccountForm, GroupForm, RoleForm, ViewerForm
from ...models.json import Json, array_at, is_object, object_at
from ...resolvers.accounts import sessions
from ...resolvers.accounts.directory import Listed
from ...resolvers.accounts.tokens import IssuedToken
from ..fields import list_field, value_field, whole_field
from ..scalars import JSON, DateTime
from .people import Group, Meta, User


@strawberry.type(description="A method: an operation that roles allow.")
class Method:
    name: str = value_field("name", "The documented name of the method.")
    provenance: str | None = value_field("provenance", "The application that has the method.")
    documented: JSON = whole_field("The method in the documented REST form.")


@strawberry.type(description="A role: a list of methods that an account with the role may use.")
class Role:
    id: strawberry.ID = value_field("_id", "The id of the role, 24 hex digits.")
    name: str | None = value_field("name", "The name of the role.")
    description: str | None = value_field("description", "The purpose of the role.")
    provenance: str | None = value_field(
        "provenance", "The origin of the role: Pronghorn (part of the server) or Custom (created by an administrator)."
    )
    allowed_methods: list[Method] = list_field("allowedMethods", "The methods that the role allows.")
    meta: Meta | None = value_field("_meta", "Times of creation and change of the role.")
    documented: JSON = whole_field("The whole role in the documented REST form.")


@strawberry.type(description="The methods of an application that the caller may use.")
class AppMethods:
    app: str = strawberry.field(description="The application.")
    names: list[str] = strawberry.field(description="The documented names of the methods.")


def _methods(root: Mapping[str, object]) -> list[AppMethods]:
    methods = object_at(root, "methods")
    return [AppMethods(app=app, names=[str(name) for name in array_at(methods, app)]) for app in methods]


def _group(group: Json) -> Json:
    return {**group, "_id": group["id"]} if is_object(group) else group


@strawberry.type(description="The caller: the account of the request, with groups, roles and permissions.")
class Viewer:
    id: strawberry.ID = value_field("id", "The id of the account, 24 hex digits.")
    username: str = value_field("username", "The name for the sign-in.")
    firstname: str | None = value_field("firstname", "The display name of the account.")
    groups: list[Group] = list_field(
        "groups",
        "All groups of the account, with inherited groups.",
        _group,
    )
    roles: list[strawberry.ID] = list_field("roles", "The ids of all roles of the account, with the roles of groups.")
    methods: list[AppMethods] = strawberry.field(
        resolver=_methods, description="The methods that the account may use, by application."
    )
    documented: JSON = whole_field("The caller in the form of GET /whoami.")


@strawberry.type(description="A session: the result of a sign-in.")
class Session:
    token: str = strawberry.field(
        description="The token, URL-safe. Clients send the token as `Authorization: Bearer`, or as the cookie `token`."
    )
    expires: DateTime = strawberry.field(description="The time when the token expires.")
    account_id: strawberry.ID = strawberry.field(description="The id of the account.")


@strawberry.type(description="A session of an account: a valid token, without the text of the token.")
class ActiveSession:
    id: strawberry.ID = strawberry.field(description="The id of the session for `endSession`, which is not the token.")
    created: DateTime = strawberry.field(description="The time of the sign-in.")
    expires: DateTime = strawberry.field(description="The time when the token expires.")
    address: str | None = strawberry.field(description="The network address of the sign-in, where known.")
    agent: str | None = strawberry.field(description="The User-Agent of the client that signed in.")
    current: bool = strawberry.field(description="Whether the session is the session of the request.")


@strawberry.type(description="A service account with its secret, which the server returns only once.")
class Program:
    client_id: strawberry.ID = strawberry.field(
        description="The client_id for POST /oauth/token: the id of the account."
    )
    client_secret: str = strawberry.field(
        description="The client_secret for POST /oauth/token. The server stores no readable copy of the secret."
    )
    account: User = strawberry.field(description="The service account.")


@strawberry.type(description="A part of the list of accounts.")
class AccountList:
    results: list[User] = strawberry.field(description="At most `limit` accounts, by default the oldest first.")
    total: int = strawberry.field(description="The number of entries in the whole list.")


@strawberry.type(description="A part of the list of groups.")
class GroupList:
    results: list[Group] = strawberry.field(description="At most `limit` groups, by default the oldest first.")
    total: int = strawberry.field(description="The number of entries in the whole list.")


@strawberry.type(description="A part of the list of roles.")
class RoleList:
    results: list[Role] = strawberry.field(description="At most `limit` roles, by default the oldest first.")
    total: int = strawberry.field(description="The number of entries in the whole list.")


@strawberry.type(description="A part of the list of methods.")
class MethodList:
    results: list[Method] = strawberry.field(description="At most `limit` methods, ordered by name.")
    total: int = strawberry.field(description="The number of entries in the whole list.")


@strawberry.type(description="A part of the list of views.")
class ViewList:
    results: list[JSON] = strawberry.field(description="At most `limit` views, ordered by path.")
    total: int = strawberry.field(description="The number of entries in the whole list.")


def as_account(document: AccountForm) -> User:
    return cast(User, document)


def as_group(document: GroupForm) -> Group:
    return cast(Group, document)


def as_role(document: RoleForm) -> Role:
    return cast(Role, document)


def as_viewer(document: ViewerForm) -> Viewer:
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


def as_program(account: AccountForm, secret: str) -> Program:
    return Program(client_id=strawberry.ID(account["_id"]), client_secret=secret, account=as_account(account))
