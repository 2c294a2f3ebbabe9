"""The rate limit of failed sign-ins, by account and address: it slows guesses down, and locks no owner out."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from weakref import WeakValueDictionary

from ...models.documents.account import SignInAttempts
from ...models.documents.moments import moment
from ...models.documents.shapes.accounts import SignInAttemptsDocument
from ...models.errors import SignInRefused, TooManyAttempts
from ..clock import Clock
from ..store.collections import Update, collection_of

FREE = 5  # failures of an account at an address without a wait
FREE_OF_GUESSED = 1  # the same at a new address, for an account under attack
LONGEST_WAIT = 60_000  # milliseconds
QUIET = 15 * 60 * 1000  # without a failure, until earlier failures are forgotten
FREE_OF_KNOWN = 10  # failures at an address from which the account signed in before
LONGEST_WAIT_OF_KNOWN = 2_000
REMEMBERED = 30 * 24 * 3600 * 1000
WINDOW = 5 * 60 * 1000
MOST_OF_ACCOUNT = 50  # failures at new addresses within WINDOW: with more, the account is under attack
MOST_OF_ADDRESS = 100  # failures of all accounts at an address within WINDOW: with more, the address has to wait
WAIT_OF_ADDRESS = 1_000
PATIENCE = 2_000  # the longest wait that the server waits itself, instead of refusing the attempt
AT_ONCE = 8  # of an address
MOST_WAITING = 100  # of an account at an address, or of an address


@dataclass(frozen=True)
class _Failures:
    """The stored failures: `pair` of the account at the address, `address` and `account` of each alone, in the window.

    Each has `failures` and `last`, the moment of the last one (epoch milliseconds); `pair` also has `succeeded`.
    """

    pair: SignInAttemptsDocument
    address: SignInAttemptsDocument
    account: SignInAttemptsDocument

    def is_known(self, now: int) -> bool:
        return now - self.pair.get("succeeded", 0) < REMEMBERED

    def wait(self, now: int) -> int:
        """The milliseconds to wait from now on; 0 for none."""
        if self.is_known(now):
            return _remaining_wait(self.pair, now, _delay(self.pair, FREE_OF_KNOWN, LONGEST_WAIT_OF_KNOWN))
        guessed = self.account.get("failures", 0) >= MOST_OF_ACCOUNT
        wait = _remaining_wait(self.pair, now, _delay(self.pair, FREE_OF_GUESSED if guessed else FREE, LONGEST_WAIT))
        if self.address.get("failures", 0) >= MOST_OF_ADDRESS:
            wait = max(wait, _remaining_wait(self.address, now, WAIT_OF_ADDRESS))
        return wait


class SignInLimiter:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._turns: WeakValueDictionary[str, _Turns] = WeakValueDictionary()

    @asynccontextmanager
    async def attempt(self, account: str, address: str) -> AsyncGenerator[None]:
        """Around the check of a secret: SignInRefused in the block counts as a failure. TooManyAttempts if it is too
        early for an attempt.
        """
        network = _network(address)
        pair = _key("pair", account, network)
        async with self._turn(pair, 1):
            waited = False
            while True:
                async with self._turn(_key("network", network), AT_ONCE):
                    now = self._clock.now()
                    keys = (pair, _key("address", network, now // WINDOW), _key("account", account, now // WINDOW))
                    counted = await _read(keys)
                    wait = counted.wait(now)
                    if not wait:
                        try:
                            yield
                        except SignInRefused:
                            await self._count(keys, counted)
                            raise
                        await self._remember(pair, counted)
                        return
                if waited or wait > PATIENCE:
                    raise TooManyAttempts(-(-wait // 1000))
                await self._clock.sleep_until(now + wait)
                waited = True

    @asynccontextmanager
    async def _turn(self, key: str, at_once: int) -> AsyncGenerator[None]:
        turns = self._turns.get(key)
        if turns is None:
            turns = self._turns[key] = _Turns(at_once)
        if turns.waiting >= MOST_WAITING:
            raise TooManyAttempts(1)
        turns.waiting += 1
        try:
            await turns.places.acquire()
        finally:
            turns.waiting -= 1
        try:
            yield
        finally:
            turns.places.release()

    async def _count(self, keys: tuple[str, str, str], counted: _Failures) -> None:
        now = self._clock.now()
        pair, *others = keys
        again = now - counted.pair.get("last", 0) < QUIET
        known = counted.is_known(now)
        until = counted.pair.get("succeeded", 0) + REMEMBERED if known else now + QUIET
        seen: Update = {"last": now, "expires": moment(until)}
        await _update(pair, {"$inc": {"failures": 1}, "$set": seen} if again else {"$set": {**seen, "failures": 1}})
        if not known:
            later = {"last": now, "expires": moment(now + WINDOW)}
            for key in others:
                await _update(key, {"$inc": {"failures": 1}, "$set": later})

    async def _remember(self, pair: str, counted: _Failures) -> None:
        """Store a success: only the first one of a day, and a success that resets failures."""
        now = self._clock.now()
        if counted.pair.get("failures") or now - counted.pair.get("succeeded", 0) > REMEMBERED // 30:
            seen = {"failures": 0, "succeeded": now, "expires": moment(now + REMEMBERED)}
            await _update(pair, {"$set": seen})


class _Turns:
    def __init__(self, at_once: int) -> None:
        self.places = asyncio.Semaphore(at_once)
        self.waiting = 0


def _delay(stored: SignInAttemptsDocument, free: int, longest: int) -> int:
    """After `free` failures 1 s, and twice as much for each one more."""
    over = stored.get("failures", 0) - free
    return 0 if over < 0 else min(1000 * 2 ** min(over, 20), longest)


def _remaining_wait(stored: SignInAttemptsDocument, now: int, delay: int) -> int:
    return max(0, stored.get("last", 0) + delay - now) if delay else 0


async def _read(keys: tuple[str, str, str]) -> _Failures:
    found = {one["_id"]: one async for one in collection_of(SignInAttempts).find({"_id": {"$in": list(keys)}})}
    never: dict[str, SignInAttemptsDocument] = {key: {"_id": key} for key in keys}
    return _Failures(*({**never, **found}[key] for key in keys))


async def _update(key: str, update: Update) -> None:
    await collection_of(SignInAttempts).update_one({"_id": key}, update, upsert=True)


def _key(*parts: object) -> str:
    """A hash of the parts: a person may type a password as the name."""
    return sha256(repr(parts).encode()).hexdigest()


def _network(address: str) -> str:
    """The network of an IPv6 address: one customer has a whole network."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((known, 64), strict=False)) if isinstance(known, IPv6Address) else address
