"""Passwords as they are kept: argon2id. Hashing takes time and 64 MB on purpose, so few are hashed at once."""

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
        """Whether it is the password with this hash; without one it takes as long to say no."""
        async with self._turn:
            fits = await asyncio.to_thread(self._verify, password, known or self.unknown_hash)
        return fits and known is not None

    def is_outdated(self, known: str) -> bool:
        """Whether a hash was made with less work than new ones are."""
        return self._hasher.check_needs_rehash(known)

    @cached_property
    def unknown_hash(self) -> str:
        """The hash of a password that nobody knows."""
        return self._hasher.hash(token_urlsafe())

    def _verify(self, password: str, known: str) -> bool:
        try:
            return self._hasher.verify(known, password)
        except (VerificationError, InvalidHashError):
            return False
