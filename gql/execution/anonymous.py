"""The operations of anonymous callers: `login` and `__typename`. The server refuses others before it validates them."""

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    NamedTypeNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableDefinitionNode,
    parse,
)

from ...models.errors import NotSignedIn

LONGEST_ANONYMOUS = 4_000  # characters
MOST_TOKENS_ANONYMOUS = 200
PUBLIC_FIELDS = ("__typename", "login")

_LOGIN_ARGUMENTS = ("username", "password")
_SESSION_FIELDS = ("__typename", "token", "expires", "accountId")


def anonymous_document(text: str) -> DocumentNode:
    """The parsed document; NotSignedIn for any other operation, and for a text that is not GraphQL."""
    if len(text) > LONGEST_ANONYMOUS or not any(name in text for name in PUBLIC_FIELDS):
        raise NotSignedIn
    try:
        document = parse(text, max_tokens=MOST_TOKENS_ANONYMOUS)
    except GraphQLError as fault:
        raise NotSignedIn from fault
    if not all(isinstance(node, OperationDefinitionNode) and _is_public(node) for node in document.definitions):
        raise NotSignedIn
    return document


def _is_public(operation: OperationDefinitionNode) -> bool:
    """Whether the operation selects public fields alone. Its variables must be strings: an error about another type
    could reveal whether the schema has the type.
    """
    return (
        operation.operation is not OperationType.SUBSCRIPTION
        and not operation.directives
        and all(_is_string(variable) for variable in operation.variable_definitions or ())
        and all(
            isinstance(field, FieldNode) and not field.directives and _is_public_field(field, operation.operation)
            for field in operation.selection_set.selections
        )
    )


def _is_public_field(field: FieldNode, operation: OperationType) -> bool:
    if field.name.value == "__typename":
        return not field.arguments and field.selection_set is None
    return (
        field.name.value == "login"
        and operation is OperationType.MUTATION
        and all(argument.name.value in _LOGIN_ARGUMENTS for argument in field.arguments or ())
        and _selects_session(field.selection_set)
    )


def _selects_session(selections: SelectionSetNode | None) -> bool:
    return selections is not None and all(
        isinstance(field, FieldNode)
        and field.name.value in _SESSION_FIELDS
        and not (field.arguments or field.directives or field.selection_set)
        for field in selections.selections
    )


def _is_string(variable: VariableDefinitionNode) -> bool:
    type = variable.type.type if isinstance(variable.type, NonNullTypeNode) else variable.type
    return isinstance(type, NamedTypeNode) and type.name.value == "String" and not variable.directives
