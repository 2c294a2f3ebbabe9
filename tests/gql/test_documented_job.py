"""The documented response: unchanged through the REST door, and every value of it through GraphQL."""

import json
from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLObjectType, build_schema, get_named_type
from jobyard.gql.schema import printed_schema
from jobyard.models.documents.stored import to_stored
from jobyard.models.settings import Settings

from ..doors import Doors
from ..parts import shared

pytestmark = pytest.mark.anyio

SCHEMA = build_schema(printed_schema())


@pytest.fixture
def settings(each_store: Settings) -> Settings:
    return each_store


@pytest.fixture
def example() -> Any:
    return json.loads(shared("documented/start-response.example.json").read_text())["data"]


@pytest.fixture
async def stored(doors: Doors, example: Any) -> str:
    """The example, stored as it is by some other program."""
    await doors.services.store.database["jobs"].insert_one(
        to_stored(json.loads(json.dumps(example)), what="the example")
    )
    return example["_id"]


async def test_it_comes_back_unchanged_through_the_rest_door(doors: Doors, example: Any, stored: str) -> None:
    answer = await doors.http.get(f"/operations-manager/jobs/{stored}")
    assert answer.status_code == 200
    assert answer.json()["data"] == example


def selection(type: GraphQLObjectType, depth: int = 0) -> str:
    """Everything that can be selected."""
    fields: list[str] = []
    for name, field in type.fields.items():
        inner = get_named_type(field.type)
        if name in ("documented", "children", "parentJob", "workflow", "history"):
            continue
        fields.append(f"{name} {selection(inner, depth + 1)}" if isinstance(inner, GraphQLObjectType) else name)
    return "{ " + " ".join(fields) + " }"


def camel(key: str) -> str:
    if key == "_id":
        return "id"
    head, *rest = key.lstrip("_").split("_")
    return head + "".join(word.capitalize() for word in rest)


def compare(value: Any, selected: Any, type: Any, path: str) -> int:
    """Check every leaf of the documented value against what was selected; answer how many there were."""
    named = get_named_type(type)
    if not isinstance(named, GraphQLObjectType):  # a leaf, as a whole: a scalar, an enum, or a list of them
        count = leaves(value)
        if isinstance(named, GraphQLEnumType) and value is not None:
            value = [enum_name(named, one) for one in value] if isinstance(value, list) else enum_name(named, value)
        assert selected == value, path
        return count
    if value is None:
        assert selected is None, path
        return 1
    if isinstance(value, list):
        assert len(selected) == len(value), path
        pairs = enumerate(zip(value, selected, strict=True))
        return sum(compare(one, other, named, f"{path}[{index}]") for index, (one, other) in pairs)
    if isinstance(value, str):  # a group or a user that is only an id
        assert selected["id"] == value, path
        return 1
    count = 0
    for key, inner in value.items():
        field = named.fields[camel(key)]
        if isinstance(inner, dict) and isinstance(selected[camel(key)], list):  # a map that is a list here
            entries = {entry["taskId"]: entry for entry in selected[camel(key)]}
            assert list(entries) == list(inner), path
            for id, entry in entries.items():
                of_key = {"taskId": id} if "taskId" in inner[id] else {}  # the document may say something else
                count += compare({**inner[id], **of_key}, entry, field.type, f"{path}.{key}.{id}")
        else:
            count += compare(inner, selected[camel(key)], field.type, f"{path}.{key}")
    return count


def enum_name(type: GraphQLEnumType, value: str) -> str:
    names = {"resource:compliance": "RESOURCE_COMPLIANCE"}
    name = names.get(value, value.upper())
    assert name in type.values
    return name


async def test_one_query_selects_all_its_values(doors: Doors, example: Any, stored: str) -> None:
    job = SCHEMA.type_map["Job"]
    assert isinstance(job, GraphQLObjectType)
    answer = await doors.graphql(f'{{ job(id: "{stored}") {selection(job)} }}')
    assert "errors" not in answer
    compared = compare(example, answer["data"]["job"], job, "job")
    assert compared == leaves(example)


def leaves(value: Any) -> int:
    """How many scalars there are."""
    if isinstance(value, dict):
        return sum(map(leaves, value.values()))
    return sum(map(leaves, value)) if isinstance(value, list) else 1


async def test_a_value_outside_of_a_closed_set_is_an_error_of_its_own_field_alone(
    doors: Doors, example: Any, stored: str
) -> None:
    await doors.services.store.database["jobs"].update_one({"_id": stored}, {"$set": {"type": "unheard-of"}})
    answer = await doors.graphql(f'{{ job(id: "{stored}") {{ name type status }} }}')
    assert answer["data"]["job"] == {"name": example["name"], "type": None, "status": "RUNNING"}
    (error,) = answer["errors"]
    assert error["path"] == ["job", "type"]
