"""Assets: templates, transformations and JSON forms."""

from collections.abc import Mapping
from typing import cast

import strawberry

from ...models.errors import Problem
from ...models.json import JsonObject
from ..fields import value_field, whole_field
from ..scalars import JSON


@strawberry.type(description="An asset of workflows: a template, a transformation or a JSON form.")
class Asset:
    id: strawberry.ID = value_field("_id", "The id of the asset.")
    name: str | None = value_field("name", "The name of the asset; in a project `@projectId: Name`.")
    description: str | None = value_field("description", "The purpose of the asset.")
    documented: JSON = whole_field("The whole document as imported, with every field.")


@strawberry.type(description="The result of the import for one document.")
class ImportedAsset:
    success: bool = strawberry.field(description="Whether the import stored the document.")
    code: str | None = strawberry.field(description="The error code of a document that was not imported.")
    message: str | None = strawberry.field(description="The error as a sentence.")
    documented: JSON | None = strawberry.field(description="The stored document.")


def as_asset(document: Mapping[str, object]) -> Asset:
    return cast(Asset, document)


def as_imported_assets(outcomes: list[JsonObject | Problem]) -> list[ImportedAsset]:
    return [
        ImportedAsset(success=False, code=outcome.code, message=outcome.message, documented=None)
        if isinstance(outcome, Problem)
        else ImportedAsset(success=True, code=None, message=None, documented=outcome)
        for outcome in outcomes
    ]
