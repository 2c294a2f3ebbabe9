"""Pages of lists as Relay connections: the arguments of a list, and the fields of a page."""

from typing import Annotated, TypeAlias

import strawberry
from strawberry.relay import PageInfo

from ..models.json import JsonObject
from ..resolvers.search import conditions
from ..resolvers.search.paging import Listed, Window, position_of
from ..resolvers.search.planner import Order
from .context import COUNT_COST, MIN_LIST_COST, RequestInfo
from .scalars import JSON

First: TypeAlias = Annotated[
    int | None,
    strawberry.argument(
        description="The number of entries from the beginning, or after `after`: 0 to 1000; default 25."
    ),
]
After: TypeAlias = Annotated[str | None, strawberry.argument(description="The cursor of the entry before the page.")]
Last: TypeAlias = Annotated[
    int | None, strawberry.argument(description="The number of entries at the end, or before `before`: 0 to 1000.")
]
Before: TypeAlias = Annotated[str | None, strawberry.argument(description="The cursor of the entry after the page.")]
DocumentedQuery: TypeAlias = Annotated[
    JSON,
    strawberry.argument(
        description="The query parameters of the documented route, as an object: `{equals: {name: ...}, limit: ...}`."
    ),
]

PATHS = (("nodes",), ("edges", "node"))
"""Where a page has its documents."""

CURSOR = (
    "The position of the entry in the list: an opaque text for `after` or `before`. The cursor stays "
    "valid when entries change or go."
)


@strawberry.type
class Page:
    """The fields of every page."""

    found: strawberry.Private[Listed]

    @property
    def entries(self) -> list[tuple[str, JsonObject]]:
        """The documents of the page with their cursors."""
        return list(zip(self.found.page.cursors, self.found.documents, strict=True))

    @strawberry.field(description="The position of the page in the list.")
    def page_info(self) -> PageInfo:
        page = self.found.page
        return PageInfo(
            has_next_page=page.after,
            has_previous_page=page.before,
            start_cursor=page.cursors[0] if page.cursors else None,
            end_cursor=page.cursors[-1] if page.cursors else None,
        )

    @strawberry.field(
        description="The exact number of entries in the whole list. The server counts the entries when this "
        "field is selected: a longer list takes longer."
    )
    async def total_count(self, info: RequestInfo) -> int:
        info.context["loaders"].spend(COUNT_COST)
        return await self.found.total()

    @strawberry.field(
        description="The number of entries in the whole list, counted up to `most` and no further: `most` means that "
        "many or more. Null if it takes the database longer than one second."
    )
    async def count_up_to(
        self, info: RequestInfo, most: Annotated[int, strawberry.argument(description="1 to 100000.")]
    ) -> int | None:
        info.context["loaders"].spend(COUNT_COST)
        return await self.found.total_up_to(conditions.countable(most, "/most"))


def window_of(
    info: RequestInfo, order: Order, first: int | None, after: str | None, last: int | None, before: str | None
) -> Window:
    """`first` counts from the beginning of the entries between `after` and `before`, `last` from the end.

    Without either, `before` alone pages backwards.
    """
    if first is not None and last is not None:
        raise conditions.invalid("not", "/last", f"must not stand beside `first`: {first} and {last} were given")
    backwards = last is not None or (first is None and after is None and before is not None)
    size = conditions.size(last, "/last") if backwards else conditions.size(first, "/first")
    info.context["loaders"].spend(max(size, MIN_LIST_COST))
    begin = None if after is None else position_of(after, order, "after")
    end = None if before is None else position_of(before, order, "before")
    return Window(size, end, "start", begin) if backwards else Window(size, begin, "end", end)
