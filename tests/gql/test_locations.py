"""Errors name line and column as graphql-core does, and finding them takes no longer in a text of many lines."""

from typing import Any

import pytest
from graphql import GraphQLError, Source, get_location
from jobyard.gql import locations
from jobyard.gql.locations import MOST_LOCATIONS, OperationText, locate, parse_text, text_of

from ..doors import Doors

TEXTS = ("", "{a}", "\n", "{\n  a\n}\n", "{\r\n a\r b\n\r\n}\r", "\r\r\n\n\n\r\n{é\n}", "#\u2028\n{a}")


@pytest.mark.parametrize("text", TEXTS)
def test_positions_are_located_as_graphql_core_locates_them(text: str) -> None:
    source = OperationText(text)
    for position in range(len(text) + 2):
        assert source.locate(position) == get_location(Source(text), position)


def test_graphql_core_has_no_text_to_read_once_it_is_parsed() -> None:
    document = parse_text("{\n a\n b\n}", 100)
    assert document.loc is not None
    assert document.loc.source.body == ""
    assert text_of(document) == "{\n a\n b\n}"
    nodes: Any = document.definitions[0].selection_set.selections  # type: ignore[union-attr]
    error = locate(GraphQLError("both", nodes=list(nodes)))
    assert error.locations == [(2, 2), (3, 2)]


def test_an_invalid_text_is_located() -> None:
    with pytest.raises(GraphQLError) as caught:
        parse_text("{\n  a(\n}", 100)
    assert locate(caught.value).locations == [(3, 1)]


@pytest.mark.anyio
async def test_a_hundred_errors_behind_many_lines_are_located_by_one_look_at_the_text(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []

    class Newline:
        """The pattern of graphql-core and ours, which counts the lines that are read."""

        def __init__(self, pattern: Any) -> None:
            self._pattern = pattern

        def finditer(self, text: str) -> Any:
            looks.append(len(text))
            return self._pattern.finditer(text)

    monkeypatch.setattr(locations, "_NEWLINE", Newline(locations._NEWLINE))
    monkeypatch.setattr("graphql.language.source._re_newline", Newline(locations._NEWLINE))
    monkeypatch.setattr("graphql.language.location._re_newline", Newline(locations._NEWLINE))
    lines = "\n" * 50_000
    failing = " ".join(f'a{number}: job(id: "{number}") {{ id }}' for number in range(100))
    found = await doors.graphql(f"{{{lines}{failing} {failing}}}")
    assert len(found["errors"]) == 100
    assert found["errors"][99]["locations"][0]["line"] == 50_001
    unknown = await doors.graphql("{" + lines + " ".join(f"a{number}" for number in range(100)) + "}")
    assert unknown["errors"][7]["locations"] == [{"line": 50_001, "column": 22}]
    assert sum(looks) < 3 * (len(lines) + 10_000)


@pytest.mark.anyio
async def test_a_field_that_is_selected_often_is_located_a_few_times(doors: Doors) -> None:
    found = await doors.graphql("{" + 'job(id: "x") { id } ' * 100 + "}")
    (error,) = found["errors"]
    assert len(error["locations"]) == MOST_LOCATIONS
