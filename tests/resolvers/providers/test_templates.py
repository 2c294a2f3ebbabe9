"""The tasks of TemplateBuilder."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from jobyard.models.engine.events import ProviderCall
from jobyard.models.engine.outcomes import CallProvider, Finish
from jobyard.models.json import JsonObject
from jobyard.resolvers.builtin_tasks.registry import BUILT_IN
from jobyard.resolvers.providers import Providers
from jobyard.resolvers.providers.templates import template_tasks
from jobyard.resolvers.templating.workers import open_workers

pytestmark = pytest.mark.anyio

GIVEN = "renderJinja2ContextWithCast"
TABLE = "Value Port (\\S+)\n\nStart\n  ^port ${Port} -> Record\n"
STORED: dict[str, JsonObject] = {
    "greeting": {"name": "greeting", "type": "jinja2", "template": "Hello, {{ name }}"},
    "untyped": {"name": "untyped", "template": "{{ n }}"},
    "ports": {"name": "ports", "type": "textfsm", "template": TABLE},
    "die": {"name": "die", "type": "jinja2", "template": "{{ range(10**5) | random }}"},
}


async def stored(name: str, near: str = "") -> JsonObject | None:
    return STORED.get(name)


@pytest.fixture
async def providers() -> AsyncGenerator[Providers]:
    async with open_workers() as workers:
        yield Providers(template_tasks(stored, workers))


async def perform(providers: Providers, name: str, attempt: int = 1, /, **incoming: Any) -> Finish:
    task = BUILT_IN["TemplateBuilder", name]
    assert task.function(None) == CallProvider()  # type: ignore[arg-type]
    definition = {"app": "TemplateBuilder", "name": name}
    return await providers.perform(ProviderCall("w", "65f", "a1", 1, attempt, definition, incoming))


def rendered(value: Any) -> Finish:
    return Finish("success", {"renderedTemplate": value})


@pytest.mark.parametrize(
    ("name", "incoming", "value"),
    [
        ("renderJinjaTemplate", {"name": "greeting", "context": {"name": "Ada"}}, "Hello, Ada"),
        ("renderJinjaTemplate", {"name": "greeting", "context": None}, "Hello, "),
        ("renderJinjaTemplate", {"name": "greeting", "context": ""}, "Hello, "),
        ("renderJinjaTemplate", {"name": "untyped", "context": {"n": 1}}, "1"),
        ("renderJinja2TemplateWithCast", {"name": "untyped", "variables": {"n": 1}, "castDataType": "number"}, 1),
        (GIVEN, {"template": "[{{ n }}]", "variables": {"n": 1}, "castDataType": "object"}, [1]),
        (GIVEN, {"template": "[{{ n }}]", "variables": {"n": 1}, "castDataType": "string"}, "[1]"),
        (GIVEN, {"template": "[1]", "variables": {}, "castDataType": None}, "[1]"),
        (GIVEN, {"template": "true", "variables": None, "castDataType": "boolean"}, True),
    ],
)
async def test_templates_are_rendered(providers: Providers, name: str, incoming: JsonObject, value: Any) -> None:
    assert await perform(providers, name, **incoming) == rendered(value)


@pytest.mark.parametrize("template", ["ports", TABLE])
async def test_a_text_is_parsed_by_a_stored_template_or_by_the_one_given(providers: Providers, template: str) -> None:
    found = await perform(providers, "applyTemplate", text="port e1\nport e2\n", template=template)
    assert found == Finish("success", {"parsed": [{"Port": "e1"}, {"Port": "e2"}]})


async def test_an_attempt_that_is_made_once_more_renders_the_same(providers: Providers) -> None:
    first = await perform(providers, "renderJinjaTemplate", 1, name="die", context={})
    again = await perform(providers, "renderJinjaTemplate", 1, name="die", context={})
    another = await perform(providers, "renderJinjaTemplate", 2, name="die", context={})
    assert first == again
    assert first != another


@pytest.mark.parametrize(
    ("name", "incoming", "reason"),
    [
        (
            "renderJinjaTemplate",
            {"name": "Greeting", "context": {}},
            "Cannot find template 'Greeting'. Names match exactly; import it with `jobyard import FILE`.",
        ),
        (
            "renderJinjaTemplate",
            {"name": "ports", "context": {}},
            "The template 'ports' is of the type 'textfsm': this task needs 'jinja2'.",
        ),
        ("renderJinjaTemplate", {"name": None, "context": {}}, "'name' must be a text, not null."),
        ("renderJinjaTemplate", {"name": "greeting", "context": [1]}, "'context' must be an object, not an array."),
        (
            GIVEN,
            {"template": "a", "variables": {}, "castDataType": "integer"},
            "'castDataType' must be one of string, object, number, boolean, not 'integer'.",
        ),
        (
            GIVEN,
            {"template": "a", "variables": {}, "castDataType": "number"},
            "The rendered text is not a number: 'a'.",
        ),
        (
            "applyTemplate",
            {"text": "a", "template": "greeting"},
            "The template 'greeting' is of the type 'jinja2': this task needs 'textfsm'.",
        ),
        ("applyTemplate", {"text": {}, "template": "ports"}, "'text' must be a text, not an object."),
    ],
)
async def test_what_cannot_be_done_is_the_tasks_error(
    providers: Providers, name: str, incoming: JsonObject, reason: str
) -> None:
    assert await perform(providers, name, **incoming) == Finish("error", error=reason)
