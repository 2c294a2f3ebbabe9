"""Who may see what: the predicate, and the filter that must find the same."""

from typing import Any

import mongomock
import pytest
from bson import ObjectId
from hypothesis import given, settings
from hypothesis import strategies as st
from jobyard.models.visibility import (
    SEES_ALL,
    Caller,
    in_groups,
    may_see,
    may_see_job,
    may_see_task,
    visible,
    visible_of,
    visible_tasks,
)

GROUPS = [f"{digit}" * 24 for digit in "abc"]
ACCOUNTS = [f"{digit}" * 24 for digit in "123"]

callers = st.builds(
    Caller,
    account_id=st.sampled_from(ACCOUNTS),
    username=st.just("ada"),
    groups=st.frozensets(st.sampled_from(GROUPS)),
    methods=st.sampled_from([frozenset[str](), frozenset(["getJob"]), frozenset([SEES_ALL])]),
)
# As we write them, as others do, and as nobody should.
entries = st.sampled_from([*GROUPS, *map(ObjectId, GROUPS), "default", "", None, 7, {"_id": GROUPS[0]}, []])
groups = st.one_of(st.none(), st.lists(entries, max_size=3), st.sampled_from([*GROUPS, "default", 7]))
starters = st.sampled_from([*ACCOUNTS, None, "Pronghorn"])


def found(document: dict[str, Any], query: dict[str, Any]) -> bool:
    collection = mongomock.MongoClient()["test"]["documents"]
    collection.insert_one({"_id": 1, **document})
    return collection.count_documents(query) == 1


@settings(max_examples=400, deadline=None)
@given(callers, groups, starters, st.booleans())
def test_the_filter_finds_the_jobs_that_the_predicate_lets_see(
    caller: Caller, groups: Any, starter: Any, missing: bool
) -> None:
    job = {"metrics": {"user": starter}} if missing else {"groups": groups, "metrics": {"user": starter}}
    assert found(job, visible(caller)) is may_see_job(caller, job.get("groups"), starter)
    assert found(job, visible_of(caller, [1])) is may_see_job(caller, job.get("groups"), starter)
    assert not found(job, visible_of(caller, [2]))
    assert found(job, in_groups(caller)) is may_see(caller, job.get("groups"))


@settings(max_examples=400, deadline=None)
@given(callers, groups, groups, starters, st.booleans())
def test_the_filter_finds_the_tasks_that_the_predicate_lets_see(
    caller: Caller, of_task: Any, of_job: Any, starter: Any, foreign: bool
) -> None:
    access = {} if foreign else {"access": {"groups": of_job, "starter": starter}}
    iteration = {"groups": of_task, **access}
    assert found(iteration, visible_tasks(caller)) is may_see_task(caller, iteration)


ADA = Caller("1" * 24, "ada", frozenset([GROUPS[0]]))


@pytest.mark.parametrize(
    ("groups", "seen"),
    [
        (None, True),
        ([], True),
        (["default"], True),
        ([GROUPS[0]], True),
        ([GROUPS[1]], False),
        ([GROUPS[1], GROUPS[0]], True),
        ([GROUPS[1], "default"], True),
        ([None], False),
        (GROUPS[0], True),
        (GROUPS[1], False),
    ],
)
def test_groups_restrict_to_the_members_of_any_of_them(groups: Any, seen: bool) -> None:
    assert may_see(ADA, groups) is seen


def test_the_starter_sees_the_own_job_and_not_the_tasks_of_other_groups_in_it() -> None:
    iteration = {"groups": [GROUPS[1]], "access": {"groups": [GROUPS[1]], "starter": ADA.account_id}}
    assert may_see_job(ADA, [GROUPS[1]], ADA.account_id)
    assert not may_see_task(ADA, iteration)
    assert may_see_task(ADA, {**iteration, "groups": []})


def test_administrators_see_everything() -> None:
    admin = Caller("9" * 24, "admin", methods=frozenset([SEES_ALL]))
    assert may_see(admin, [GROUPS[1]])
    assert (visible(admin), visible_tasks(admin), in_groups(admin)) == ({}, {}, {})
