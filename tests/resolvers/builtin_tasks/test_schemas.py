"""validateJsonSchema, as far as the task does it itself; what it leaves to a process of its own is asked for there."""

from collections.abc import AsyncGenerator

import pytest
from jobyard.models.engine.events import ProviderCall
from jobyard.models.engine.outcomes import CallProvider, Finish
from jobyard.models.errors import LONGEST_QUOTED, Fault
from jobyard.models.json import Json, JsonObject
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.javascript.coercion import UNDEFINED
from jobyard.models.schemas import checking, work
from jobyard.resolvers.providers import Providers
from jobyard.resolvers.providers.templates import schema_tasks
from jobyard.resolvers.templating.schema_checks import open_checks

from .calls import assert_refused, assert_result, call

SCHEMA = {"type": "object", "required": ["vlan"], "properties": {"vlan": {"type": "integer", "maximum": 4094}}}


def test_a_value_that_fits_is_valid() -> None:
    assert_result("validateJsonSchema", {"jsonData": {"vlan": 7}, "schema": SCHEMA}, {"valid": True, "errors": []})


def test_a_value_that_does_not_fit_is_a_success_that_says_why() -> None:
    missing = {
        "keyword": "required",
        "instancePath": "",
        "schemaPath": "#/required",
        "message": "must have required property 'vlan'",
    }
    assert_result("validateJsonSchema", {"jsonData": {}, "schema": SCHEMA}, {"valid": False, "errors": [missing]})


@pytest.mark.parametrize(
    ("value", "unique"), [([1, 1.0], False), ([1, True, "1", [1]], True), ([{"a": 1, "b": 2}, {"b": 2, "a": 1}], False)]
)
def test_unique_items(value: Json, unique: bool) -> None:
    outcome = call("validateJsonSchema", {"jsonData": value, "schema": {"uniqueItems": True}})
    assert outcome.outgoing["result"]["valid"] is unique  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("incoming", "message"),
    [
        ({"jsonData": UNDEFINED, "schema": {}}, "'jsonData' must be a value, not undefined."),
        ({"jsonData": 1, "schema": "{}"}, "'schema' must be an object, not the text '{}'."),
    ],
)
def test_what_cannot_be_checked_is_an_error(incoming: JsonObject, message: str) -> None:
    assert_refused("validateJsonSchema", incoming, message)


@pytest.fixture
async def providers() -> AsyncGenerator[Providers]:
    async with open_checks() as schemas:
        yield Providers(schema_tasks(schemas))


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("value", "schema", "finish"),
    [
        (
            1,
            {"$ref": "http://127.0.0.1:1/schema"},
            Finish(
                "error",
                error="'schema' cannot be applied: the reference 'http://127.0.0.1:1/schema' leads nowhere in the "
                "schema, and other documents are not fetched",
            ),
        ),
        (
            "text",
            {"$id": "s", "pattern": "("},
            Finish(
                "error",
                error="'schema' cannot be applied: Invalid regular expression /(/: a group that nothing closes",
            ),
        ),
        ("text", {"$id": "s", "pattern": "^t"}, Finish("success", {"result": {"valid": True, "errors": []}})),
        (
            {"a": "\ud83d", "b": 2**70, "c": None},
            {"allOf": [{"$ref": "#/definitions/d"}], "definitions": {"d": {"$anchor": "s", "required": ["d"]}}},
            Finish(
                "success",
                {
                    "result": {
                        "valid": False,
                        "errors": [
                            Fault("required", "", "#/allOf/0/required", "must have required property 'd'").documented
                        ],
                    }
                },
            ),
        ),
    ],
)
async def test_what_may_lead_anywhere_is_done_elsewhere(
    providers: Providers, value: Json, schema: JsonObject, finish: Finish
) -> None:
    incoming: JsonObject = {"jsonData": value, "schema": schema}
    assert call("validateJsonSchema", incoming) == CallProvider()
    definition: JsonObject = {"location": "Application", "app": "WorkFlowEngine", "name": "validateJsonSchema"}
    assert await providers.perform(ProviderCall("w", "65f", "a1", 1, 1, definition, incoming)) == finish


@pytest.mark.parametrize(
    "schema", [{"type": "thing"}, {"properties": []}, {"minimum": "x"}, {"propertyNames": {"pattern": "("}}]
)
def test_a_broken_schema_is_an_error(schema: JsonObject) -> None:
    value = {"minimum": 1}.get(next(iter(schema)), {"a": 1})
    with pytest.raises(LanguageError, match="'schema' cannot be applied"):
        call("validateJsonSchema", {"jsonData": value, "schema": schema})


