"""Creating, changing and deleting service accounts."""

from typing import Annotated

import strawberry

from ...resolvers.accounts import service_accounts
from ..auth.permissions import requires
from ..context import RequestInfo
from .mutations import AccountId, Description, Groups, Name, Roles, belongings
from .people import User
from .types import Program, as_account, as_program


@strawberry.type
class ServiceAccountMutations:
    @strawberry.mutation(
        extensions=requires("createServiceAccount"),
        description="Make an account for a program, which gets its tokens from POST /oauth/token.",
    )
    async def create_service_account(
        self, info: RequestInfo, name: Name, groups: Groups = None, roles: Roles = None, description: Description = ""
    ) -> Program | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_program(
            *await service_accounts.create(services, caller, name, description, belongings(groups, roles))
        )

    @strawberry.mutation(
        extensions=requires("updateServiceAccount"), description="Say what the account of a program is for."
    )
    async def update_service_account(
        self,
        info: RequestInfo,
        id: AccountId,
        description: Annotated[
            str | None, strawberry.argument(description="What it is for; left out: as it is.")
        ] = None,
    ) -> User | None:
        return as_account(await service_accounts.update(info.context["services"], id, description))

    @strawberry.mutation(
        extensions=requires("regenerateSecret"),
        description="Give the account of a program another secret: the old one and its tokens are good no more.",
    )
    async def regenerate_secret(self, info: RequestInfo, id: AccountId) -> Program | None:
        return as_program(*await service_accounts.renew_secret(info.context["services"], info.context["caller"], id))

    @strawberry.mutation(extensions=requires("deleteServiceAccount"), description="Delete the account of a program.")
    async def delete_service_account(self, info: RequestInfo, id: AccountId) -> User | None:
        return as_account(await service_accounts.delete(info.context["services"], id))
