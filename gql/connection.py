"""Pages of lists as Relay connections."""

from typing import Annotated, cast

import strawberry
from strawberry.relay import PageInfo

from ..models.json import JsonObject
from ..resolvers.search.conditions import countable
from ..resolvers.search.jobs import Listed
from .context import COUNT_COST, RequestInfo
from .jobs.types import Job
from .tasks.iterations import Iteration

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
        return await self.found.total_up_to(countable(most, "/most"))


@strawberry.type(description="A job in a list.")
class JobEdge:
    cursor: str = strawberry.field(description=CURSOR)
    node: Job = strawberry.field(description="The job.")


@strawberry.type(description="A page of a list of jobs.")
class JobConnection(Page):
    @strawberry.field(description="The jobs of the page, with their cursors.")
    def edges(self) -> list[JobEdge]:
        return [JobEdge(cursor=cursor, node=cast(Job, node)) for cursor, node in self.entries]

    @strawberry.field(description="The jobs of the page.")
    def nodes(self) -> list[Job]:
        return cast(list[Job], self.found.documents)


@strawberry.type(description="An iteration of a task in a list.")
class IterationEdge:
    cursor: str = strawberry.field(description=CURSOR)
    node: Iteration = strawberry.field(description="The iteration.")


@strawberry.type(description="A page of a list of iterations of tasks.")
class IterationConnection(Page):
    @strawberry.field(description="The iterations of the page, with their cursors.")
    def edges(self) -> list[IterationEdge]:
        return [IterationEdge(cursor=cursor, node=cast(Iteration, node)) for cursor, node in self.entries]

    @strawberry.field(description="The iterations of the page.")
    def nodes(self) -> list[Iteration]:
        return cast(list[Iteration], self.found.documents)
