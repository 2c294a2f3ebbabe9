"""The arguments that say how much of a document is shown."""

from typing import Annotated, TypeAlias

import strawberry

Include: TypeAlias = Annotated[
    list[str] | None,
    strawberry.argument(description="Dotted paths of what is shown; none: everything. `_id` always is. At most 100."),
]
Exclude: TypeAlias = Annotated[
    list[str] | None, strawberry.argument(description="Dotted paths of what is not shown; at most 100.")
]
Dereference: TypeAlias = Annotated[
    list[str] | None,
    strawberry.argument(
        description="References in whose place stands what they name: `tasks` and `parent` of a job, `job` of an "
        "iteration. Others stay as they are."
    ),
]
