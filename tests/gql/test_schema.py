"""The schema is a committed, documented artefact."""

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLObjectType, build_schema
from jobyard.gql.schema import printed_schema

from ..parts import ROOT


def test_schema_graphql_is_the_printed_schema() -> None:
    assert (ROOT / "schema.graphql").read_text() == printed_schema(), "stale: make schema"


def test_everything_has_a_description() -> None:
    silent: list[str] = []
    for name, type in build_schema(printed_schema()).type_map.items():
        if name.startswith("__"):
            continue
        if not type.description and name not in ("String", "Int", "Float", "Boolean", "ID"):
            silent.append(name)
        if isinstance(type, GraphQLObjectType):
            silent += [f"{name}.{field}" for field, one in type.fields.items() if not one.description]
            silent += [
                f"{name}.{field}({argument}:)"
                for field, one in type.fields.items()
                for argument, its in one.args.items()
                if not its.description
            ]
        elif isinstance(type, GraphQLInputObjectType):
            silent += [f"{name}.{field}" for field, one in type.fields.items() if not one.description]
        elif isinstance(type, GraphQLEnumType):
            silent += [f"{name}.{value}" for value, one in type.values.items() if not one.description]
    assert silent == []
