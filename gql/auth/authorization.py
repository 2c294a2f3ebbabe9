"""The permission of a field of a root type: declared beside the field, checked before its resolver."""

import inspect
from collections.abc import AsyncGenerator
from contextlib import AbstractContextManager, aclosing, nullcontext
from typing import Any

from graphql import OperationType
from strawberry.extensions import FieldExtension
from strawberry.extensions.field_extension import AsyncExtensionResolver, SyncExtensionResolver

from ...models.errors import NotAllowed, NotSignedIn
from ...models.permissions import METHODS, granted_by
from ...models.visibility import ANONYMOUS
from ...resolvers.store.outage import retry_while_away
from ...resolvers.traces import is_on, span
from ..context import RequestInfo, refresh_caller
from ..execution.mutation_audit import audited
from ..execution.mutation_log import log_mutation


class RequirePermission(FieldExtension):
    """`method`: the documented method that a role of the caller must allow; None: every account may."""

    def __init__(self, method: str | None) -> None:
        if method is not None and method not in METHODS:
            raise LookupError(f"models/permissions.py does not have {method!r}")
        self.method = method

    def check(self, info: RequestInfo) -> None:
        if info.operation.operation is OperationType.MUTATION:
            info.context["services"].pulse.check()  # a mutation must not run later, when the database is back
        caller = info.context["caller"]
        if caller is ANONYMOUS:
            raise NotSignedIn
        if self.method is not None and self.method not in caller.methods:
            raise NotAllowed(self.method, granted_by(self.method))

    def allows(self, info: RequestInfo) -> bool:
        """Whether `check` would not raise."""
        return self.method is None or self.method in info.context["caller"].methods

    def resolve(self, next_: SyncExtensionResolver, source: Any, info: RequestInfo, **arguments: Any) -> Any:
        with traced(info), log_mutation(info, arguments) as record:
            self.check(info)
            return record(next_(source, info, **arguments))

    async def resolve_async(
        self, next_: AsyncExtensionResolver, source: Any, info: RequestInfo, **arguments: Any
    ) -> Any:
        with traced(info), log_mutation(info, arguments) as record:
            self.check(info)
            if info.operation.operation is OperationType.MUTATION:
                async with audited(info, arguments) as conclude:
                    result = record(await next_(source, info, **arguments))
                    conclude(result)
                return result
            resolved = next_(source, info, **arguments)
            if not inspect.isasyncgen(resolved):
                return record(await resolved)
        return self._check_each_event(resolved, info)

    async def _check_each_event(self, events: AsyncGenerator[Any], info: RequestInfo) -> AsyncGenerator[Any]:
        """The events while the caller stays allowed: a subscription ends with the token, the account or the role."""
        async with aclosing(events):
            async for event in events:
                await info.context["services"].pulse.wait_back()  # the fields of the event read the database
                info.context.update(await retry_while_away(lambda: refresh_caller(info.context)))
                self.check(info)
                yield event


def traced(info: RequestInfo) -> AbstractContextManager[object]:
    """Around the resolver of a field of an operation: a part of the trace. Fields inside of lists are too many.

    The field begins a trace over a WebSocket alone: every other request has a span, but those of monitoring.
    """
    if not is_on() or info.path.prev is not None:
        return nullcontext()
    name = f"{info.operation.operation.value} {info.field_name}"
    return span(name, begins=info.context["response"] is None)


class Public(FieldExtension):
    """Declares a public field. execution/anonymous.py lists the public fields again."""


def requires(method: str) -> list[FieldExtension]:
    return [RequirePermission(method)]


SIGNED_IN: list[FieldExtension] = [RequirePermission(None)]
PUBLIC: list[FieldExtension] = [Public()]
