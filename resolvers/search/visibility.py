"""The visibility filter of a collection, and the order in which it and a search's own conditions are applied."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ...models.json import is_array, is_object
from ...models.visibility import Filter
from .planner import BY_ID, MOST_RANGES, Search

SMALL_VISIBLE_SET = 5_000  # documents: to read them all costs no more than to walk past others for a page of them

Query: TypeAlias = tuple[Filter, str | None]  # with the index that is hinted


@dataclass(frozen=True)
class VisibleSet:
    """A document is visible if one of `branches` holds, each with its index, and all of `besides`.

    Without branches every document is visible.
    """

    branches: Sequence[tuple[Filter, str]] = ()
    besides: Sequence[Filter] = ()
    by_id: str = BY_ID

    @property
    def is_everything(self) -> bool:
        return not self.branches

    @property
    def any_branch(self) -> Filter:
        return {"$or": [way for way, _ in self.branches]}

    @property
    def merges(self) -> bool:
        """Whether the database can merge the ranges of every branch in the order of the start."""
        values = [
            value["$in"] for way, _ in self.branches for value in way.values() if is_object(value) and "$in" in value
        ]
        return all(is_array(one) and len(one) <= MOST_RANGES for one in values)

    def filter_first(self, search: Search) -> list[Query]:
        """The plan that scans matches of the search and drops invisible ones: one query in the order of the search; for
        a search by ids, the queries of `visible_first`.
        """
        if self.is_everything:
            return [(search.query, search.index)]
        if search.index == BY_ID:
            return [(self._all(search, way), self.by_id) for way, _ in self.branches]
        return [(self._all(search, self.any_branch), search.index)]

    def visible_first(self, search: Search) -> list[Query]:
        """The plan that scans visible documents: queries in its order, which may find a document twice."""
        return [(self._all(search, way), index) for way, index in self.branches]

    def _all(self, search: Search, way: Filter) -> Filter:
        return {"$and": [search.query, way, *self.besides]}
