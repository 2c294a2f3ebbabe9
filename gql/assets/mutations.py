"""Creating, changing, importing and deleting templates, transformations and forms."""

from typing import Annotated, TypeAlias

import strawberry

from ...resolvers.workflows import assets
from ..auth.permissions import requires
from ..context import RequestInfo
from ..jobs.inputs import within
from ..scalars import JSON
from .queries import AssetId
from .types import Asset, ImportedAsset, as_asset, as_imported_assets

MOST_DOCUMENTS = 1000

Document: TypeAlias = Annotated[JSON, strawberry.argument(description="The document, with its `name`.")]
Documents: TypeAlias = Annotated[list[JSON], strawberry.argument(description="The documents, each with its `name`.")]
Changes: TypeAlias = Annotated[JSON, strawberry.argument(description="The fields that change.")]


@strawberry.type
class AssetMutations:
    @strawberry.mutation(
        extensions=requires("createTemplate"),
        description="Make a template; its name must be free, and so the id that it brings.",
    )
    async def create_template(self, info: RequestInfo, document: Document) -> Asset | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_asset(await assets.create(services, caller, "template", document))

    @strawberry.mutation(
        extensions=requires("updateTemplate"),
        description="Change fields of a template.",
    )
    async def update_template(self, info: RequestInfo, id: AssetId, changes: Changes) -> Asset | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_asset(await assets.update(services, caller, "template", id, changes))

    @strawberry.mutation(
        extensions=requires("deleteTemplate"),
        description="Take a template away, and answer it.",
    )
    async def delete_template(self, info: RequestInfo, id: AssetId) -> Asset | None:
        return as_asset(await assets.delete(info.context["caller"], "template", id))

    @strawberry.mutation(
        extensions=requires("importTemplates"),
        description=f"Make several, under the ids that they bring, at most {MOST_DOCUMENTS}; "
        "`importWorkflows` replaces.",
    )
    async def import_templates(self, info: RequestInfo, documents: Documents) -> list[ImportedAsset] | None:
        wanted = within(documents, MOST_DOCUMENTS)
        made = await assets.create_all(info.context["services"], info.context["caller"], "template", wanted)
        return as_imported_assets(made)

    @strawberry.mutation(
        extensions=requires("createTransformation"),
        description="Make a transformation; its name must be free, and so the id that it brings.",
    )
    async def create_transformation(self, info: RequestInfo, document: Document) -> Asset | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_asset(await assets.create(services, caller, "transformation", document))

    @strawberry.mutation(
        extensions=requires("updateTransformation"),
        description="Change fields of a transformation.",
    )
    async def update_transformation(self, info: RequestInfo, id: AssetId, changes: Changes) -> Asset | None:
        return as_asset(
            await assets.update(info.context["services"], info.context["caller"], "transformation", id, changes)
        )

    @strawberry.mutation(
        extensions=requires("deleteTransformation"), description="Take a transformation away, and answer it."
    )
    async def delete_transformation(self, info: RequestInfo, id: AssetId) -> Asset | None:
        return as_asset(await assets.delete(info.context["caller"], "transformation", id))

    @strawberry.mutation(
        extensions=requires("importTransformation"),
        description=f"Make several, under the ids that they bring, at most {MOST_DOCUMENTS}; "
        "`importWorkflows` replaces.",
    )
    async def import_transformations(self, info: RequestInfo, documents: Documents) -> list[ImportedAsset] | None:
        wanted = within(documents, MOST_DOCUMENTS)
        made = await assets.create_all(info.context["services"], info.context["caller"], "transformation", wanted)
        return as_imported_assets(made)

    @strawberry.mutation(
        extensions=requires("createForm"),
        description="Make a JSON form; its name must be free, and so the id that it brings.",
    )
    async def create_form(self, info: RequestInfo, document: Document) -> Asset | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_asset(await assets.create(services, caller, "form", document))

    @strawberry.mutation(
        extensions=requires("updateForm"),
        description="Change fields of a JSON form.",
    )
    async def update_form(self, info: RequestInfo, id: AssetId, changes: Changes) -> Asset | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_asset(await assets.update(services, caller, "form", id, changes))

    @strawberry.mutation(
        extensions=requires("deleteForms"),
        description="Take a JSON form away, and answer it.",
    )
    async def delete_form(self, info: RequestInfo, id: AssetId) -> Asset | None:
        return as_asset(await assets.delete(info.context["caller"], "form", id))

    @strawberry.mutation(
        extensions=requires("importForms"),
        description=f"Make several, under the ids that they bring, at most {MOST_DOCUMENTS}; "
        "`importWorkflows` replaces.",
    )
    async def import_forms(self, info: RequestInfo, documents: Documents) -> list[ImportedAsset] | None:
        wanted = within(documents, MOST_DOCUMENTS)
        made = await assets.create_all(info.context["services"], info.context["caller"], "form", wanted)
        return as_imported_assets(made)

    @strawberry.mutation(
        extensions=requires("deleteForms"),
        description=f"Take JSON forms away, at most {MOST_DOCUMENTS}; those that went.",
    )
    async def delete_forms(
        self, info: RequestInfo, ids: Annotated[list[strawberry.ID], strawberry.argument(description="Their ids.")]
    ) -> list[Asset] | None:
        wanted = within(ids, MOST_DOCUMENTS, "ids")
        return [as_asset(await assets.delete(info.context["caller"], "form", id)) for id in wanted]
