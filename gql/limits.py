"""How large a GraphQL request may be.

The rule is one class, built once: a rule class per request would make every request miss the cache of validated
operations. It counts through fragments without expanding them, so a small document that unfolds into millions of
fields costs no more than any other to refuse.
"""

from collections.abc import Callable
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
)
from strawberry.extensions import AddValidationRules, MaxTokensLimiter, ParserCache, SchemaExtension, ValidationCache

from .needs import NobodyIsTold

DEEPEST = 20
MOST_FIELDS = 5000
MOST_TOKENS = 10_000
REMEMBERED = 500

_Size = tuple[int, int]  # fields, depth


class SelectionLimit(ValidationRule):
    """Refuse operations that select more than MOST_FIELDS fields, fragments counted wherever they are spread."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        definitions = context.document.definitions
        self._fragments = {node.name.value: node for node in definitions if isinstance(node, FragmentDefinitionNode)}
        self._sizes: dict[str, _Size] = {}
        for node in definitions:
            if isinstance(node, OperationDefinitionNode):
                fields, depth = self._size(node.selection_set)
                if fields > MOST_FIELDS:
                    message = f"This operation selects {fields} fields; the limit is {MOST_FIELDS}."
                    context.report_error(GraphQLError(message, node))
                if depth > DEEPEST:
                    message = f"This operation is {depth} levels deep; the limit is {DEEPEST}."
                    context.report_error(GraphQLError(message, node))

    def _size(self, selections: SelectionSetNode | None) -> _Size:
        fields = depth = 0
        for selection in selections.selections if selections else ():
            if isinstance(selection, FragmentSpreadNode):
                inner = self._of_fragment(selection.name.value)
            else:
                own: Any = getattr(selection, "selection_set", None)
                inner = self._size(own)
                if isinstance(selection, FieldNode):
                    inner = (inner[0] + 1, inner[1] + 1)
            fields, depth = fields + inner[0], max(depth, inner[1])
        return fields, depth

    def _of_fragment(self, name: str) -> _Size:
        if name not in self._sizes:
            self._sizes[name] = (0, 0)  # a fragment that spreads itself is refused by another rule
            if name in self._fragments:
                self._sizes[name] = self._size(self._fragments[name].selection_set)
        return self._sizes[name]


def limits() -> list[Callable[[], SchemaExtension]]:
    """Factories of the limits, and of the caches of parsed and validated operations that stand before them."""
    return [
        lambda: MaxTokensLimiter(MOST_TOKENS),
        lambda: AddValidationRules([SelectionLimit]),
        lambda: ParserCache(REMEMBERED),
        lambda: ValidationCache(REMEMBERED),
        NobodyIsTold,  # after the cache, whose answer it overrides
    ]
