"""What people and jobs give against JSON schemas of authors: at once where that is surely quick, else elsewhere.

A search of a pattern, a reference that unfolds or a comparison of large values cannot be stopped within this process.
What is done elsewhere is first tried for a moment, so that ten schemas that take for ever hold up nobody whose schema
takes a tenth of a second; only then it waits for its turn among those that take long. What once took longer than it may
is refused at once when it comes again.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from hashlib import blake2b
from typing import TypeAlias

from ...models.bounded_cache import BoundedCache
from ...models.errors import Fault
from ...models.json import Json, JsonObject, array_at, is_array, is_object, text_at
from ...models.language.errors import LanguageError
from ...models.schemas.checking import PreparedSchema, SchemaBroken
from .workers import Limits, NotInTime, UsedUp, Words, Workers

MOST_AT_ONCE = 2  # first tries, and as many of those that take long; the rest waits, and keeps no other request waiting
FIRST_TRY = 0.3  # seconds of the processor
LIMITS = Limits(cpu_seconds=2, seconds=20, memory=512 * 1024 * 1024)
REMEMBERED = 1_000  # checks that took longer than they may, and schemas that took longer than a first try
_WORDS = Words(
    "Checking this value",
    "simplify the schema's patterns and references, or give less",
    "simplify the schema's references and alternatives, or give less",
)

# Around what takes long: whoever asks gives up meanwhile what others wait for.
Aside: TypeAlias = Callable[[], AbstractAsyncContextManager[None]]


class SchemaChecks:
    def __init__(self, limits: Limits) -> None:
        self._first = Workers(limits, _WORDS, MOST_AT_ONCE)
        self._long = Workers(limits, _WORDS, MOST_AT_ONCE)
        self._slow: BoundedCache[bytes, None] = BoundedCache(most=REMEMBERED)  # digests of schemas
        # The reason by the digest of schema and value.
        self._refused: BoundedCache[bytes, str] = BoundedCache(most=REMEMBERED)

    async def check(
        self, schema: JsonObject, value: Json, aside: Aside = nullcontext, prepared: PreparedSchema | None = None
    ) -> list[Fault]:
        """What is wrong with the value; SchemaBroken, or a LanguageError where the limits do not suffice."""
        found = (prepared or PreparedSchema(schema)).check_at_once(value)
        if found is not None:
            return found
        async with aside():
            told = await self._told(schema, value)
        assert is_object(told), "the worker's answer"
        faults = [Fault(*map(str, fault)) for fault in array_at(told, "faults") if is_array(fault)]
        if broken := text_at(told, "broken"):
            raise SchemaBroken(broken, faults)
        return faults

    async def _told(self, schema: JsonObject, value: Json) -> Json:
        frame = await self._first.frame_aside({"language": "json schema", "schema": schema, "value": value})
        known, of_schema = _digest(frame), _digest(await self._first.frame_aside(schema))
        if (refused := self._refused.get(known)) is not None:
            raise UsedUp(refused)
        try:
            if of_schema not in self._slow:
                try:
                    return await self._first.ask_framed(frame, FIRST_TRY)
                except NotInTime:
                    self._slow.put(of_schema, None)
            return await self._long.ask_framed(frame)
        except UsedUp as refusal:
            self._refused.put(known, str(refusal.message))
            raise

    async def faults_of(
        self,
        schema: JsonObject,
        value: Json,
        what: str = "the workflow's inputSchema",
        aside: Aside = nullcontext,
        prepared: PreparedSchema | None = None,
    ) -> list[Fault]:
        """What is wrong with the value; a schema that cannot be applied to it is one fault, by `what`.

        `prepared` is the same schema.
        """
        try:
            return await self.check(schema, value, aside, prepared)
        except LanguageError as broken:
            found = broken.found if isinstance(broken, SchemaBroken) else []
            return [*found, Fault("schema", "", "#", f"{what} cannot be applied: {broken}")]

    async def close(self) -> None:
        await self._first.close()
        await self._long.close()


def _digest(frame: bytes) -> bytes:
    return blake2b(frame, digest_size=16).digest()


@asynccontextmanager
async def open_checks() -> AsyncGenerator[SchemaChecks]:
    """Its processes start when they are needed, and end with the block."""
    checks = SchemaChecks(LIMITS)
    try:
        yield checks
    finally:
        await checks.close()
