"""Reads what is to be executed, once and before anything else: its size, its grammar, which operation, the rules.

Over whichever API the text came, this is where it is refused. What was found sound is remembered, so that the next
request with the same text costs a look-up: up to a number of bytes, since a parsed document takes about 60 times the
room of its text. What nobody asks is not remembered. A long text, which may take most of a second, is read beside the
event loop.
"""

from dataclasses import dataclass
from functools import partial

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)
from strawberry.schema.schema import validate_document

from ...models.bounded_cache import BoundedCache
from ...models.errors import OperationTooLarge, RequestRefused, cut
from ...models.visibility import ANONYMOUS, Caller
from ...resolvers.threads import in_thread
from ..errors import LONGEST_FACT
from .anonymous import anonymous_document
from .limits import MOST_TOKENS, InOnePiece, SelectionLimit

LARGEST_TEXT = 100_000  # bytes of UTF-8
LARGEST_MEMORY = 32 * 1024 * 1024  # bytes of all documents that are remembered
SHORT_TEXT = 1_000  # characters, which take 30 ms at worst
TOKEN_BYTES = 800  # what a token of a parsed document takes, measured generously


class Unread(Exception):
    """Why a document is not executed: what is wrong with it, in order."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


@dataclass(frozen=True)
class Operation:
    """The operation to execute, of a document that fits the schema."""

    document: DocumentNode
    definition: OperationDefinitionNode
    known: bool = False  # it was asked for before

    @property
    def kind(self) -> OperationType:
        return self.definition.operation


class Documents:
    """Sound documents by their texts; those that were asked for least recently go first."""

    def __init__(self, largest: int = LARGEST_MEMORY) -> None:
        self._largest = largest
        self._found: BoundedCache[str, DocumentNode] = BoundedCache(room=largest)

    @property
    def bytes(self) -> int:
        return self._found.weight

    def __len__(self) -> int:
        return len(self._found)

    def get(self, text: str) -> DocumentNode | None:
        return self._found.get(text)

    def keep(self, text: str, document: DocumentNode) -> None:
        if text in self._found or (size := _bytes_of(text, document)) > self._largest:
            return
        self._found.put(text, document, size)


def _bytes_of(text: str, document: DocumentNode) -> int:
    # The text twice: it is the key, and what the document says its places by; four bytes a character at most.
    return 8 * len(text) + TOKEN_BYTES * document.token_count


async def read(
    schema: GraphQLSchema, documents: Documents, text: str | None, name: object, caller: Caller
) -> Operation:
    """The operation of this name, or the only one. Unread, Problem and GraphQLError for what is not executed."""
    if not text:
        raise RequestRefused("No GraphQL query found in the request")
    if len(text) > LARGEST_TEXT or len(text.encode()) > LARGEST_TEXT:
        raise OperationTooLarge(LARGEST_TEXT)
    if name is not None and not isinstance(name, str):
        raise RequestRefused("The GraphQL operation's `operationName` must be a string or null, if provided.")
    if caller is ANONYMOUS:
        return _sound(schema, anonymous_document(text), name)
    if (document := documents.get(text)) is not None:
        return Operation(document, chosen(document, name), known=True)
    if len(text) <= SHORT_TEXT:
        operation = _read(schema, text, name)
    else:
        operation = await in_thread(partial(_read, schema, text, name))
    documents.keep(text, operation.document)
    return operation


def _read(schema: GraphQLSchema, text: str, name: str | None) -> Operation:
    return _sound(schema, parse(text, max_tokens=MOST_TOKENS), name)  # it bounds the depth itself


def _sound(schema: GraphQLSchema, document: DocumentNode, name: str | None) -> Operation:
    """The operation of a document that fits the schema."""
    definition = chosen(document, name)
    # Sizes first: some rules of the specification take time with the square of what is selected.
    errors = validate(schema, document, (SelectionLimit, InOnePiece)) or validate_document(
        schema, document, tuple(specified_rules)
    )
    if errors:
        raise Unread(errors)
    return Operation(document, definition)


def chosen(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """As the specification gets the operation: without a name there must be only one."""
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    if name is None:
        if len(operations) > 1:
            raise RequestRefused("Must provide operation name if query contains multiple operations.")
        if not operations:
            raise RequestRefused("The document has fragments only, and no operation.")
        return operations[0]
    for one in operations:
        if one.name is not None and one.name.value == name:
            return one
    raise RequestRefused(f'Unknown operation named "{cut(name, LONGEST_FACT)}".')
