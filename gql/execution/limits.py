"""Limits of GraphQL operations: size, depth, introspection, values and cost, all checked before execution."""

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import (
    DefinitionNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
    VariableNode,
    get_named_type,
    type_from_ast,  # pyright: ignore[reportUnknownVariableType] -- its overloads are partial
)

from ...models.json import JsonObject, is_array, is_object

DEEPEST = 20
MOST_AT_ROOT = 200  # fields, each of which may read the database or execute a mutation
MOST_INTROSPECTED = 300_000  # parts of the schema; the introspection of the whole schema by tools is less than half
MOST_VALUES = 20_000  # in variables, without the contents of JSON scalars
MOST_FIELDS = 5000
MOST_FRAGMENTS = 200  # the rules of the specification compare every pair of fragments
MOST_TOKENS = 10_000

_Size = tuple[int, int]  # fields, depth
_INTROSPECTION_WEIGHTS = {"__typename": 0, "__schema": 40, "__type": 4}  # of fields at the root
_INTROSPECTION_LISTS = {  # a rough count of the entries of an introspection list
    "fields": 8,
    "args": 2,
    "inputFields": 8,
    "enumValues": 5,
    "possibleTypes": 2,
    "interfaces": 1,
    "directives": 5,
}


class SelectionLimit(ValidationRule):
    """Refuses operations with more than MOST_FIELDS fields; a fragment counts at every spread."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        definitions = context.document.definitions
        self._fragments = {node.name.value: node for node in definitions if isinstance(node, FragmentDefinitionNode)}
        self._sizes: dict[str, _Size] = {}
        if len(self._fragments) > MOST_FRAGMENTS:
            message = f"This document has {len(self._fragments)} fragments; the limit is {MOST_FRAGMENTS}."
            context.report_error(GraphQLError(message))
            return
        try:
            self._check_sizes(definitions)
        except RecursionError:  # deeply nested fragments, with fields around each
            context.report_error(GraphQLError(f"This operation is too deep; the limit is {DEEPEST} levels."))

    def _check_sizes(self, definitions: Sequence[DefinitionNode]) -> None:
        context = self.context
        for node in definitions:
            if isinstance(node, OperationDefinitionNode):
                fields, depth = self._size(node.selection_set)
                if fields > MOST_FIELDS:
                    message = f"This operation selects {fields} fields; the limit is {MOST_FIELDS}."
                    context.report_error(GraphQLError(message, node))
                if depth > DEEPEST:
                    message = f"This operation is {depth} levels deep; the limit is {DEEPEST}."
                    context.report_error(GraphQLError(message, node))
                self._check_root(node)

    def _check_root(self, operation: OperationDefinitionNode) -> None:
        fields, parts = self._count_root(operation.selection_set, {}, {})
        if fields > MOST_AT_ROOT:
            message = f"This operation asks {fields} fields at its root; the limit is {MOST_AT_ROOT}."
            self.context.report_error(GraphQLError(message, operation))
        if parts > MOST_INTROSPECTED:
            message = f"This operation unfolds into {parts} parts of the schema; the limit is {MOST_INTROSPECTED}."
            self.context.report_error(GraphQLError(message, operation))

    def _count_root(
        self, selections: SelectionSetNode | None, known: dict[str, _Size], inside: dict[str, int]
    ) -> _Size:
        """The number of fields at the root, and of the parts of the schema that introspection returns.

        `known` and `inside` cache the numbers of fragments, at the root and below the root.
        """
        fields = parts = 0
        for selection in selections.selections if selections else ():
            if isinstance(selection, FieldNode):
                name = selection.name.value
                parts += self._count_parts(selection.selection_set, inside) if name in _INTROSPECTION_WEIGHTS else 0
                fields += _INTROSPECTION_WEIGHTS.get(name, 1)
                continue
            if isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                if name not in known:
                    known[name] = (0, 0)  # another rule refuses a cycle
                    if name in self._fragments:
                        known[name] = self._count_root(self._fragments[name].selection_set, known, inside)
                found = known[name]
            elif isinstance(selection, InlineFragmentNode):
                found = self._count_root(selection.selection_set, known, inside)
            else:
                continue
            fields, parts = fields + found[0], parts + found[1]
        return fields, parts

    def _count_parts(self, selections: SelectionSetNode | None, known: dict[str, int]) -> int:
        parts = 0
        for selection in selections.selections if selections else ():
            if isinstance(selection, FieldNode):
                name = selection.name.value
                each = len(self.context.schema.type_map) if name == "types" else _INTROSPECTION_LISTS.get(name, 1)
                parts += 1 + each * self._count_parts(selection.selection_set, known)
            elif isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                if name not in known:
                    known[name] = 0  # another rule refuses a cycle
                    if name in self._fragments:
                        known[name] = self._count_parts(self._fragments[name].selection_set, known)
                parts += known[name]
            elif isinstance(selection, InlineFragmentNode):
                parts += self._count_parts(selection.selection_set, known)
        return parts

    def _size(self, selections: SelectionSetNode | None) -> _Size:
        fields = depth = 0
        for selection in selections.selections if selections else ():
            if isinstance(selection, FragmentSpreadNode):
                inner = self._fragment_size(selection.name.value)
            else:
                own: Any = getattr(selection, "selection_set", None)
                inner = self._size(own)
                if isinstance(selection, FieldNode):
                    inner = (inner[0] + 1, inner[1] + 1)
            fields, depth = fields + inner[0], max(depth, inner[1])
        return fields, depth

    def _fragment_size(self, name: str) -> _Size:
        if name not in self._sizes:
            self._sizes[name] = (0, 0)  # another rule refuses a fragment that spreads itself
            if name in self._fragments:
                self._sizes[name] = self._size(self._fragments[name].selection_set)
        return self._sizes[name]


class NoIncrementalDelivery(ValidationRule):
    """Refuses `@defer` and `@stream`, which would split an answer."""

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        if (name := node.name.value) in ("defer", "stream"):
            message = (
                f"`@{name}` is not supported: every answer comes in one piece. Remove the directive, or select "
                "the slow fields in a separate operation."
            )
            self.report_error(GraphQLError(message, node))


def check_values(schema: GraphQLSchema, operation: OperationDefinitionNode, variables: Mapping[str, object]) -> None:
    """GraphQLError for more than MOST_VALUES: the library visits each value, and may name each in an error."""
    left = MOST_VALUES
    waiting: list[tuple[Any, object]] = [
        (type_from_ast(schema, definition.type), variables[name])
        for definition in operation.variable_definitions or ()
        if (name := definition.variable.name.value) in variables
    ]
    while waiting and left >= 0:
        type, value = waiting.pop()
        type = _nullable(type)
        if _is_list(type) and is_array(value):
            left -= len(value)
            waiting += [(type.of_type, item) for item in value[: max(left, 0)]]
        elif isinstance(type, GraphQLInputObjectType) and is_object(value):
            left -= len(value)
            waiting += [(type.fields[key].type, value[key]) for key in type.fields if key in value]
    if left < 0:
        message = f"The variables have more than {MOST_VALUES} values of types other than JSON. Send fewer at a time."
        raise GraphQLError(message)


def _nullable(type: Any) -> Any:
    return type.of_type if type.__class__ is GraphQLNonNull else type


def _is_list(type: Any) -> bool:
    return isinstance(type, GraphQLList)


MOST_COST = 1_000_000
DEFAULT_PAGE = 25
LIST_FACTOR = 10
_PAGE_ARGUMENTS = ("first", "last", "limit")


class Cost:
    """The cost of one operation of a document, with the values of the variables."""

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
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._known: dict[tuple[str, bool], int] = {}
        root = schema.get_root_type(operation.operation)
        self.total = self._cost_of(operation.selection_set, root, paged=False)

    @property
    def extensions(self) -> JsonObject:
        """The `extensions` of an answer."""
        return {"cost": self.total, "limit": MOST_COST}

    def check(self) -> None:
        """GraphQLError for a cost above MOST_COST."""
        if self.total > MOST_COST:
            raise GraphQLError(
                f"This operation costs {self.total:,}; the limit is {MOST_COST:,}. Ask for smaller pages, or "
                "for fewer fields of each entry.",
                extensions=self.extensions,
            )

    def _cost_of(self, selections: SelectionSetNode | None, of: Any, *, paged: bool) -> int:
        """The cost of the selections. `paged`: the lists at this level are the entries of a page that is counted
        already.
        """
        total = 0
        for selection in selections.selections if selections else ():
            if isinstance(selection, FieldNode):
                total += 1 + self._cost_below(selection, of, paged=paged)
            elif isinstance(selection, FragmentSpreadNode):
                total += self._fragment_cost(selection.name.value, paged=paged)
            elif isinstance(selection, InlineFragmentNode):
                named = selection.type_condition
                inner = self._schema.get_type(named.name.value) if named else of
                total += self._cost_of(selection.selection_set, inner, paged=paged)
        return total

    def _fragment_cost(self, name: str, *, paged: bool) -> int:
        key = name, paged
        if key not in self._known:
            self._known[key] = 0  # another rule refuses a fragment that spreads itself
            if (fragment := self._fragments.get(name)) is not None:
                of = self._schema.get_type(fragment.type_condition.name.value)
                self._known[key] = self._cost_of(fragment.selection_set, of, paged=paged)
        return self._known[key]

    def _cost_below(self, field: FieldNode, of: Any, *, paged: bool) -> int:
        """The cost of the selections of a field, times the number of objects that the field may return."""
        fields: dict[str, GraphQLField] = getattr(of, "fields", {})
        definition = fields.get(field.name.value)
        if field.selection_set is None or definition is None:
            return 0
        has_page = any(name in definition.args for name in _PAGE_ARGUMENTS)
        of_field: Any = getattr(definition, "type")  # noqa: B009 -- graphql-core leaves its type open
        below = self._cost_of(field.selection_set, get_named_type(of_field), paged=has_page)
        if has_page:
            return below * self._page_size(field)
        return below * LIST_FACTOR if _returns_list(of_field) and not paged else below

    def _page_size(self, field: FieldNode) -> int:
        for argument in field.arguments or ():
            if argument.name.value in _PAGE_ARGUMENTS:
                value: object = None
                if isinstance(argument.value, IntValueNode):
                    value = int(argument.value.value)
                elif isinstance(argument.value, VariableNode):
                    value = self._variables.get(argument.value.name.value)
                if isinstance(value, int):
                    return max(value, 1)
        return DEFAULT_PAGE


def _returns_list(type: Any) -> bool:
    inner: Any = type.of_type if type.__class__ is GraphQLNonNull else type
    return inner.__class__ is GraphQLList
