"""The limits of the page are those of the code."""

from jobyard.gql.execution.batching import MOST_BATCHED
from jobyard.gql.execution.documents import LARGEST_TEXT
from jobyard.gql.execution.limits import MOST_COST, MOST_INTROSPECTED, MOST_VALUES
from jobyard.models.documents.containers import MOST_TASKS, MOST_TRANSITIONS
from jobyard.models.engine.budget import DEFAULT_BUDGET
from jobyard.models.engine.sizes import DEEPEST, LARGEST_JOB, LARGEST_VALUE
from jobyard.models.settings import MOST_DESCENDANTS, MOST_LEVELS
from jobyard.resolvers.builtin_tasks.families import tables
from jobyard.resolvers.builtin_tasks.families.children import MOST_CHILDREN
from jobyard.resolvers.runner.child_starts import STARTS_AT_ONCE

from .pages import page

LIMITS = page("docs/limits.md")


def test_its_limits_are_those_of_the_code() -> None:
    named = (MOST_TASKS, MOST_TRANSITIONS, MOST_CHILDREN, STARTS_AT_ONCE, DEEPEST)
    named = (*named, DEFAULT_BUDGET.iterations, DEFAULT_BUDGET.attempts, DEFAULT_BUDGET.stored // 2**30)
    named = (*named, MOST_DESCENDANTS, MOST_LEVELS, tables.MOST_CELLS, tables.MOST_COLUMNS, tables.MOST_SHEET_CELLS)
    named = (*named, MOST_BATCHED, MOST_COST, MOST_INTROSPECTED, MOST_VALUES, LARGEST_TEXT)
    assert [number for number in map("{:,}".format, named) if number not in LIMITS] == []
    for size in (LARGEST_VALUE, LARGEST_JOB):
        assert f"{size // 2**20} MiB as JSON" in LIMITS
