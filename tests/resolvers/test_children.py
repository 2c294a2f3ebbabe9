"""What a child job inherits from its parent (reference/execution.md#child-jobs)."""

from typing import Any

from jobyard.models.documents.new_job import Parent
from jobyard.models.engine.events import ChildStart
from jobyard.resolvers.jobs.children import child_request

START = ChildStart("a1", 3, 1, 7, "c" * 24, "child", {"n": 1}, looped=True)
PARENT: Any = {
    "_id": "p" * 24,
    "name": "parent",
    "ancestors": ["r" * 24, "p" * 24],
    "metrics": {"user": "5a" * 12},
    "variables": {"initiator": "ada"},
    "description": "why",
    "groups": ["5f" * 12],
    "watchers": ["w" * 24],
}


def test_5_a_child_has_its_parents_starter_groups_watchers_and_description() -> None:
    request = child_request(PARENT, START)
    assert (request.workflow, request.variables, request.initiator) == ("child", {"n": 1}, "ada")
    assert request.account == "5a" * 12
    assert (request.groups, request.watchers, request.description) == (["5f" * 12], ("w" * 24,), "why")
    assert request.parent == Parent("p" * 24, "a1", 3, 1, 7, True, ("r" * 24, "p" * 24))


def test_a_parent_that_everybody_may_see_has_children_with_the_groups_of_their_workflow() -> None:
    unrestricted: Any = {**PARENT, "groups": ["default"]}
    assert child_request(unrestricted, START).groups is None
