"""Operations that come as the hash of their text: automatic persisted queries, as Apollo's link asks for them.

A client sends the hash alone. Where the server does not know it, the client sends hash and text, and the hash alone
from then on. The store is of this process, bounded in entries and bytes; a text comes into it after it was found sound,
from who is signed in. A hash that was dropped, or that another server knows, costs the client one more request.
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
LARGEST_STORE = 16 * 1024 * 1024  # bytes of the texts together, four for each character


class OperationText(NamedTuple):
    """The text of an operation, and the hash that it is to be known by from now on, if any."""

    text: str | None
    hash: str | None = None


class Persisted:
    """Texts by their hashes; those that were asked for least recently go first. Trusted documents are always there."""

    def __init__(self, trusted: Trusted | None = None, most: int = MOST_TEXTS, largest: int = LARGEST_STORE) -> None:
        self.trusted = trusted
        self._texts: BoundedCache[str, str] = BoundedCache(most=most, room=largest)

    @property
    def bytes(self) -> int:
        return self._texts.weight

    def __len__(self) -> int:
        return len(self._texts)

    def text_of(self, text: str | None, extensions: Mapping[str, object] | None, caller: Caller) -> OperationText:
        """PersistedQueryNotFound, DocumentNotTrusted and RequestRefused for what is not to be run.

        NotSignedIn for the hash of nobody: it is not looked up. What nobody may ask, nobody may ask in any case.
        """
        asked = self._named(text, extensions, caller)
        if self.trusted is not None and caller is not ANONYMOUS and not self.trusted.has(asked.text or ""):
            raise DocumentNotTrusted
        return asked

    def _named(self, text: str | None, extensions: Mapping[str, object] | None, caller: Caller) -> OperationText:
        named = (extensions or {}).get("persistedQuery")
        if named is None:
            return OperationText(text)
        hash = named.get("sha256Hash") if is_object(named) else None
        if not is_object(named) or named.get("version") != 1 or not isinstance(hash, str):
            raise RequestRefused("`extensions.persistedQuery` must be {version: 1, sha256Hash: text}.")
        if text is None:
            return OperationText(self._find(hash, caller))
        if caller is ANONYMOUS or len(text) > LARGEST_TEXT:
            return OperationText(text)  # the latter is refused when it is read
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

    def keep(self, asked: OperationText) -> None:
        """What was found sound. Trusted documents are known already, and nothing else comes beside them."""
        if asked.hash is None or asked.text is None or asked.hash in self._texts or self.trusted is not None:
            return
        self._texts.put(asked.hash, asked.text, 4 * len(asked.text) + len(asked.hash))
