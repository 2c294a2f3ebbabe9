"""The GraphQL documents that REST routes execute: those that differ in a name only are made here from one text."""

import re
from functools import cache
from pathlib import Path
from typing import Final

from graphql import FieldNode, GraphQLError, OperationDefinitionNode, parse
from starlette.requests import Request
from strawberry.types.base import StrawberryObjectDefinition

from ...models.errors import InternalError
from ...models.json import Json, JsonObject
from ..context import context_of
from ..schema import schema

_TITLE = re.compile(r"(?:^|_)([a-z])")


def _same(*operations: str) -> dict[str, str]:
    """Operations and their fields, for fields that have the operation's name."""
    return {one: _title(one)[0].lower() + _title(one)[1:] for one in operations}


def _got(*things: str) -> dict[str, str]:
    return {f"get_{one}": one for one in things}


def _listed(*things: str) -> dict[str, str]:
    return {f"list_{one}": f"documented{one.title()}" for one in things}


def _title(operation: str) -> str:
    return _TITLE.sub(lambda found: found[1].upper(), operation)


# A text, with the field's name and the operation's left out, and the field of every operation that it is for.
_ALIKE: Final[tuple[tuple[str, dict[str, str]], ...]] = (
    (
        "query OPERATION { FIELD }",
        _same(
            "adapters", "applications", "apps_and_adapters", "component_groups", "health_status", "indexes",
            "prometheus_metrics", "server_health", "server_settings", "system_health", "tags", "worker_status",
        ),
    ),
    ("mutation OPERATION { FIELD }", _same("activate_workers", "deactivate_workers")),
    (
        "query OPERATION($name: String!) { FIELD(name: $name) }",
        _same("adapter", "adapter_health", "application", "application_health"),
    ),
    (
        "mutation OPERATION($name: String!, $action: PartAction!) { FIELD(name: $name, action: $action) }",
        _same("operate_adapter", "operate_application"),
    ),
    ("query OPERATION($query: JSON!) { FIELD(query: $query) }", _same("adapters_health", "applications_health")),
    (
        "query OPERATION($query: JSON!) { FIELD(query: $query) { documented metadata } }",
        _same("job_metrics", "task_metrics")
        | _listed(
            "automations", "events", "forms", "jobs", "projects", "tasks", "templates", "transformations", "triggers",
            "workflows",
        )
        | {"list_events": "eventDefinitions"},
    ),
    (
        "query OPERATION($id: ID!) { FIELD(id: $id) }",
        _same("export_automation", "export_project", "export_template"),
    ),
    (
        "query OPERATION($id: ID!) { FIELD(id: $id) { documented } }",
        _same("account", "group", "role") | _got("form", "project", "template", "transformation"),
    ),
    (
        "query OPERATION($id: ID!) { FIELD(id: $id) { documented warnings } }",
        _got("automation", "trigger"),
    ),
    (
        "query OPERATION($id: ID!, $include: [String!], $exclude: [String!], $dereference: [String!]) {"
        " FIELD(id: $id) { documented(include: $include, exclude: $exclude, dereference: $dereference) } }",
        _got("job", "task"),
    ),
    (
        "mutation OPERATION($document: JSON!) { FIELD(document: $document) { documented } }",
        _same("create_form", "create_project", "create_template", "create_transformation"),
    ),
    (
        "mutation OPERATION($document: JSON!) { FIELD(document: $document) { documented warnings } }",
        _same("create_automation", "create_trigger"),
    ),
    (
        "mutation OPERATION($id: ID!, $changes: JSON!) { FIELD(id: $id, changes: $changes) { documented } }",
        _same("update_form", "update_project", "update_template", "update_transformation"),
    ),
    (
        "mutation OPERATION($id: ID!, $changes: JSON!) { FIELD(id: $id, changes: $changes) { documented warnings } }",
        _same("update_automation", "update_trigger"),
    ),
    (
        "mutation OPERATION($documents: [JSON!]!) {"
        " FIELD(documents: $documents) { success code message documented } }",
        _same("import_forms", "import_templates", "import_transformations"),
    ),
    (
        "mutation OPERATION($documents: [JSON!]!) {"
        " FIELD(documents: $documents) { success message documented warnings } }",
        _same("import_automations", "import_triggers"),
    ),
    (
        "mutation OPERATION($id: ID!) { FIELD(id: $id) { documented } }",
        _same(
            "claim_task", "release_task", "delete_automation", "delete_group", "delete_role", "delete_service_account",
            "delete_template", "delete_transformation", "delete_trigger",
        ),
    ),
    (
        "mutation OPERATION($id: ID!) { FIELD(id: $id) }",
        _same("delete_triggers_of_automation", "force_logout"),
    ),
    (
        "mutation OPERATION($ids: [ID!]!, $shown: Boolean! = false) {"
        " FIELD(ids: $ids) { id done code message job @include(if: $shown) { documented } } }",
        _same("cancel_jobs", "pause_jobs", "resume_jobs", "watch_jobs", "unwatch_jobs"),
    ),
    (
        "mutation OPERATION($jobId: ID!, $groups: [ID!]!) { FIELD(jobId: $jobId, groups: $groups) { documented } }",
        _same("add_job_groups", "replace_job_groups"),
    ),
    (
        "mutation OPERATION($name: String!, $groups: [ID!]!) { FIELD(name: $name, groups: $groups) { document } }",
        _same("add_workflow_groups", "replace_workflow_groups"),
    ),
)  # fmt: skip

TEXTS: Final = {
    operation: text.replace("OPERATION", _title(operation)).replace("FIELD", field)
    for text, fields in _ALIKE
    for operation, field in fields.items()
}


class Refused(Exception):
    """The operation answered with errors; the first one decides the status."""

    def __init__(self, error: GraphQLError) -> None:
        super().__init__(error.message)
        facts: JsonObject = dict(error.extensions or {})
        self.message = error.message
        self.code: str = facts.pop("code", InternalError.code)
        self.facts = facts


async def run(request: Request, name: str, variables: JsonObject) -> Json:
    """The value of the operation's only field."""
    result = await schema.execute(stored(name), variable_values=variables, context_value=context_of(request))
    if result.errors:
        raise Refused(result.errors[0])
    data: JsonObject = result.data or {}
    (value,) = data.values()
    return value


@cache
def stored(name: str) -> str:
    """The text of an operation: its own file, or one that it has in common with others."""
    return TEXTS.get(name) or (Path(__file__).parent / "documents" / f"{name}.graphql").read_text()


def description_of(name: str) -> str:
    """What the field that the operation asks for says of itself in the schema."""
    (operation,) = parse(stored(name)).definitions
    assert isinstance(operation, OperationDefinitionNode)
    (selection,) = operation.selection_set.selections
    assert isinstance(selection, FieldNode)
    root = schema.get_type_by_name(operation.operation.value.title())
    assert isinstance(root, StrawberryObjectDefinition)
    field = next(
        one for one in root.fields if schema.config.name_converter.get_graphql_name(one) == selection.name.value
    )
    return field.description or ""
