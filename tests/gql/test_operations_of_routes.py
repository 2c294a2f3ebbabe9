"""The GraphQL operations that routes run: each is written once."""

import re
from pathlib import Path

import jobyard.gql.rest.operations as operations
from graphql import DocumentNode, FieldNode, OperationDefinitionNode, parse, print_ast, validate
from jobyard.gql.rest.operations import TEXTS, operation_text
from jobyard.gql.rest.table import ROUTES
from jobyard.gql.schema import schema

FILES = {path.stem for path in (Path(operations.__file__).parent / "documents").glob("*.graphql")}


def definition(document: DocumentNode) -> OperationDefinitionNode:
    (found,) = document.definitions
    assert isinstance(found, OperationDefinitionNode)
    return found


def test_every_route_has_an_operation_and_every_operation_a_route() -> None:
    assert not FILES & TEXTS.keys()
    assert FILES | TEXTS.keys() == {route.operation for route in ROUTES}


def test_every_operation_fits_the_schema_and_has_its_name() -> None:
    for name in sorted(FILES | TEXTS.keys()):
        document = parse(operation_text(name))
        assert validate(schema._schema, document) == [], name
        found = definition(document).name
        assert found is not None
        assert re.sub(r"(?<!^)(?=[A-Z])", "_", found.value).lower() == name


def test_no_two_files_differ_in_names_only() -> None:
    shapes: dict[str, str] = {}
    for name in sorted(FILES):
        document = parse(operation_text(name))
        operation = definition(document)
        (field,) = operation.selection_set.selections
        assert operation.name is not None
        assert isinstance(field, FieldNode)
        own = operation.name.value, field.name.value
        shape = print_ast(document).replace(own[0], "OPERATION", 1).replace(own[1], "FIELD", 1)
        assert shapes.setdefault(shape, name) == name
