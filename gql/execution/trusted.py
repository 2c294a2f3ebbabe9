"""Trusted documents: the list of the only operations that the server executes over GraphQL.

Build tools of front ends write such lists: Relay and GraphQL Code Generator an object of texts by id, Apollo a
manifest. The server executes an operation by id, or by a text that equals a text of the list apart from white space,
the order of the definitions and the `__typename`s that a client adds for its cache.
"""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from graphql import DocumentNode, FieldNode, GraphQLError, SelectionSetNode, Visitor, parse, print_ast, visit  # pyright: ignore[reportUnknownVariableType] -- its overloads are partial

from ...models.bounded_cache import BoundedCache
from ...models.json import Json, is_array, is_object
from ..cli.files import Unreadable, read_json
from .documents import LARGEST_TEXT
from .limits import MOST_TOKENS

MOST_VARIANTS = 10_000
_MANIFEST = "apollo-persisted-query-manifest"


class TrustedInvalid(Exception):
    """The file is unusable; the message has the reason."""


class Trusted:
    def __init__(self, texts: dict[str, str], others: Iterable[str] = ()) -> None:
        """`others` are trusted texts without ids. GraphQLError for a text that is not GraphQL."""
        self._texts = texts
        self._exact = frozenset([*texts.values(), *others])
        self._normalized_hashes = frozenset(
            _normalized_hash(parse(text, max_tokens=MOST_TOKENS)) for text in self._exact
        )
        # Hashes of texts that differ from a listed text in white space, order or `__typename`.
        self._variants: BoundedCache[bytes, None] = BoundedCache(most=MOST_VARIANTS)

    def __len__(self) -> int:
        return len(self._texts)

    def get(self, id: str) -> str | None:
        """The text of an id; a hash may have the prefix `sha256:`."""
        return self._texts.get(id) or self._texts.get(id.removeprefix("sha256:"))

    def has(self, text: str) -> bool:
        if len(text) > LARGEST_TEXT:
            return False
        if text in self._exact:
            return True
        hash = sha256(text.encode()).digest()
        if hash in self._variants:
            return True
        if not self._equals_listed(text):
            return False
        self._variants.put(hash, None)
        return True

    def _equals_listed(self, text: str) -> bool:
        try:
            return _normalized_hash(parse(text, max_tokens=MOST_TOKENS)) in self._normalized_hashes
        except GraphQLError:
            return False


def read_trusted(path: Path, others: Iterable[str] = ()) -> Trusted:
    """The trusted documents of a file, and `others`. TrustedInvalid for a file without a list of operations."""
    try:
        texts = dict(_texts_of(read_json(path)))
        return Trusted(texts, others)
    except Unreadable as fault:
        raise TrustedInvalid(f"The trusted documents {path} cannot be used: {fault}") from fault
    except GraphQLError as fault:
        raise TrustedInvalid(f"The trusted documents {path} cannot be used: {fault.message}") from fault


def _texts_of(content: Json) -> Iterable[tuple[str, str]]:
    if not is_object(content):
        raise Unreadable("this is an object of texts by their ids, or Apollo's manifest.")
    if content.get("format") == _MANIFEST:
        operations = content.get("operations")
        for operation in operations if is_array(operations) else []:
            id, body = (operation.get("id"), operation.get("body")) if is_object(operation) else (None, None)
            if not isinstance(id, str) or not isinstance(body, str):
                raise Unreadable("an operation of the manifest has no `id` or no `body`.")
            yield id, body
        return
    for id, text in content.items():
        if not isinstance(text, str):
            raise Unreadable(f"`{id[:100]}` has no text.")
        yield id, text


class _RemoveTypenames(Visitor):
    """Removes each `__typename` beside other fields: clients add the field for their caches."""

    def enter_selection_set(self, node: SelectionSetNode, *_: object) -> SelectionSetNode | None:
        others = tuple(selection for selection in node.selections if not _is_typename(selection))
        if not others or len(others) == len(node.selections):
            return None
        return SelectionSetNode(selections=others)


def _is_typename(node: object) -> bool:
    return isinstance(node, FieldNode) and node.name.value == "__typename" and not (node.alias or node.directives)


def _normalized_hash(document: DocumentNode) -> bytes:
    normalized: DocumentNode = visit(document, _RemoveTypenames())
    definitions = sorted(print_ast(definition) for definition in normalized.definitions)
    return sha256("\n".join(definitions).encode()).digest()
