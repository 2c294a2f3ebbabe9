"""What an operation costs: known before it is worked, told where it is asked for, refused where it is too much."""

from typing import Any

import pytest
from graphql import parse
from jobyard.gql.execution.limits import MOST_COST, Cost
from jobyard.gql.schema import schema

from ..doors import Doors
from .test_hostile_requests import aliased, refusal

TOLD = {"x-query-cost": "1"}


def cost(query: str, **variables: Any) -> int:
    document = parse(query)
    (operation, *_) = document.definitions
    return Cost(schema._schema, document, operation, variables).total  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "variables", "total"),
    [
        ("{ __typename }", {}, 1),
        ("{ viewer { username } serverHealth }", {}, 3),
        ("{ jobs { totalCount nodes { id name } } }", {}, 1 + 25 * 4),
        ("{ jobs(first: 1000) { nodes { id } } }", {}, 1 + 1000 * 2),
        ("{ jobs(last: 7) { edges { cursor node { id } } } }", {}, 1 + 7 * 4),
        ("query($n: Int) { jobs(first: $n) { nodes { id } } }", {"n": 10}, 1 + 10 * 2),
        ("query($n: Int) { jobs(first: $n) { nodes { id } } }", {}, 1 + 25 * 2),
        ("{ jobs(first: 2) { nodes { tasks { taskId } } } }", {}, 1 + 2 * (1 + 1 + 10)),
        ("{ jobs(first: 2) { ...p } } fragment p on JobConnection { nodes { id } }", {}, 1 + 2 * 2),
        ("{ jobs(first: 0) { nodes { id } } ... on Query { __typename } }", {}, 1 + 2 + 1),
    ],
)
def test_lists_count_as_often_as_their_page_has_entries(query: str, variables: dict[str, Any], total: int) -> None:
    assert cost(query, **variables) == total


def test_fragments_that_unfold_are_counted_once_each() -> None:
    doubling = "".join(f"fragment f{at} on Query {{ ...f{at + 1} ...f{at + 1} }} " for at in range(40))
    assert cost(f"{{ ...f0 }} {doubling} fragment f40 on Query {{ __typename }}") == 2**40


@pytest.mark.anyio
async def test_what_costs_too_much_is_refused_with_the_limit(doors: Doors) -> None:
    page = "jobs(first: 1000) { nodes { id tasks { id } children { id tasks { id } } } }"
    message = await refusal(doors, aliased(page, 60))
    assert "This operation costs 8,040,060;" in message
    assert f"the limit is {MOST_COST:,}. Ask for smaller pages" in message


@pytest.mark.anyio
async def test_the_cost_is_told_where_it_is_asked_for(doors: Doors) -> None:
    body = {"query": "{ jobs(first: 3) { nodes { id } } }"}
    answer = (await doors.http.post("/graphql", json=body, headers=TOLD)).json()
    assert answer["extensions"] == {"cost": 7, "limit": MOST_COST}
    assert "extensions" not in (await doors.http.post("/graphql", json=body)).json()
