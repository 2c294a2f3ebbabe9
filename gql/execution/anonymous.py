"""What anonymous callers may ask over GraphQL: sign-in, and the name of a root type. All else is refused unread."""

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

LONGEST_OF_NOBODY = 4_000  # characters
MOST_TOKENS_OF_NOBODY = 200
PUBLIC_FIELDS = ("__typename", "login")

_ARGUMENTS = ("username", "password")
_OF_SESSION = ("__typename", "token", "expires", "accountId")


def anonymous_document(text: str) -> DocumentNode:
    """The document; NotSignedIn for all that nobody may ask, and for what is no GraphQL."""
    if len(text) > LONGEST_OF_NOBODY or not any(name in text for name in PUBLIC_FIELDS):
        raise NotSignedIn
    try:
        document = parse(text, max_tokens=MOST_TOKENS_OF_NOBODY)
    except GraphQLError as fault:
        raise NotSignedIn from fault
    if not all(isinstance(one, OperationDefinitionNode) and _is_public(one) for one in document.definitions):
        raise NotSignedIn
    return document


def _is_public(operation: OperationDefinitionNode) -> bool:
    """Also its variables are of text: another type would be looked up among ours."""
    return (
        operation.operation is not OperationType.SUBSCRIPTION
        and not operation.directives
        and all(_is_text(variable) for variable in operation.variable_definitions or ())
        and all(
            isinstance(field, FieldNode) and not field.directives and _is_public_field(field, operation.operation)
            for field in operation.selection_set.selections
        )
    )


def _is_public_field(field: FieldNode, of: OperationType) -> bool:
    if field.name.value == "__typename":
        return not field.arguments and field.selection_set is None
    return (
        field.name.value == "login"
        and of is OperationType.MUTATION
        and all(argument.name.value in _ARGUMENTS for argument in field.arguments or ())
        and _is_of_session(field.selection_set)
    )


def _is_of_session(selections: SelectionSetNode | None) -> bool:
    return selections is not None and all(
        isinstance(field, FieldNode)
        and field.name.value in _OF_SESSION
        and not (field.arguments or field.directives or field.selection_set)
        for field in selections.selections
    )


def _is_text(variable: VariableDefinitionNode) -> bool:
    of = variable.type.type if isinstance(variable.type, NonNullTypeNode) else variable.type
    return isinstance(of, NamedTypeNode) and of.name.value == "String" and not variable.directives
