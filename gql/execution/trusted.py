"""Trusted documents: a list of operations that is all that a server runs for who asks over GraphQL.

The tools that build front ends write such lists: Relay and GraphQL Code Generator an object of texts by their ids,
Apollo a manifest. An operation is run when it comes by its id, or as a text that is one of the list, whatever
its white space, the order of its definitions and the `__typename`s that a client adds for its cache.
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

MOST_RECOGNIZED = 10_000
_MANIFEST = "apollo-persisted-query-manifest"


class TrustedInvalid(Exception):
    """The file cannot be used; the message says why."""


class Trusted:
    def __init__(self, texts: dict[str, str], beside: Iterable[str] = ()) -> None:
        """Those `beside` the list have no ids in it. GraphQLError for a text that is none."""
        self._texts = texts
        self._exact = frozenset([*texts.values(), *beside])
        self._shapes = frozenset(_shape(parse(text, max_tokens=MOST_TOKENS)) for text in self._exact)
        # Hashes of texts that are written in another way.
        self._recognized: BoundedCache[bytes, None] = BoundedCache(most=MOST_RECOGNIZED)

    def __len__(self) -> int:
        return len(self._texts)

    def get(self, id: str) -> str | None:
        """By its id; hashes are found with the name of their algorithm before them, too."""
        return self._texts.get(id) or self._texts.get(id.removeprefix("sha256:"))

    def has(self, text: str) -> bool:
        if len(text) > LARGEST_TEXT:
            return False
        if text in self._exact:
            return True
        hash = sha256(text.encode()).digest()
        if hash in self._recognized:
            return True
        if not self._is_alike(text):
            return False
        self._recognized.put(hash, None)
        return True

    def _is_alike(self, text: str) -> bool:
        try:
            return _shape(parse(text, max_tokens=MOST_TOKENS)) in self._shapes
        except GraphQLError:
            return False


def read_trusted(path: Path, beside: Iterable[str] = ()) -> Trusted:
    """TrustedInvalid for a file that holds no list of operations. What is `beside` it is trusted as well."""
    try:
        texts = dict(_texts_of(read_json(path)))
        return Trusted(texts, beside)
    except Unreadable as fault:
        raise TrustedInvalid(f"The trusted documents {path} cannot be used: {fault}") from fault
    except GraphQLError as fault:
        raise TrustedInvalid(f"The trusted documents {path} cannot be used: {fault.message}") from fault


def _texts_of(content: Json) -> Iterable[tuple[str, str]]:
    if not is_object(content):
        raise Unreadable("this is an object of texts by their ids, or Apollo's manifest.")
    if content.get("format") == _MANIFEST:
        operations = content.get("operations")
        for one in operations if is_array(operations) else []:
            id, body = (one.get("id"), one.get("body")) if is_object(one) else (None, None)
            if not isinstance(id, str) or not isinstance(body, str):
                raise Unreadable("an operation of the manifest has no `id` or no `body`.")
            yield id, body
        return
    for id, text in content.items():
        if not isinstance(text, str):
            raise Unreadable(f"`{id[:100]}` has no text.")
        yield id, text


class _Typenames(Visitor):
    """Takes away those that a cache may have asked for; what would be empty without them keeps them."""

    def enter_selection_set(self, node: SelectionSetNode, *_: object) -> SelectionSetNode | None:
        others = tuple(one for one in node.selections if not _is_typename(one))
        if not others or len(others) == len(node.selections):
            return None
        return SelectionSetNode(selections=others)


def _is_typename(node: object) -> bool:
    return isinstance(node, FieldNode) and node.name.value == "__typename" and not (node.alias or node.directives)


def _shape(document: DocumentNode) -> bytes:
    without: DocumentNode = visit(document, _Typenames())
    definitions = sorted(print_ast(one) for one in without.definitions)
    return sha256("\n".join(definitions).encode()).digest()
