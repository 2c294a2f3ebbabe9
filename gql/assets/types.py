"""Templates, transformations and forms."""

from typing import cast

import strawberry

from ...models.errors import Problem
from ...models.json import JsonObject
from ..fields import value_field, whole_field
from ..scalars import JSON


@strawberry.type(description="A template, a transformation or a JSON form, which workflows name.")
class Asset:
    id: strawberry.ID = value_field("_id", "Its id.")
    name: str | None = value_field("name", "Its name; of a project: `@projectId: Name`.")
    description: str | None = value_field("description", "What it is for.")
    documented: JSON = whole_field("The whole document, every field as it was brought.")


@strawberry.type(description="What came of one document of an import.")
class ImportedAsset:
    success: bool = strawberry.field(description="Whether it is stored.")
    code: str | None = strawberry.field(description="What stood against it: a code as of an error.")
    message: str | None = strawberry.field(description="The same as a sentence.")
    documented: JSON | None = strawberry.field(description="The stored document.")


def as_asset(document: JsonObject) -> Asset:
    return cast(Asset, document)


def as_imported_assets(outcomes: list[JsonObject | Problem]) -> list[ImportedAsset]:
    return [
        ImportedAsset(success=False, code=one.code, message=one.message, documented=None)
        if isinstance(one, Problem)
        else ImportedAsset(success=True, code=None, message=None, documented=cast(JSON, one))
        for one in outcomes
    ]
