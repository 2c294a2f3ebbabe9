"""What a field of Query, Mutation or Subscription needs: declared beside it, and checked before it is resolved."""

import inspect
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Any

from graphql import DocumentNode, FieldNode, GraphQLError, OperationDefinitionNode
from strawberry.extensions import FieldExtension, SchemaExtension
from strawberry.extensions.field_extension import AsyncExtensionResolver, SyncExtensionResolver

from ..models.access import NOBODY
from ..models.errors import NotAllowed, NotSignedIn
from ..models.methods import METHODS, granted_by
from .context import Asked, renewed

PUBLIC_FIELDS = ("__typename", "login")


class Needs(FieldExtension):
    """`method` is the documented one that the caller's roles must allow; None: whoever is signed in may."""

    def __init__(self, method: str | None) -> None:
        if method is not None and method not in METHODS:
            raise LookupError(f"models/methods.py does not have {method!r}")
        self.method = method

    def check(self, info: Asked) -> None:
        caller = info.context["caller"]
        if caller is NOBODY:
            raise NotSignedIn
        if self.method is not None and self.method not in caller.methods:
            raise NotAllowed(self.method, granted_by(self.method))

    def resolve(self, next_: SyncExtensionResolver, source: Any, info: Asked, **arguments: Any) -> Any:
        self.check(info)
        return next_(source, info, **arguments)

    async def resolve_async(self, next_: AsyncExtensionResolver, source: Any, info: Asked, **arguments: Any) -> Any:
        self.check(info)
        resolved = next_(source, info, **arguments)
        return self._while_allowed(resolved, info) if inspect.isasyncgen(resolved) else await resolved

    async def _while_allowed(self, events: AsyncGenerator[Any], info: Asked) -> AsyncGenerator[Any]:
        """A subscription goes on for days: it ends with the token, the account or the role that it was allowed by."""
        async with aclosing(events):
            async for event in events:
                info.context.update(await renewed(info.context))
                self.check(info)
                yield event


class Public(FieldExtension):
    """The declaration of a field that needs nothing; PUBLIC_FIELDS lets it through."""


def needs(method: str) -> list[FieldExtension]:
    return [Needs(method)]


SIGNED_IN: list[FieldExtension] = [Needs(None)]
PUBLIC: list[FieldExtension] = [Public()]


class NobodyIsTold(SchemaExtension):
    """Refuses operations of who is not signed in before they are validated: not even the schema is told."""

    def on_validate(self) -> Iterator[None]:
        asked = self.execution_context
        caller = asked.context["caller"] if asked.context else NOBODY
        if caller is NOBODY and asked.graphql_document is not None and not _is_public(asked.graphql_document):
            fault = NotSignedIn()
            asked.pre_execution_errors = [GraphQLError(fault.message, original_error=fault)]
        yield


def _is_public(document: DocumentNode) -> bool:
    """A fragment is not: what is wrong with it would be told in the words of the schema."""
    return all(
        isinstance(operation, OperationDefinitionNode)
        and all(
            isinstance(field, FieldNode) and field.name.value in PUBLIC_FIELDS
            for field in operation.selection_set.selections
        )
        for operation in document.definitions
    )
