"""Templates, transformations and JSON forms by id."""

from typing import Annotated, TypeAlias

import strawberry

from ...resolvers.workflows import assets
from ..auth.authorization import requires
from ..context import RequestInfo
from ..scalars import JSON
from .types import Asset, as_asset

AssetId: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="The id of the document.")]


@strawberry.type
class AssetQueries:
    @strawberry.field(
        extensions=requires("getTemplate"),
        description="A template by id. An unknown id is null, with an error of code TEMPLATE_NOT_FOUND.",
    )
    async def template(self, info: RequestInfo, id: AssetId) -> Asset | None:
        return as_asset(await assets.find(info.context["caller"], "template", id))

    @strawberry.field(
        extensions=requires("getTransformation"),
        description="A transformation by id. An unknown id is null, with an error of code TRANSFORMATION_NOT_FOUND.",
    )
    async def transformation(self, info: RequestInfo, id: AssetId) -> Asset | None:
        return as_asset(await assets.find(info.context["caller"], "transformation", id))

    @strawberry.field(
        extensions=requires("getFormById"),
        description="A JSON form by id. An unknown id is null, with an error of code FORM_NOT_FOUND.",
    )
    async def form(self, info: RequestInfo, id: AssetId) -> Asset | None:
        return as_asset(await assets.find(info.context["caller"], "form", id))

    @strawberry.field(
        extensions=requires("exportTemplate"),
        description="A template in the form for other systems, with the name inside the project.",
    )
    async def export_template(self, info: RequestInfo, id: AssetId) -> JSON:
        return await assets.export(info.context["caller"], "template", id)
