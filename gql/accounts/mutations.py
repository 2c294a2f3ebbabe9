"""Signing in and out, and changing accounts, groups and roles."""

from typing import Annotated

import strawberry

from ...resolvers.accounts import accounts, roles, sessions, sign_in
from ...resolvers.accounts import groups as accounts_groups
from ...resolvers.accounts.accounts import AccountChanges, Belongings
from ..auth.middleware import forget_session, keep_session
from ..auth.permissions import PUBLIC, SIGNED_IN, requires
from ..context import RequestInfo
from .people import Group, User
from .types import Role, Session, as_account, as_group, as_role, as_session

AccountId = Annotated[strawberry.ID, strawberry.argument(description="The account, 24 hex digits.")]
GroupId = Annotated[strawberry.ID, strawberry.argument(description="The group, 24 hex digits.")]
RoleId = Annotated[strawberry.ID, strawberry.argument(description="The role, 24 hex digits.")]
Accounts = Annotated[list[strawberry.ID], strawberry.argument(description="Accounts, 24 hex digits each.")]
Groups = Annotated[
    list[strawberry.ID] | None, strawberry.argument(description="The groups to be in; left out: as it is.")
]
Roles = Annotated[list[strawberry.ID] | None, strawberry.argument(description="The roles to have; left out: as it is.")]
Name = Annotated[str, strawberry.argument(description="1 to 200 characters; nothing else of its kind has it.")]
Password = Annotated[str, strawberry.argument(description="8 to 1024 characters.")]
Firstname = Annotated[str | None, strawberry.argument(description="The name to call them by.")]
Email = Annotated[str | None, strawberry.argument(description="Where to write to.")]
Description = Annotated[str, strawberry.argument(description="What it is for.")]


@strawberry.type
class SessionMutations:
    @strawberry.mutation(
        extensions=PUBLIC,
        description="Sign in. A browser gets the token as a cookie, too. It takes the same time whether the account or "
        "the password is wrong.",
    )
    async def login(
        self,
        info: RequestInfo,
        username: Annotated[str, strawberry.argument(description="The account's name.")],
        password: Annotated[str, strawberry.argument(description="Its password.")],
    ) -> Session | None:
        context = info.context
        issued = await sign_in.sign_in(context["services"], username, password, context["origin"])
        keep_session(context["response"], issued.token, secure=context["secure"])
        return as_session(issued)

    @strawberry.mutation(
        extensions=SIGNED_IN, description="Sign out: the token that this is asked with is good no more."
    )
    async def logout(self, info: RequestInfo) -> bool | None:
        token = info.context["token"]
        if token is not None:
            await sign_in.sign_out(info.context["services"], token)
        forget_session(info.context["response"])
        return token is not None

    @strawberry.mutation(
        extensions=SIGNED_IN,
        description="Sign out everywhere: every token of the account that asks is good no more. How many that were.",
    )
    async def logout_everywhere(self, info: RequestInfo) -> int | None:
        ended = await sessions.end_all(info.context["services"], info.context["caller"])
        forget_session(info.context["response"])
        return ended

    @strawberry.mutation(
        extensions=SIGNED_IN,
        description="Sign the account that asks out in one place. Whether there was such a session of it.",
    )
    async def end_session(
        self,
        info: RequestInfo,
        id: Annotated[strawberry.ID, strawberry.argument(description="Of the query `sessions`.")],
    ) -> bool | None:
        return await sessions.end(info.context["services"], info.context["caller"], id)


