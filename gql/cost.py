"""What an operation costs, known before anything of it is worked: its fields, each as often as a page may have it.

Every field counts one. What is below a list counts as often as the list may have entries: those that its `first`,
`last` or `limit` asks for, else DEFAULT_PAGE; lists without a page count OF_A_LIST. Introspection has a limit of its
own.
"""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)

from ..models.json import JsonObject

MOST_COST = 1_000_000
DEFAULT_PAGE = 25
OF_A_LIST = 10
_PAGES = ("first", "last", "limit")


class Cost:
    """Of one operation of a document, with the values of its variables."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Mapping[str, object],
    ) -> None:
        self._schema = schema
        self._variables = variables
        self._fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }
        self._known: dict[tuple[str, bool], int] = {}
        root = schema.get_root_type(operation.operation)
        self.total = self._below(operation.selection_set, root, paged=False)

    @property
    def told(self) -> JsonObject:
        """As it stands in the `extensions` of an answer."""
        return {"cost": self.total, "limit": MOST_COST}

    def check(self) -> None:
        """GraphQLError for more than an operation may cost."""
        if self.total > MOST_COST:
            raise GraphQLError(
                f"This operation costs {self.total:,}; the limit is {MOST_COST:,}. Ask for smaller pages, or for less "
                "of each entry.",
                extensions=self.told,
            )

    def _below(self, selections: SelectionSetNode | None, of: Any, *, paged: bool) -> int:
        """`paged`: the lists right here are those of the page that is counted already."""
        total = 0
        for selection in selections.selections if selections else ():
            if isinstance(selection, FieldNode):
                total += 1 + self._times(selection, of, paged=paged)
            elif isinstance(selection, FragmentSpreadNode):
                total += self._of_fragment(selection.name.value, paged=paged)
            elif isinstance(selection, InlineFragmentNode):
                named = selection.type_condition
                inner = self._schema.get_type(named.name.value) if named else of
                total += self._below(selection.selection_set, inner, paged=paged)
        return total

    def _of_fragment(self, name: str, *, paged: bool) -> int:
        key = name, paged
        if key not in self._known:
            self._known[key] = 0  # what spreads itself is refused by another rule
            if (fragment := self._fragments.get(name)) is not None:
                of = self._schema.get_type(fragment.type_condition.name.value)
                self._known[key] = self._below(fragment.selection_set, of, paged=paged)
        return self._known[key]

    def _times(self, field: FieldNode, of: Any, *, paged: bool) -> int:
        """What is below a field, as often as it may be there."""
        fields: dict[str, GraphQLField] = getattr(of, "fields", {})
        definition = fields.get(field.name.value)
        if field.selection_set is None or definition is None:
            return 0
        has_page = any(name in definition.args for name in _PAGES)
        of_field: Any = getattr(definition, "type")  # noqa: B009 -- graphql-core leaves its type open
        below = self._below(field.selection_set, get_named_type(of_field), paged=has_page)
        if has_page:
            return below * self._page(field)
        return below * OF_A_LIST if _is_list(of_field) and not paged else below

    def _page(self, field: FieldNode) -> int:
        for argument in field.arguments or ():
            if argument.name.value in _PAGES:
                value: object = None
                if isinstance(argument.value, IntValueNode):
                    value = int(argument.value.value)
                elif isinstance(argument.value, VariableNode):
                    value = self._variables.get(argument.value.name.value)
                if isinstance(value, int):
                    return max(value, 1)
        return DEFAULT_PAGE


def _is_list(type: Any) -> bool:
    inner: Any = type.of_type if type.__class__ is GraphQLNonNull else type
    return inner.__class__ is GraphQLList
