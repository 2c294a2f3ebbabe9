"""Requests that cost more than they look: refused before they are worked, with the limit."""

from typing import Any

import pytest

from ..doors import Doors

pytestmark = pytest.mark.anyio

TYPES = "__schema { types { fields { name args { name } type { name } } } }"
NESTED = "fields { type { " * 6 + "name" + "} }" * 6


def aliased(selection: str, times: int) -> str:
    return "{" + " ".join(f"a{at}: {selection}" for at in range(times)) + "}"


def fragments(number: int, around: str = "") -> str:
    """Each spreads the next one, the last the first, inside of so many fields."""
    spreads = (f"{around}...f{(at + 1) % number}{around.replace('{', '}').replace('a', '')}" for at in range(number))
    return " ".join(f"fragment f{at} on Query {{ {spread} }}" for at, spread in enumerate(spreads))


async def refusal(doors: Doors, query: str, **variables: Any) -> str:
    answer = await doors.graphql(query, **variables)
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_REFUSED"
    assert "data" not in answer
    return answer["errors"][0]["message"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (aliased("jobs { totalCount }", 201), "asks 201 fields at its root; the limit is 200."),
        (aliased("viewer { username }", 400), "asks 400 fields at its root; the limit is 200."),
        ("{ ...f } fragment f on Query " + aliased("serverHealth", 201), "asks 201 fields at its root"),
        (aliased(TYPES, 6), "asks 240 fields at its root; the limit is 200."),
        (f"{{ ...f0 }} {fragments(201)}", "has 201 fragments; the limit is 200."),
        (f"{{ __typename {' '.join(f'...f{at}' for at in range(500))} }} {fragments(500)}", "the limit is 200."),
        (f"{{ __schema {{ types {{ {NESTED} }} }} }}", "parts of the schema; the limit is 300000."),
        (f"{{ __schema {{ types {{ ...f }} }} }} fragment f on __Type {{ {NESTED} }}", "parts of the schema"),
    ],
)
async def test_what_unfolds_is_refused_before_it_is_worked(doors: Doors, query: str, message: str) -> None:
    assert message in await refusal(doors, query)


async def test_a_circle_of_fragments_inside_of_fields_is_refused(doors: Doors) -> None:
    for around in ("", "a{" * 15):
        assert await refusal(doors, f"{{ ...f0 }} {fragments(200, around)}")


async def test_two_hundred_questions_and_many_names_of_types_are_answered(doors: Doors) -> None:
    assert len((await doors.graphql(aliased("roles(limit: 1) { total }", 200)))["data"]) == 200
    assert "errors" not in await doors.graphql(aliased("__typename", 1000))
    assert "errors" not in await doors.graphql(aliased(TYPES, 5))


@pytest.mark.parametrize(
    ("type", "value"),
    [
        ("JobFilter", {"ids": ["0123456789abcdef01234567"] * 20_001}),
        ("JobFilter", {f"k{at}": 1 for at in range(20_001)}),
        ("JobFilter", {"variables": [{"path": "a", "equals": 1}] * 7_000}),
    ],
)
async def test_more_values_than_are_looked_at_are_refused(doors: Doors, type: str, value: Any) -> None:
    query = f"query($v: {type}) {{ jobs(filter: $v) {{ totalCount }} }}"
    assert "more than 20000 values of types other than JSON" in await refusal(doors, query, v=value)


async def test_what_a_variable_of_json_holds_is_not_counted(doors: Doors) -> None:
    query = 'mutation($v: StartJobOptions!) { startJob(workflow: "w", options: $v) { id } }'
    answer = await doors.graphql(query, v={"variables": {"list": [{"a": 1}] * 20_000}})
    assert answer["errors"][0]["extensions"]["code"] == "WORKFLOW_NOT_FOUND"


@pytest.mark.parametrize("directive", ["defer", "stream(initialCount: 1)"])
async def test_an_answer_in_pieces_is_refused_in_words_that_say_so(doors: Doors, directive: str) -> None:
    message = await refusal(doors, f"{{ jobs(first: 1) {{ nodes {{ id ... @{directive} {{ name }} }} }} }}")
    assert message.startswith(f"`@{directive.partition('(')[0]}`")
    assert "is not supported: every answer comes in one piece." in message