@strawberry.type
class AccountMutations:
    @strawberry.mutation(extensions=requires("createAccount"), description="Make an account for a person.")
    async def create_account(
        self,
        info: RequestInfo,
        username: Name,
        password: Password,
        firstname: Firstname = None,
        email: Email = None,
        groups: Groups = None,
        roles: Roles = None,
    ) -> User | None:
        services, caller = info.context["services"], info.context["caller"]
        changes = AccountChanges(firstname, email, belongings=belongings(groups, roles))
        return as_account(await accounts.create(services, caller, username, password, changes))

    @strawberry.mutation(
        extensions=requires("updateAccount"), description="Change an account. An inactive one is signed out everywhere."
    )
    async def update_account(
        self,
        info: RequestInfo,
        id: AccountId,
        firstname: Firstname = None,
        email: Email = None,
        inactive: Annotated[bool | None, strawberry.argument(description="Whether it is closed.")] = None,
        groups: Groups = None,
        roles: Roles = None,
    ) -> User | None:
        services, caller = info.context["services"], info.context["caller"]
        changes = AccountChanges(firstname, email, inactive, belongings(groups, roles))
        return as_account(await accounts.update(services, caller, id, changes))

    @strawberry.mutation(
        extensions=requires("setPassword"), description="Give an account another password; it is signed out everywhere."
    )
    async def set_password(self, info: RequestInfo, id: AccountId, password: Password) -> User | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_account(await accounts.set_password(services, caller, id, password))

    @strawberry.mutation(
        extensions=requires("forceLogout"), description="Sign an account out everywhere. How many tokens that were."
    )
    async def force_logout(self, info: RequestInfo, id: AccountId) -> int | None:
        return await accounts.sign_out_everywhere(info.context["services"], id)

    @strawberry.mutation(
        extensions=requires("createGroup"),
        description="Make a group. Its members are members of the groups that it is in, and have its roles.",
    )
    async def create_group(
        self,
        info: RequestInfo,
        name: Name,
        description: Description = "",
        groups: Groups = None,
        roles: Roles = None,
        inactive: Annotated[bool, strawberry.argument(description="Whether it does not count.")] = False,
        provenance: Annotated[
            str | None, strawberry.argument(description="The directory that it comes from; left out: Local, this one.")
        ] = None,
    ) -> Group | None:
        services, caller = info.context["services"], info.context["caller"]
        new = accounts_groups.NewGroup(name, description, belongings(groups, roles), inactive, provenance)
        return as_group(await accounts_groups.create(services, caller, new))

    @strawberry.mutation(extensions=requires("updateGroup"), description="Change a group.")
    async def update_group(
        self,
        info: RequestInfo,
        id: GroupId,
        description: Annotated[str | None, strawberry.argument(description="What it is for.")] = None,
        groups: Groups = None,
        roles: Roles = None,
        inactive: Annotated[bool | None, strawberry.argument(description="Whether it counts no more.")] = None,
    ) -> Group | None:
        its, services, caller = belongings(groups, roles), info.context["services"], info.context["caller"]
        return as_group(await accounts_groups.update(services, caller, id, description, its, inactive=inactive))

    @strawberry.mutation(
        extensions=requires("deleteGroup"),
        description="Delete a group. What only its members could see, only administrators and starters see then.",
    )
    async def delete_group(self, info: RequestInfo, id: GroupId) -> Group | None:
        return as_group(await accounts_groups.delete(info.context["services"], id))

    @strawberry.mutation(extensions=requires("updateGroup"), description="Take accounts into a group.")
    async def add_to_group(self, info: RequestInfo, group_id: GroupId, account_ids: Accounts) -> Group | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_group(await accounts_groups.add_members(services, caller, group_id, list(account_ids)))

    @strawberry.mutation(extensions=requires("updateGroup"), description="Take accounts out of a group.")
    async def remove_from_group(self, info: RequestInfo, group_id: GroupId, account_ids: Accounts) -> Group | None:
        return as_group(await accounts_groups.remove_members(info.context["services"], group_id, list(account_ids)))

    @strawberry.mutation(extensions=requires("createRole"), description="Make a role.")
    async def create_role(
        self,
        info: RequestInfo,
        name: Name,
        methods: Annotated[list[str], strawberry.argument(description="What it allows: names of the query `methods`.")],
        description: Description = "",
    ) -> Role | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_role(await roles.create(services, caller, name, description, methods))

    @strawberry.mutation(
        extensions=requires("updateRole"), description="Change a role; one that comes with the server stays."
    )
    async def update_role(
        self,
        info: RequestInfo,
        id: RoleId,
        description: Annotated[str | None, strawberry.argument(description="What it is for.")] = None,
        methods: Annotated[
            list[str] | None, strawberry.argument(description="What it allows: names of the query `methods`.")
        ] = None,
    ) -> Role | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_role(await roles.update(services, caller, id, description, methods))

    @strawberry.mutation(
        extensions=requires("deleteRole"), description="Delete a role; one that comes with the server stays."
    )
    async def delete_role(self, info: RequestInfo, id: RoleId) -> Role | None:
        return as_role(await roles.delete(info.context["services"], id))


def belongings(groups: list[strawberry.ID] | None, roles: list[strawberry.ID] | None) -> Belongings:
    return Belongings(None if groups is None else list(groups), None if roles is None else list(roles))
