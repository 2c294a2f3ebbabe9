"""Pages of projects."""

from ...models.access import Caller
from ...models.documents.project import Project
from ..finding.conditions import Condition
from ..finding.fields import EVERYTHING
from ..finding.jobs import Listed
from ..finding.kept import projects_in_sight
from ..finding.orders import Order
from ..finding.pages import Finder, Window
from ..finding.searches import Collection
from ..finding.sight import Sight
from ..store.collections import collection_of

BY_NAME = Order("PROJECT_NAME", "name_id", (("name", 1), ("_id", 1)), frozenset(["name"]))
_PROJECTS = Collection(BY_NAME, {})


async def page(caller: Caller, conditions: tuple[Condition, ...], window: Window) -> Listed:
    """In the order of their names."""
    seen = projects_in_sight(caller)
    sight = Sight([(seen, BY_NAME.index)]) if seen else Sight()
    finder = Finder(collection_of(Project), _PROJECTS, sight)
    found = await finder.page(conditions, BY_NAME, window, EVERYTHING)
    documents = [{**one, "_id": str(one["_id"])} for one in found.documents]
    return Listed(found, documents, lambda: finder.count(conditions, BY_NAME))
