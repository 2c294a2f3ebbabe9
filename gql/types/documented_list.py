"""A list as the REST door answers it."""

from typing import cast

import strawberry

from ...resolvers.finding import lists
from .scalars import JSON


@strawberry.type(description="A list in its documented REST form.")
class DocumentedList:
    documented: JSON = strawberry.field(description="The documents.")
    metadata: JSON = strawberry.field(
        description="Where the page stands: skip, limit, total (exact), nextPageSkip, previousPageSkip, "
        "currentPageSize and hints."
    )


def as_documented_list(found: lists.DocumentedList) -> DocumentedList:
    return DocumentedList(documented=cast(JSON, found.documents), metadata=cast(JSON, found.metadata))
