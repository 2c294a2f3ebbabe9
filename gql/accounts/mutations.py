"""Mutations that sign in and out, and change accounts, groups and roles."""

from typing import Annotated

import strawberry

from ...resolvers.accounts import accounts, roles, sessions, sign_in
from ...resolvers.accounts import groups as accounts_groups
from ...resolvers.accounts.accounts import AccountChanges, Belongings
from ..auth.authentication import forget_session, keep_session
from ..auth.authorization import PUBLIC, SIGNED_IN, requires
from ..context import RequestInfo
from .people import Group, User
from .types import Role, Session, as_account, as_group, as_role, as_session

AccountId = Annotated[strawberry.ID, strawberry.argument(description="The id of the account, 24 hex digits.")]
GroupId = Annotated[strawberry.ID, strawberry.argument(description="The id of the group, 24 hex digits.")]
RoleId = Annotated[strawberry.ID, strawberry.argument(description="The id of the role, 24 hex digits.")]
Accounts = Annotated[list[strawberry.ID], strawberry.argument(description="Ids of accounts, 24 hex digits each.")]
Groups = Annotated[
    list[strawberry.ID] | None,
    strawberry.argument(description="Ids of the groups to belong to; if omitted, unchanged."),
]
Roles = Annotated[
    list[strawberry.ID] | None, strawberry.argument(description="Ids of the roles to assign; if omitted, unchanged.")
]
Name = Annotated[str, strawberry.argument(description="A unique name of 1 to 200 characters.")]
Password = Annotated[str, strawberry.argument(description="A password of 8 to 1024 characters.")]
Firstname = Annotated[str | None, strawberry.argument(description="The display name.")]
Email = Annotated[str | None, strawberry.argument(description="The e-mail address.")]
Description = Annotated[str, strawberry.argument(description="The purpose.")]


@strawberry.type
class SessionMutations:
    @strawberry.mutation(
        extensions=PUBLIC,
        description="Signs in and returns a token. The response also sets the token as a cookie. A refusal "
        "takes the same time for an unknown account and for a wrong password.",
    )
    async def login(
        self,
        info: RequestInfo,
        username: Annotated[str, strawberry.argument(description="The name of the account.")],
        password: Annotated[str, strawberry.argument(description="The password of the account.")],
    ) -> Session | None:
        context = info.context
        issued = await sign_in.sign_in(context["services"], username, password, context["origin"])
        keep_session(context["response"], issued.token, secure=context["secure"])
        return as_session(issued)

    @strawberry.mutation(extensions=SIGNED_IN, description="Signs out: the token of the request becomes invalid.")
    async def logout(self, info: RequestInfo) -> bool | None:
        token = info.context["token"]
        if token is not None:
            await sign_in.sign_out(info.context["services"], token)
        forget_session(info.context["response"])
        return token is not None

    @strawberry.mutation(
        extensions=SIGNED_IN,
        description="Signs out everywhere: all tokens of the caller become invalid. Returns the number of tokens.",
    )
    async def logout_everywhere(self, info: RequestInfo) -> int | None:
        count = await sessions.end_all(info.context["services"], info.context["caller"])
        forget_session(info.context["response"])
        return count

    @strawberry.mutation(
        extensions=SIGNED_IN,
        description="Ends a session of the caller. Returns whether the caller had such a session.",
    )
    async def end_session(
        self,
        info: RequestInfo,
        id: Annotated[strawberry.ID, strawberry.argument(description="The id of a session from the query `sessions`.")],
    ) -> bool | None:
        return await sessions.end(info.context["services"], info.context["caller"], id)


