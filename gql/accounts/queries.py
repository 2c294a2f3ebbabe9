"""Accounts, groups, roles, and the caller's own sessions and permissions."""

from typing import Annotated

import strawberry

from ...resolvers.accounts import accounts, groups, roles, sessions
from ...resolvers.accounts.directory import MOST, Window
from ..auth.authorization import SIGNED_IN, requires
from ..context import RequestInfo
from .people import Group, User
from .types import (
    AccountList,
    ActiveSession,
    GroupList,
    MethodList,
    Role,
    RoleList,
    Viewer,
    ViewList,
    as_account,
    as_accounts,
    as_active_session,
    as_group,
    as_groups,
    as_methods,
    as_role,
    as_roles,
    as_viewer,
    as_views,
)

Id = Annotated[strawberry.ID, strawberry.argument(description="The id, 24 hex digits.")]
Limit = Annotated[int, strawberry.argument(description=f"The largest number of entries, 0 to {MOST}.")]
Skip = Annotated[int, strawberry.argument(description="The number of entries to skip.")]
Inactive = Annotated[
    bool | None, strawberry.argument(description="Only disabled entries (true), or only enabled entries (false).")
]

NewestFirst = Annotated[bool, strawberry.argument(description="Whether the newest entry comes first instead of last.")]


@strawberry.type
class AccountQueries:
    @strawberry.field(extensions=SIGNED_IN, description="The caller: the account of the request.")
    async def viewer(self, info: RequestInfo) -> Viewer:
        return as_viewer(await accounts.viewer(info.context["caller"].account_id))

    @strawberry.field(
        extensions=SIGNED_IN,
        description="The sessions of the caller: the valid tokens, the latest first, at most 1000. A client "
        "that sends a password with each request has no session.",
    )
    async def sessions(self, info: RequestInfo) -> list[ActiveSession]:
        services, caller, token = info.context["services"], info.context["caller"], info.context["token"]
        return [as_active_session(session) for session in await sessions.list_sessions(services, caller, token)]

    @strawberry.field(
        extensions=requires("getAccounts"), description="The accounts of people and the service accounts."
    )
    async def accounts(
        self,
        limit: Limit = 25,
        skip: Skip = 0,
        inactive: Inactive = None,
        programs: Annotated[
            bool | None,
            strawberry.argument(description="Only service accounts (true), or only accounts of people (false)."),
        ] = None,
        newest_first: NewestFirst = False,
    ) -> AccountList:
        return as_accounts(await accounts.page(Window(limit, skip, newest_first, inactive, programs)))

    @strawberry.field(
        extensions=requires("getAccount"),
        description="An account by id. An unknown id is null, with an error of code ACCOUNT_NOT_FOUND.",
    )
    async def account(self, id: Id) -> User | None:
        return as_account(await accounts.find(id))

    @strawberry.field(extensions=requires("getGroups"), description="The groups.")
    async def groups(
        self, limit: Limit = 25, skip: Skip = 0, inactive: Inactive = None, newest_first: NewestFirst = False
    ) -> GroupList:
        return as_groups(await groups.page(Window(limit, skip, newest_first, inactive)))

    @strawberry.field(
        extensions=requires("getGroup"),
        description="A group by id. An unknown id is null, with an error of code GROUP_NOT_FOUND.",
    )
    async def group(self, id: Id) -> Group | None:
        return as_group(await groups.find(id))

    @strawberry.field(extensions=requires("getRoles"), description="The roles.")
    async def roles(self, limit: Limit = 25, skip: Skip = 0, newest_first: NewestFirst = False) -> RoleList:
        return as_roles(await roles.page(Window(limit, skip, newest_first)))

    @strawberry.field(
        extensions=requires("getRole"),
        description="A role by id. An unknown id is null, with an error of code ROLE_NOT_FOUND.",
    )
    async def role(self, id: Id) -> Role | None:
        return as_role(await roles.find(id))

    @strawberry.field(extensions=requires("getMethods"), description="All methods that a role may allow.")
    async def methods(self, limit: Limit = MOST, skip: Skip = 0) -> MethodList:
        return as_methods(roles.methods(limit, skip))

    @strawberry.field(
        extensions=requires("getViews"),
        description="The pages of the documented system that stored roles allow; this server has no such pages.",
    )
    async def views(self, limit: Limit = MOST, skip: Skip = 0) -> ViewList:
        return as_views(await roles.views(limit, skip))
