"""Automatic persisted queries: operations that a client names by the hash of the text, as Apollo's link does.

A client sends the hash alone. Where the server does not know the hash, the client sends hash and text, and afterwards
the hash alone. The store belongs to this process and is bounded in entries and bytes. The store takes valid texts of
authenticated callers. A hash that the store dropped, or that only another server knows, costs the client one more
request.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import NamedTuple

from ...models.bounded_cache import BoundedCache
from ...models.errors import DocumentNotTrusted, NotSignedIn, PersistedQueryNotFound, RequestRefused
from ...models.json import is_object
from ...models.visibility import ANONYMOUS, Caller
from .documents import LARGEST_TEXT
from .trusted import Trusted

MOST_TEXTS = 5_000
LARGEST_STORE = 16 * 1024 * 1024  # bytes of all texts, at four bytes a character


class OperationText(NamedTuple):
    """The text of an operation, and the hash to store the text by, if the client sent one."""

    text: str | None
    hash: str | None = None


class Persisted:
    """Texts by hash; the least recently used text goes first. Trusted documents always stay."""

    def __init__(self, trusted: Trusted | None = None, most: int = MOST_TEXTS, largest: int = LARGEST_STORE) -> None:
        self.trusted = trusted
        self._texts: BoundedCache[str, str] = BoundedCache(most=most, room=largest)

    @property
    def bytes(self) -> int:
        return self._texts.weight

    def __len__(self) -> int:
        return len(self._texts)

    def text_of(self, text: str | None, extensions: Mapping[str, object] | None, caller: Caller) -> OperationText:
        """The text to execute. PersistedQueryNotFound, DocumentNotTrusted or RequestRefused where there is none.

        NotSignedIn for a hash of an anonymous caller, without a look-up. Trusted documents do not restrict `login`,
        the only operation of anonymous callers.
        """
        operation = self._resolve_hash(text, extensions, caller)
        if self.trusted is not None and caller is not ANONYMOUS and not self.trusted.has(operation.text or ""):
            raise DocumentNotTrusted
        return operation

    def _resolve_hash(self, text: str | None, extensions: Mapping[str, object] | None, caller: Caller) -> OperationText:
        entry = (extensions or {}).get("persistedQuery")
        if entry is None:
            return OperationText(text)
        hash = entry.get("sha256Hash") if is_object(entry) else None
        if not is_object(entry) or entry.get("version") != 1 or not isinstance(hash, str):
            raise RequestRefused("`extensions.persistedQuery` must be {version: 1, sha256Hash: text}.")
        if text is None:
            return OperationText(self._find(hash, caller))
        if caller is ANONYMOUS or len(text) > LARGEST_TEXT:
            return OperationText(text)  # `read` refuses a text of this length
        if self.trusted is None and hash.lower() != sha256(text.encode()).hexdigest():
            raise RequestRefused("The `sha256Hash` of `extensions.persistedQuery` is not that of `query`.")
        return OperationText(text, hash.lower())

    def _find(self, hash: str, caller: Caller) -> str:
        if caller is ANONYMOUS:
            raise NotSignedIn
        text = self._texts.get(hash.lower()) if self.trusted is None else self.trusted.get(hash)
        if text is None:
            raise PersistedQueryNotFound
        return text

    def store(self, operation: OperationText) -> None:
        """Store a valid text. Where documents must be trusted, the store takes no text."""
        if (
            operation.hash is None
            or operation.text is None
            or operation.hash in self._texts
            or self.trusted is not None
        ):
            return
        self._texts.put(operation.hash, operation.text, 4 * len(operation.text) + len(operation.hash))
