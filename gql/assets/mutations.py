"""Mutations that create, change, import and delete templates, transformations and JSON forms."""

from typing import Annotated, TypeAlias

import strawberry

from ...resolvers.workflows import assets
from ..auth.authorization import requires
from ..context import RequestInfo
from ..jobs.inputs import check_count
from ..scalars import JSON
from .queries import AssetId
from .types import Asset, ImportedAsset, as_asset, as_imported_assets

MOST_DOCUMENTS = 1000

Document: TypeAlias = Annotated[JSON, strawberry.argument(description="The document, with a `name`.")]
Documents: TypeAlias = Annotated[list[JSON], strawberry.argument(description="The documents, each with a `name`.")]
Changes: TypeAlias = Annotated[JSON, strawberry.argument(description="The fields to change.")]


@strawberry.type
class AssetMutations:
    @strawberry.mutation(
        extensions=requires("createTemplate"),
        description="Creates a template. No other template may have the same name or id.",
    )
    async def create_template(self, info: RequestInfo, document: Document) -> Asset | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_asset(await assets.create(services, caller, "template", document))

    @strawberry.mutation(
        extensions=requires("updateTemplate"),
        description="Changes fields of a template.",
    )
    async def update_template(self, info: RequestInfo, id: AssetId, changes: Changes) -> Asset | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_asset(await assets.update(services, caller, "template", id, changes))

    @strawberry.mutation(
        extensions=requires("deleteTemplate"),
        description="Deletes a template and returns the deleted template.",
    )
    async def delete_template(self, info: RequestInfo, id: AssetId) -> Asset | None:
        return as_asset(await assets.delete(info.context["caller"], "template", id))

    @strawberry.mutation(
        extensions=requires("importTemplates"),
        description=f"Creates documents with the ids in the documents, at most {MOST_DOCUMENTS}. "
        "`importWorkflows` can replace documents.",
    )
    async def import_templates(self, info: RequestInfo, documents: Documents) -> list[ImportedAsset] | None:
        limited = check_count(documents, MOST_DOCUMENTS)
        outcomes = await assets.create_all(info.context["services"], info.context["caller"], "template", limited)
        return as_imported_assets(outcomes)

    @strawberry.mutation(
        extensions=requires("createTransformation"),
        description="Creates a transformation. No other transformation may have the same name or id.",
    )
    async def create_transformation(self, info: RequestInfo, document: Document) -> Asset | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_asset(await assets.create(services, caller, "transformation", document))

    @strawberry.mutation(
        extensions=requires("updateTransformation"),
        description="Changes fields of a transformation.",
    )
    async def update_transformation(self, info: RequestInfo, id: AssetId, changes: Changes) -> Asset | None:
        return as_asset(
            await assets.update(info.context["services"], info.context["caller"], "transformation", id, changes)
        )

    @strawberry.mutation(
        extensions=requires("deleteTransformation"),
        description="Deletes a transformation and returns the deleted transformation.",
    )
    async def delete_transformation(self, info: RequestInfo, id: AssetId) -> Asset | None:
        return as_asset(await assets.delete(info.context["caller"], "transformation", id))

    @strawberry.mutation(
        extensions=requires("importTransformation"),
        description=f"Creates documents with the ids in the documents, at most {MOST_DOCUMENTS}. "
        "`importWorkflows` can replace documents.",
    )
    async def import_transformations(self, info: RequestInfo, documents: Documents) -> list[ImportedAsset] | None:
        limited = check_count(documents, MOST_DOCUMENTS)
        outcomes = await assets.create_all(info.context["services"], info.context["caller"], "transformation", limited)
        return as_imported_assets(outcomes)

    @strawberry.mutation(
        extensions=requires("createForm"),
        description="Creates a JSON form. No other JSON form may have the same name or id.",
    )
    async def create_form(self, info: RequestInfo, document: Document) -> Asset | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_asset(await assets.create(services, caller, "form", document))

    @strawberry.mutation(
        extensions=requires("updateForm"),
        description="Changes fields of a JSON form.",
    )
    async def update_form(self, info: RequestInfo, id: AssetId, changes: Changes) -> Asset | None:
        services, caller = info.context["services"], info.context["caller"]
        return as_asset(await assets.update(services, caller, "form", id, changes))

    @strawberry.mutation(
        extensions=requires("deleteForms"),
        description="Deletes a JSON form and returns the deleted form.",
    )
    async def delete_form(self, info: RequestInfo, id: AssetId) -> Asset | None:
        return as_asset(await assets.delete(info.context["caller"], "form", id))

    @strawberry.mutation(
        extensions=requires("importForms"),
        description=f"Creates documents with the ids in the documents, at most {MOST_DOCUMENTS}. "
        "`importWorkflows` can replace documents.",
    )
    async def import_forms(self, info: RequestInfo, documents: Documents) -> list[ImportedAsset] | None:
        limited = check_count(documents, MOST_DOCUMENTS)
        outcomes = await assets.create_all(info.context["services"], info.context["caller"], "form", limited)
        return as_imported_assets(outcomes)

    @strawberry.mutation(
        extensions=requires("deleteForms"),
        description=f"Deletes JSON forms, at most {MOST_DOCUMENTS}, and returns the deleted forms.",
    )
    async def delete_forms(
        self,
        info: RequestInfo,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="The ids of the forms.")],
    ) -> list[Asset] | None:
        limited = check_count(ids, MOST_DOCUMENTS, "ids")
        return [as_asset(await assets.delete(info.context["caller"], "form", id)) for id in limited]
