"""Templates, transformations and forms by their ids."""

from typing import Annotated, TypeAlias, cast

import strawberry

from ...resolvers.workflows import assets
from ..auth.permissions import requires
from ..context import RequestInfo
from ..scalars import JSON
from .types import Asset, as_asset

AssetId: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="Its id.")]


@strawberry.type
class AssetQueries:
    @strawberry.field(
        extensions=requires("getTemplate"),
        description="One template by its id. An unknown one is null, with an error of code TEMPLATE_NOT_FOUND.",
    )
    async def template(self, info: RequestInfo, id: AssetId) -> Asset | None:
        return as_asset(await assets.find(info.context["caller"], "template", id))

    @strawberry.field(
        extensions=requires("getTransformation"),
        description="One transformation by its id. An unknown one is null, with an error TRANSFORMATION_NOT_FOUND.",
    )
    async def transformation(self, info: RequestInfo, id: AssetId) -> Asset | None:
        return as_asset(await assets.find(info.context["caller"], "transformation", id))

    @strawberry.field(
        extensions=requires("getFormById"),
        description="One JSON form by its id. An unknown one is null, with an error of code FORM_NOT_FOUND.",
    )
    async def form(self, info: RequestInfo, id: AssetId) -> Asset | None:
        return as_asset(await assets.find(info.context["caller"], "form", id))

    @strawberry.field(
        extensions=requires("exportTemplate"),
        description="A template as it is handed to other systems: called as its project calls it.",
    )
    async def export_template(self, info: RequestInfo, id: AssetId) -> JSON:
        return cast(JSON, await assets.export(info.context["caller"], "template", id))
