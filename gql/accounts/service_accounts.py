"""Mutations that create, change and delete service accounts."""

from typing import Annotated

import strawberry

from ...resolvers.accounts import service_accounts
from ..auth.authorization import requires
from ..context import RequestInfo
from .mutations import AccountId, Description, Groups, Name, Roles, group_and_role_ids
from .people import User
from .types import Program, as_account, as_program


@strawberry.type
class ServiceAccountMutations:
    @strawberry.mutation(
        extensions=requires("createServiceAccount"),
        description="Creates a service account, which gets tokens from POST /oauth/token.",
    )
    async def create_service_account(
        self, info: RequestInfo, name: Name, groups: Groups = None, roles: Roles = None, description: Description = ""
    ) -> Program | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_program(
            *await service_accounts.create(services, caller, name, description, group_and_role_ids(groups, roles))
        )

    @strawberry.mutation(
        extensions=requires("updateServiceAccount"), description="Changes the purpose of a service account."
    )
    async def update_service_account(
        self,
        info: RequestInfo,
        id: AccountId,
        description: Annotated[
            str | None, strawberry.argument(description="The purpose; if omitted, unchanged.")
        ] = None,
    ) -> User | None:
        return as_account(await service_accounts.update(info.context["services"], id, description))

    @strawberry.mutation(
        extensions=requires("regenerateSecret"),
        description="Creates a new secret for a service account. The old secret and all tokens of the account "
        "become invalid.",
    )
    async def regenerate_secret(self, info: RequestInfo, id: AccountId) -> Program | None:
        return as_program(*await service_accounts.renew_secret(info.context["services"], info.context["caller"], id))

    @strawberry.mutation(extensions=requires("deleteServiceAccount"), description="Deletes a service account.")
    async def delete_service_account(self, info: RequestInfo, id: AccountId) -> User | None:
        return as_account(await service_accounts.delete(info.context["services"], id))
