"""The tasks of TemplateBuilder and validateJsonSchema: they need processes that hostile input cannot leave."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from ...models.engine.events import ProviderCall
from ...models.engine.outcomes import Finish
from ...models.errors import NameAmbiguous
from ...models.json import Json, JsonObject, text_at
from ...models.language.errors import LanguageError
from ...models.language.templates.casting import DATA_TYPES, DataType, is_data_type
from ..builtin_tasks.arguments import json_object, string, unset
from ..builtin_tasks.families.outside import APP, NAME, validated
from ..builtin_tasks.task import TaskFailed
from ..runner.protocol import Perform
from ..templating.schema_checks import SchemaChecks
from ..templating.workers import TemplateWorkers

# The template of this name, if there is one, that a workflow of the second name means.
FindTemplate: TypeAlias = Callable[[str, str], Awaitable[JsonObject | None]]


def template_tasks(find: FindTemplate, workers: TemplateWorkers) -> Mapping[tuple[str, str], Perform]:
    """By application and name, as the catalogue declares them."""
    tasks = _TemplateTasks(find, workers)
    return {
        (APP, "renderJinjaTemplate"): _outgoing("renderedTemplate", tasks.render_stored),
        (APP, "renderJinja2ContextWithCast"): _outgoing("renderedTemplate", tasks.render_given_and_cast),
        (APP, "renderJinja2TemplateWithCast"): _outgoing("renderedTemplate", tasks.render_stored_and_cast),
        (APP, "applyTemplate"): _outgoing("parsed", tasks.parse),
    }


class _TemplateTasks:
    def __init__(self, find: FindTemplate, workers: TemplateWorkers) -> None:
        self._find = find
        self._workers = workers

    async def render_stored(self, call: ProviderCall) -> Json:
        return await self._render(call, await self._jinja2(call), "context", "string")

    async def render_stored_and_cast(self, call: ProviderCall) -> Json:
        data_type = _data_type(call)
        return await self._render(call, await self._jinja2(call), "variables", data_type)

    async def render_given_and_cast(self, call: ProviderCall) -> Json:
        data_type = _data_type(call)
        return await self._render(call, string(call.incoming.get("template"), "template"), "variables", data_type)

    async def parse(self, call: ProviderCall) -> Json:
        """`template` is the name of a stored template or, with lines of its own, the template itself."""
        text = string(call.incoming.get("text"), "text")
        template = string(call.incoming.get("template"), "template")
        if "\n" not in template:
            template = await self._stored(template, "textfsm", call.workflow)
        return [*await self._workers.parse(template, text)]

    async def _jinja2(self, call: ProviderCall) -> str:
        return await self._stored(string(call.incoming.get("name"), "name"), "jinja2", call.workflow)

    async def _stored(self, name: str, language: str, workflow: str) -> str:
        try:
            found = await self._find(name, workflow)
        except NameAmbiguous as several:
            raise TaskFailed(several.message) from several
        if found is None:
            raise TaskFailed(
                f"Cannot find template '{name}'. Names match exactly; import it with `jobyard import FILE`."
            )
        kind = found.get("type")
        if not unset(kind) and kind != language:
            raise TaskFailed(f"The template '{name}' is of the type {kind!r}: this task needs '{language}'.")
        return text_at(found, "template")

    async def _render(self, call: ProviderCall, template: str, values: str, data_type: DataType) -> Json:
        value = call.incoming.get(values)
        context = {} if unset(value) else json_object(value, values)
        # The key as the seed: an attempt that is made once more, by whatever process, comes to the same text.
        return await self._workers.render(template, context, data_type, call.key)


def _data_type(call: ProviderCall) -> DataType:
    name = call.incoming.get("castDataType")
    if unset(name):
        return "string"  # the documented default
    if isinstance(name, str) and is_data_type(name):
        return name
    raise TaskFailed(f"'castDataType' must be one of {', '.join(DATA_TYPES)}, not {name!r}.")


def _outgoing(outgoing: str, task: Callable[[ProviderCall], Awaitable[Json]]) -> Perform:
    async def perform(call: ProviderCall) -> Finish:
        try:
            return Finish("success", {outgoing: await task(call)})
        except LanguageError as refusal:
            return Finish("error", error=refusal.message)

    return perform


def schema_tasks(schemas: SchemaChecks) -> Mapping[tuple[str, str], Perform]:
    """By application and name, as the catalogue declares it."""

    async def validate(call: ProviderCall) -> Finish:
        schema = json_object(call.incoming.get("schema"), "schema")  # the task has looked at it
        try:
            return validated(await schemas.check(schema, call.incoming.get("jsonData")))
        except LanguageError as refusal:
            return Finish("error", error=f"'schema' cannot be applied: {refusal.message}")

    return {("WorkFlowEngine", NAME): validate}