@strawberry.type
class AccountMutations:
    @strawberry.mutation(extensions=requires("createAccount"), description="Creates an account for a person.")
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
        changes = AccountChanges(firstname, email, belongings=group_and_role_ids(groups, roles))
        return as_account(await accounts.create(services, caller, username, password, changes))

    @strawberry.mutation(
        extensions=requires("updateAccount"),
        description="Changes an account. All tokens of a disabled account become invalid.",
    )
    async def update_account(
        self,
        info: RequestInfo,
        id: AccountId,
        firstname: Firstname = None,
        email: Email = None,
        inactive: Annotated[bool | None, strawberry.argument(description="Whether to disable the account.")] = None,
        groups: Groups = None,
        roles: Roles = None,
    ) -> User | None:
        services, caller = info.context["services"], info.context["caller"]
        changes = AccountChanges(firstname, email, inactive, group_and_role_ids(groups, roles))
        return as_account(await accounts.update(services, caller, id, changes))

    @strawberry.mutation(
        extensions=requires("setPassword"),
        description="Changes the password of an account. All tokens of the account become invalid.",
    )
    async def set_password(self, info: RequestInfo, id: AccountId, password: Password) -> User | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_account(await accounts.set_password(services, caller, id, password))

    @strawberry.mutation(
        extensions=requires("forceLogout"),
        description="Signs an account out everywhere. Returns the number of tokens that became invalid.",
    )
    async def force_logout(self, info: RequestInfo, id: AccountId) -> int | None:
        return await accounts.sign_out_everywhere(info.context["services"], id)

    @strawberry.mutation(
        extensions=requires("createGroup"),
        description="Creates a group. Members of the group have the roles of the group, and are also members "
        "of the groups above.",
    )
    async def create_group(
        self,
        info: RequestInfo,
        name: Name,
        description: Description = "",
        groups: Groups = None,
        roles: Roles = None,
        inactive: Annotated[bool, strawberry.argument(description="Whether to create a disabled group.")] = False,
        provenance: Annotated[
            str | None,
            strawberry.argument(
                description="The directory that the group comes from; by default Local, the accounts of this server."
            ),
        ] = None,
    ) -> Group | None:
        services, caller = info.context["services"], info.context["caller"]
        new = accounts_groups.NewGroup(name, description, group_and_role_ids(groups, roles), inactive, provenance)
        return as_group(await accounts_groups.create(services, caller, new))

    @strawberry.mutation(extensions=requires("updateGroup"), description="Changes a group.")
    async def update_group(
        self,
        info: RequestInfo,
        id: GroupId,
        description: Annotated[
            str | None, strawberry.argument(description="The purpose; if omitted, unchanged.")
        ] = None,
        groups: Groups = None,
        roles: Roles = None,
        inactive: Annotated[bool | None, strawberry.argument(description="Whether to disable the group.")] = None,
    ) -> Group | None:
        changes, services, caller = group_and_role_ids(groups, roles), info.context["services"], info.context["caller"]
        return as_group(await accounts_groups.update(services, caller, id, description, changes, inactive=inactive))

    @strawberry.mutation(
        extensions=requires("deleteGroup"),
        description="Deletes a group. Afterwards only administrators and starters see documents that only "
        "members of the group could see.",
    )
    async def delete_group(self, info: RequestInfo, id: GroupId) -> Group | None:
        return as_group(await accounts_groups.delete(info.context["services"], id))

    @strawberry.mutation(extensions=requires("updateGroup"), description="Adds accounts to a group.")
    async def add_to_group(self, info: RequestInfo, group_id: GroupId, account_ids: Accounts) -> Group | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_group(await accounts_groups.add_members(services, caller, group_id, list(account_ids)))

    @strawberry.mutation(extensions=requires("updateGroup"), description="Removes accounts from a group.")
    async def remove_from_group(self, info: RequestInfo, group_id: GroupId, account_ids: Accounts) -> Group | None:
        return as_group(await accounts_groups.remove_members(info.context["services"], group_id, list(account_ids)))

    @strawberry.mutation(extensions=requires("createRole"), description="Creates a role.")
    async def create_role(
        self,
        info: RequestInfo,
        name: Name,
        methods: Annotated[
            list[str],
            strawberry.argument(description="The methods that the role allows: names from the query `methods`."),
        ],
        description: Description = "",
    ) -> Role | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_role(await roles.create(services, caller, name, description, methods))

    @strawberry.mutation(
        extensions=requires("updateRole"), description="Changes a role. Roles of the server cannot be changed."
    )
    async def update_role(
        self,
        info: RequestInfo,
        id: RoleId,
        description: Annotated[
            str | None, strawberry.argument(description="The purpose; if omitted, unchanged.")
        ] = None,
        methods: Annotated[
            list[str] | None,
            strawberry.argument(description="The methods that the role allows: names from the query `methods`."),
        ] = None,
    ) -> Role | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_role(await roles.update(services, caller, id, description, methods))

    @strawberry.mutation(
        extensions=requires("deleteRole"), description="Deletes a role. Roles of the server cannot be deleted."
    )
    async def delete_role(self, info: RequestInfo, id: RoleId) -> Role | None:
        return as_role(await roles.delete(info.context["services"], id))


def group_and_role_ids(groups: list[strawberry.ID] | None, roles: list[strawberry.ID] | None) -> Belongings:
    return Belongings(None if groups is None else list(groups), None if roles is None else list(roles))
