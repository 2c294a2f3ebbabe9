"""Password hashes: argon2id. A hash takes time and 64 MB on purpose, so that few are computed at once."""

import asyncio
from functools import cached_property
from secrets import token_urlsafe

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 2


class Passwords:
    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def hash_password(self, password: str) -> str:
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, password: str, known: str | None) -> bool:
        """Whether the password has this hash. Without a hash the answer is False, after the same time."""
        async with self._turn:
            fits = await asyncio.to_thread(self._verify, password, known or self.unknown_hash)
        return fits and known is not None

    def is_outdated(self, known: str) -> bool:
        """Whether the hash was made with weaker parameters than new ones."""
        return self._hasher.check_needs_rehash(known)

    @cached_property
    def unknown_hash(self) -> str:
        """The hash of a random password, for the check of accounts that do not exist."""
        return self._hasher.hash(token_urlsafe())

    def _verify(self, password: str, known: str) -> bool:
        try:
            return self._hasher.verify(known, password)
        except (VerificationError, InvalidHashError):
            return False
