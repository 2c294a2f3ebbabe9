"""Reads an operation before execution: checks the size, parses, chooses the operation, validates.

All APIs use this module. A cache holds the valid documents, so that the next request with the same text costs one
look-up. The cache is bounded in bytes, since a parsed document takes about 60 times the memory of its text. The cache
never takes documents of anonymous callers. A thread reads a long text, which may take most of a second.
"""

from dataclasses import dataclass
from functools import partial

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    specified_rules,
    validate,
)
from strawberry.schema.schema import validate_document

from ...models.bounded_cache import BoundedCache
from ...models.errors import OperationTooLarge, RequestRefused, cut
from ...models.visibility import ANONYMOUS, Caller
from ...resolvers.threads import in_thread
from ..errors import LONGEST_FACT
from ..locations import parse_text
from .anonymous import anonymous_document
from .limits import MOST_TOKENS, NoIncrementalDelivery, SelectionLimit

LARGEST_TEXT = 100_000  # bytes of UTF-8
LARGEST_MEMORY = 32 * 1024 * 1024  # bytes of all documents in the cache
SHORT_TEXT = 1_000  # characters, which take 30 ms at most
TOKEN_BYTES = 800  # memory of one token of a parsed document, an upper estimate from measurements


class OperationInvalid(Exception):
    """A document that the server does not execute; `errors` are the reasons, in order."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


@dataclass(frozen=True)
class Operation:
    """The operation to execute, of a valid document."""

    document: DocumentNode
    definition: OperationDefinitionNode
    known: bool = False  # whether the document came from the cache

    @property
    def kind(self) -> OperationType:
        return self.definition.operation


class Documents:
    """Valid documents by text; the least recently used document goes first."""

    def __init__(self, largest: int = LARGEST_MEMORY) -> None:
        self._largest = largest
        self._documents: BoundedCache[str, DocumentNode] = BoundedCache(room=largest)

    @property
    def bytes(self) -> int:
        return self._documents.weight

    def __len__(self) -> int:
        return len(self._documents)

    def get(self, text: str) -> DocumentNode | None:
        return self._documents.get(text)

    def add(self, text: str, document: DocumentNode) -> None:
        if text in self._documents or (size := _estimate_bytes(text, document)) > self._largest:
            return
        self._documents.put(text, document, size)


def _estimate_bytes(text: str, document: DocumentNode) -> int:
    # The text counts twice: as the key, and as the source of the document; four bytes a character at most.
    return 8 * len(text) + TOKEN_BYTES * document.token_count


async def read(
    schema: GraphQLSchema, documents: Documents, text: str | None, name: object, caller: Caller
) -> Operation:
    """The operation of the name, or the only one. OperationInvalid, Problem or GraphQLError for any other text."""
    if not text:
        raise RequestRefused("No GraphQL query found in the request")
    if len(text) > LARGEST_TEXT or len(text.encode()) > LARGEST_TEXT:
        raise OperationTooLarge(LARGEST_TEXT)
    if name is not None and not isinstance(name, str):
        raise RequestRefused("The GraphQL operation's `operationName` must be a string or null, if provided.")
    if caller is ANONYMOUS:
        return _validate(schema, anonymous_document(text), name)
    if (document := documents.get(text)) is not None:
        return Operation(document, choose_operation(document, name), known=True)
    if len(text) <= SHORT_TEXT:
        operation = _parse_and_validate(schema, text, name)
    else:
        operation = await in_thread(partial(_parse_and_validate, schema, text, name))
    documents.add(text, operation.document)
    return operation


def _parse_and_validate(schema: GraphQLSchema, text: str, name: str | None) -> Operation:
    return _validate(schema, parse_text(text, MOST_TOKENS), name)  # the parser bounds the depth


def _validate(schema: GraphQLSchema, document: DocumentNode, name: str | None) -> Operation:
    """The operation, where the whole document is valid."""
    definition = choose_operation(document, name)
    # Sizes first: the time of some rules of the specification grows with the square of the number of fields.
    errors = validate(schema, document, (SelectionLimit, NoIncrementalDelivery)) or validate_document(
        schema, document, tuple(specified_rules)
    )
    if errors:
        raise OperationInvalid(errors)
    return Operation(document, definition)


def choose_operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """The operation as the specification chooses it: without a name, the document must have one operation."""
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if name is None:
        if len(operations) > 1:
            raise RequestRefused("Must provide operation name if query contains multiple operations.")
        if not operations:
            raise RequestRefused("The document has fragments only, and no operation.")
        return operations[0]
    for operation in operations:
        if operation.name is not None and operation.name.value == name:
            return operation
    raise RequestRefused(f'Unknown operation named "{cut(name, LONGEST_FACT)}".')
