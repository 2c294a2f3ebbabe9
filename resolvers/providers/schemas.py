"""The part of validateJsonSchema that needs a process which a hostile schema cannot leave."""

from collections.abc import Mapping

from ...models.engine.events import ProviderCall
from ...models.engine.outcomes import Finish
from ...models.language.errors import LanguageError
from ..catalogue.arguments import json_object
from ..catalogue.schemas import NAME, validated
from ..runners.runner import Perform
from ..schema_checks import SchemaChecks


def schema_tasks(schemas: SchemaChecks) -> Mapping[tuple[str, str], Perform]:
    """By application and name, as the catalogue declares it."""

    async def validate(call: ProviderCall) -> Finish:
        schema = json_object(call.incoming.get("schema"), "schema")  # the task has looked at it
        try:
            return validated(await schemas.check(schema, call.incoming.get("jsonData")))
        except LanguageError as refusal:
            return Finish("error", error=f"'schema' cannot be applied: {refusal.message}")

    return {("WorkFlowEngine", NAME): validate}