OTHER_DRAFT: JsonObject = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$dynamicAnchor": "m"}


@pytest.mark.parametrize(
    ("schema", "value", "reason"),
    [
        ({"multipleOf": 0}, 3, "the keyword multipleOf cannot be 0"),
        ({"properties": {"a": {"properties": []}}}, {"a": {}}, "the keyword properties cannot be an array"),
        ({"minimum": {}}, 3, "the keyword minimum cannot be an object"),
        ({"minLength": "x"}, "a", 'the keyword minLength cannot be "x"'),
        ({"type": "thing"}, 1, "the type 'thing' is none of JSON's"),
        (
            {"properties": {"a": {"$ref": "#/nope"}}}, {"a": 1},
            "the reference '/nope' leads nowhere in the schema, and other documents are not fetched",
        ),
        ({"$ref": "#"}, 1, "its references lead in a circle, or the value and the schema are nested too deep"),
        (
            {"items": {**OTHER_DRAFT, "anyOf": [{"$dynamicRef": "#m"}]}}, [1],
            "its references lead in a circle, or the value and the schema are nested too deep",
        ),
        (
            {"items": {**OTHER_DRAFT, "multipleOf": 0}}, [1],
            "one of its keywords has a value that it cannot have (integer modulo by zero)",
        ),
    ],
)  # fmt: skip
def test_a_broken_schema_is_refused_with_its_reason(schema: JsonObject, value: Json, reason: str) -> None:
    with pytest.raises(LanguageError) as refusal:
        checking.check(schema, value, [])
    assert refusal.value.message == reason


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ({"pattern": "^[a-z]"}, 'must match pattern "^[a-z]"'),
        ({"maxLength": 2}, "'1abc' is too long"),
        (False, "False schema does not allow '1abc'"),
    ],
)
def test_the_name_of_a_property_is_in_the_fault_that_it_has(names: Json, reason: str) -> None:
    (fault,) = checking.faults_of({"properties": {"a": {"propertyNames": names}}}, {"a": {"1abc": 1}})
    assert fault.message == f"property name '1abc' is invalid: {reason}"
    assert (fault.instance_path, fault.schema_path.startswith("#/properties/a/propertyNames")) == ("/a", True)


def test_a_schema_that_unfolds_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "MOST_KEYWORDS", 10_000)
    twice = {
        f"d{at}": {"allOf": [{"$ref": f"#/definitions/d{at + 1}"}, {"$ref": f"#/definitions/d{at + 1}"}]}
        for at in range(60)
    }
    schema = {"$ref": "#/definitions/d0", "definitions": {**twice, "d60": {}}}
    with pytest.raises(LanguageError, match=r"applies more than 10,000 keywords$"):
        checking.check(schema, 1, [])


def test_a_large_schema_on_a_large_value_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "MOST_KEYWORDS", 10_000)
    schema = {"items": {"allOf": [{"minimum": 0}] * 1000}}
    with pytest.raises(LanguageError, match=r"applies more than 10,000 keywords$"):
        checking.check(schema, [1] * 1000, [])


def test_patterns_that_take_too_long_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "SEARCH_SECONDS", 0.05)
    slow = {"items": {"pattern": "^(?:(?:x+x+)+y|x+)$"}}  # fits every text, after a long while
    with pytest.raises(LanguageError, match=r"searches for patterns for more than 0\.05 s|took longer than"):
        checking.check(slow, ["x" * 16] * 10_000, [])


@pytest.mark.parametrize("name", ["jsonData", "schema"])
def test_what_unfolds_without_end_is_refused(name: str) -> None:
    folded: Json = {}
    for _ in range(40):
        folded = {"allOf": [folded, folded]}
    incoming = {"jsonData": 1, "schema": {}} | {name: folded}
    assert_refused("validateJsonSchema", incoming, f"'{name}' holds more than 1000000 values.")


def test_an_error_does_not_repeat_a_large_value() -> None:
    outcome = call("validateJsonSchema", {"jsonData": "x" * 100_000, "schema": {"maxLength": 1}})
    message = outcome.outgoing["result"]["errors"][0]["message"]  # type: ignore[union-attr]
    assert message.endswith("xxx' is too long")
    assert len(message) < 1.5 * LONGEST_QUOTED
