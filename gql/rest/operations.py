"""The GraphQL documents that REST routes execute. Documents that differ only in a name come from one template."""

import re
from functools import cache
from pathlib import Path
from typing import Final

from graphql import FieldNode, GraphQLError, OperationDefinitionNode, parse
from starlette.requests import Request
from strawberry.types.base import StrawberryObjectDefinition

from ...models.errors import InternalError
from ...models.json import Json
from ..context import context_of
from ..schema import schema

_WORD_START = re.compile(r"(?:^|_)([a-z])")


def _same_name(*operations: str) -> dict[str, str]:
    """Operations with a field of the same name."""
    return {name: _pascal_case(name)[0].lower() + _pascal_case(name)[1:] for name in operations}


def _get_by_id(*nouns: str) -> dict[str, str]:
    return {f"get_{noun}": noun for noun in nouns}


def _list_documented(*nouns: str) -> dict[str, str]:
    return {f"list_{noun}": f"documented{noun.title()}" for noun in nouns}


def _pascal_case(operation: str) -> str:
    return _WORD_START.sub(lambda found: found[1].upper(), operation)


# Templates of documents, each with the operations of the template and the field of each operation.
_TEMPLATES: Final[tuple[tuple[str, dict[str, str]], ...]] = (
    (
        "query OPERATION { FIELD }",
        _same_name(
            "adapters", "applications", "apps_and_adapters", "component_groups", "health_status", "indexes",
            "prometheus_metrics", "server_health", "server_settings", "system_health", "tags", "worker_status",
        ),
    ),
    ("mutation OPERATION { FIELD }", _same_name("activate_workers", "deactivate_workers")),
    (
        "query OPERATION($name: String!) { FIELD(name: $name) }",
        _same_name("adapter", "adapter_health", "application", "application_health"),
    ),
    (
        "mutation OPERATION($name: String!, $action: PartAction!) { FIELD(name: $name, action: $action) }",
        _same_name("operate_adapter", "operate_application"),
    ),
    ("query OPERATION($query: JSON!) { FIELD(query: $query) }", _same_name("adapters_health", "applications_health")),
    (
        "query OPERATION($query: JSON!) { FIELD(query: $query) { documented metadata } }",
        _same_name("job_metrics", "task_metrics")
        | _list_documented(
            "automations", "events", "forms", "jobs", "projects", "tasks", "templates", "transformations", "triggers",
            "workflows",
        )
        | {"list_events": "eventDefinitions"},
    ),
    (
        "query OPERATION($id: ID!) { FIELD(id: $id) }",
        _same_name("export_automation", "export_project", "export_template"),
    ),
    (
        "query OPERATION($id: ID!) { FIELD(id: $id) { documented } }",
        _same_name("account", "group", "role") | _get_by_id("form", "project", "template", "transformation"),
    ),
    (
        "query OPERATION($id: ID!) { FIELD(id: $id) { documented warnings } }",
        _get_by_id("automation", "trigger"),
    ),
    (
        "query OPERATION($id: ID!, $include: [String!], $exclude: [String!], $dereference: [String!]) {"
        " FIELD(id: $id) { documented(include: $include, exclude: $exclude, dereference: $dereference) } }",
        _get_by_id("job", "task"),
    ),
    (
        "mutation OPERATION($document: JSON!) { FIELD(document: $document) { documented } }",
        _same_name("create_form", "create_project", "create_template", "create_transformation"),
    ),
    (
        "mutation OPERATION($document: JSON!) { FIELD(document: $document) { documented warnings } }",
        _same_name("create_automation", "create_trigger"),
    ),
    (
        "mutation OPERATION($id: ID!, $changes: JSON!) { FIELD(id: $id, changes: $changes) { documented } }",
        _same_name("update_form", "update_project", "update_template", "update_transformation"),
    ),
    (
        "mutation OPERATION($id: ID!, $changes: JSON!) { FIELD(id: $id, changes: $changes) { documented warnings } }",
        _same_name("update_automation", "update_trigger"),
    ),
    (
        "mutation OPERATION($documents: [JSON!]!) {"
        " FIELD(documents: $documents) { success code message documented } }",
        _same_name("import_forms", "import_templates", "import_transformations"),
    ),
    (
        "mutation OPERATION($documents: [JSON!]!) {"
        " FIELD(documents: $documents) { success message documented warnings } }",
        _same_name("import_automations", "import_triggers"),
    ),
    (
        "mutation OPERATION($id: ID!) { FIELD(id: $id) { documented } }",
        _same_name(
            "claim_task", "release_task", "delete_automation", "delete_group", "delete_role", "delete_service_account",
            "delete_template", "delete_transformation", "delete_trigger",
        ),
    ),
    (
        "mutation OPERATION($id: ID!) { FIELD(id: $id) }",
        _same_name("delete_triggers_of_automation", "force_logout"),
    ),
    (
        "mutation OPERATION($ids: [ID!]!, $shown: Boolean! = false) {"
        " FIELD(ids: $ids) { id done code message job @include(if: $shown) { documented } } }",
        _same_name("cancel_jobs", "pause_jobs", "resume_jobs", "watch_jobs", "unwatch_jobs"),
    ),
    (
        "mutation OPERATION($jobId: ID!, $groups: [ID!]!) { FIELD(jobId: $jobId, groups: $groups) { documented } }",
        _same_name("add_job_groups", "replace_job_groups"),
    ),
    (
        "mutation OPERATION($name: String!, $groups: [ID!]!) { FIELD(name: $name, groups: $groups) { document } }",
        _same_name("add_workflow_groups", "replace_workflow_groups"),
    ),
)  # fmt: skip

TEXTS: Final = {
    operation: text.replace("OPERATION", _pascal_case(operation)).replace("FIELD", field)
    for text, fields in _TEMPLATES
    for operation, field in fields.items()
}


class Refused(Exception):
    """The operation returned errors; the first error decides the status."""

    def __init__(self, error: GraphQLError) -> None:
        super().__init__(error.message)
        facts = dict(error.extensions or {})
        self.message = error.message
        self.code: str = facts.pop("code", InternalError.code)
        self.facts = facts


async def run(request: Request, name: str, variables: dict[str, Json]) -> Json:
    """Execute an operation; the value of its only field."""
    result = await schema.execute(operation_text(name), variable_values=variables, context_value=context_of(request))
    if result.errors:
        raise Refused(result.errors[0])
    data: dict[str, Json] = result.data or {}
    (value,) = data.values()
    return value


@cache
def operation_text(name: str) -> str:
    """The text of an operation, from a template or from a file."""
    return TEXTS.get(name) or (Path(__file__).parent / "documents" / f"{name}.graphql").read_text()


def description_of(name: str) -> str:
    """The schema's description of the field that the operation selects."""
    (operation,) = parse(operation_text(name)).definitions
    assert isinstance(operation, OperationDefinitionNode)
    (selection,) = operation.selection_set.selections
    assert isinstance(selection, FieldNode)
    root = schema.get_type_by_name(operation.operation.value.title())
    assert isinstance(root, StrawberryObjectDefinition)
    field = next(
        each for each in root.fields if schema.config.name_converter.get_graphql_name(each) == selection.name.value
    )
    return field.description or ""
