"""Resolution of `$var` references and `{task, variable}` operands.

See reference/execution.md#references and #missing-values.

Every reader of references uses this module, also the check of workflows and the masking of secrets.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, TypeAlias, TypeGuard, cast

from ..json import Json, JsonObject, array_at, is_array, is_object, object_at, text_at
from ..json_pointers import keys_of
from ..language.errors import LanguageError
from ..language.javascript.coercion import UNDEFINED
from .rules import DEFAULT_RULES, Rules
from .state import JobState

ENGINE_APP = "WorkFlowEngine"
JOB = "job"
STATIC = "static"

# Where references are resolved one level below the incoming value: the key of these tasks.
NESTED = {"transformation": "variableMap", "runCode": "data", "runService": "params", "runAgent": "inputs"}

VARIABLE = "$var."  # how a reference begins
_JOB_VARIABLE = f"{VARIABLE}{JOB}."
_POINTER = "#/"
_WHOLE = "#"  # the empty pointer
_INDEX = re.compile(r"0|[1-9][0-9]{0,9}", re.ASCII)


class Reference(NamedTuple):
    """A value of the job where `owner` is "job", else the output of the task `owner`. `name` is as it is written."""

    owner: str
    name: str

    @property
    def base(self) -> str:
        """The name without its `#/json/pointer`, or without the `#` of the empty pointer, which means all of it."""
        if _WHOLE not in self.name:
            return self.name
        base, found, _ = self.name.partition(_POINTER)
        if found:
            return base or self.name
        return self.name.removesuffix(_WHOLE) or self.name

    @property
    def pointer(self) -> list[str]:
        """The keys and indexes that lead to the part of the value that is meant; none means all of it.

        A query decorator marks a pointer for the editor of such documents; the name alone says what a job reads.
        """
        base, found, pointer = self.name.partition(_POINTER)
        if not base or not found:
            return []
        return keys_of(f"/{pointer}")

    @property
    def has_pointer(self) -> bool:
        return self.base != self.name


# Undefined goes where JSON goes: the task decides about it, and null stands for it where it is stored.
_UNDEFINED: Final = cast(Json, UNDEFINED)

# The value of a reference. The place is where the reference is written, from the incoming value's key on, with `/`.
Look: TypeAlias = Callable[[Reference, str], Json]


class Scope:
    """The values that references of one task can read. For the engine's own tasks a missing job variable is undefined,
    for others it is null.
    """

    def __init__(self, state: JobState, app: str) -> None:
        self._state = state
        self._missing: Json = _UNDEFINED if app == ENGINE_APP else None

    def look(self, reference: Reference, place: str) -> Json:
        """The value of the reference; a LanguageError names a place whose pointer leads nowhere. A `#` in the
        name of an existing value is no pointer.
        """
        if not reference.has_pointer or self._holds(reference.owner, reference.name):
            return self._value(reference.owner, reference.name)
        return _at_pointer(self._value(reference.owner, reference.base), reference.pointer, place)

    def _holds(self, owner: str, name: str) -> bool:
        if owner == JOB:
            return name in self._state.variables
        return owner in self._state.tasks and name in self._state.tasks[owner].outgoing

    def _value(self, owner: str, name: str) -> Json:
        return self._state.variables.get(name, self._missing) if owner == JOB else self._output(owner, name)

    def _output(self, task_id: str, name: str) -> Json:
        """An output of the latest iteration; `error` is an output that tasks have without declaring it."""
        task = self._state.tasks.get(task_id)
        if task is None or task.never_runs:
            return None
        if name in task.outgoing:
            return task.outgoing[name]
        return task.error if name == "error" else None


def resolve_incoming(task_id: str, task: JsonObject, scope: Scope, rules: Rules = DEFAULT_RULES) -> JsonObject:
    """The incoming values with every reference replaced; an UNDEFINED value stays, and the task decides about it.

    A LanguageError names the value whose pointer leads nowhere.
    """
    incoming = _replace(task, scope.look, rules)
    if (task.get("app"), task.get("name")) == (ENGINE_APP, "childJob"):
        incoming["task"] = task_id  # empty in the document, filled in every recorded call
    return incoming


def resolve_child_variables(incoming: JsonObject, scope: Scope) -> JsonObject:
    """The variables of a child from a childJob's `{task, value}` entries; variables that are not set are left out."""
    resolved = _child_variables(incoming, scope.look)
    return {key: value for key, value in resolved.items() if value is not UNDEFINED}


def references_of(task: JsonObject) -> Iterator[Reference]:
    """Every reference that the engine resolves for this task, in its order."""
    found: list[Reference] = []

    def note(reference: Reference, place: str) -> Json:
        found.append(reference)
        return None

    _replace(task, note, DEFAULT_RULES)
    if (task.get("app"), task.get("name")) == (ENGINE_APP, "childJob"):
        _child_variables(object_at(object_at(task, "variables"), "incoming"), note)
    yield from found


def is_reference(value: Json) -> TypeGuard[str]:
    """Whether a value has the form of a reference; its target need not exist."""
    return isinstance(value, str) and value.startswith(VARIABLE)


def job_variable_of(value: Json) -> str | None:
    """The name, with its pointer, of the job variable in `$var.job.NAME`; None for any other value."""
    if not isinstance(value, str) or not value.startswith(_JOB_VARIABLE):
        return None
    return value.removeprefix(_JOB_VARIABLE)


def reference_of(value: Json) -> Reference | None:
    """Only a whole text is a reference; `$var` inside other text stays as it is."""
    if not is_reference(value):
        return None
    owner, dot, name = value.removeprefix(VARIABLE).partition(".")
    return Reference(owner, name) if dot else None


def operand_of(entry: JsonObject, key: str = "variable") -> Reference | None:
    """The reference in `{task, variable}` or, for a child's variables, in `{task, value}`; None for a literal."""
    owner, name = entry.get("task"), entry.get(key)
    return Reference(owner, name) if isinstance(owner, str) and owner != STATIC and isinstance(name, str) else None


def _replace(task: JsonObject, look: Look, rules: Rules) -> JsonObject:
    name = text_at(task, "name")
    nested = NESTED.get(name)
    literal = "value" if name == "newVariable" and rules.new_variable_refs == "literal" else None
    incoming: JsonObject = {}
    for key, value in object_at(object_at(task, "variables"), "incoming").items():
        if key == nested and is_object(value):
            incoming[key] = {inner: _follow(item, look, inner) for inner, item in value.items()}
        elif key == literal:
            incoming[key] = value
        else:
            incoming[key] = _follow(value, look, key)
    if task.get("app") == ENGINE_APP:
        _replace_operands(name, incoming, look)
    return incoming


def _follow(value: Json, look: Look, place: str) -> Json:
    reference = reference_of(value) if isinstance(value, str) else None
    return value if reference is None else look(reference, place)


def _replace_operands(name: str, incoming: JsonObject, look: Look) -> None:
    if name in ("merge", "deepmerge"):
        incoming["data_to_merge"] = [
            {**entry, "value": _operand(entry.get("value"), look, "variable", f"data_to_merge/{index}")}
            if is_object(entry)
            else entry
            for index, entry in enumerate(array_at(incoming, "data_to_merge"))
        ]
    elif name in ("evaluation", "decision"):
        key = "evaluation_groups" if name == "evaluation" else "decisionArray"
        incoming[key] = [
            {**group, "evaluations": _operands_of(group, look, f"{key}/{index}")} if is_object(group) else group
            for index, group in enumerate(array_at(incoming, key))
        ]


def _operands_of(group: JsonObject, look: Look, place: str) -> list[Json]:
    return [
        {
            **one,
            **{
                side: _operand(one.get(side), look, "variable", f"{place}/evaluations/{index}/{side}")
                for side in ("operand_1", "operand_2")
            },
        }
        if is_object(one)
        else one
        for index, one in enumerate(array_at(group, "evaluations"))
    ]


def _child_variables(incoming: JsonObject, look: Look) -> JsonObject:
    """The variables of a child; empty in a loop, whose elements stand for them (reference/execution.md#child-jobs)."""
    if incoming.get("loopType") not in (None, "", UNDEFINED):
        return {}
    entries = object_at(incoming, "variables")
    return {key: _operand(entry, look, "value", f"variables/{key}") for key, entry in entries.items()}


def _operand(entry: Json, look: Look, key: str, place: str) -> Json:
    """`{task, variable}` or `{task, value}`: job, static or the id of a task, then a name or the literal itself."""
    if not is_object(entry) or "task" not in entry:
        return entry
    if entry["task"] == STATIC:
        return entry.get(key)
    reference = operand_of(entry, key)
    return _UNDEFINED if reference is None else look(reference, place)


def _at_pointer(value: Json, pointer: list[str], place: str) -> Json:
    for part in pointer:
        if is_object(value) and part in value:
            value = value[part]
        elif is_array(value) and _INDEX.fullmatch(part) and int(part) < len(value):
            value = value[int(part)]
        else:
            raise LanguageError(f"Query failed for task incoming variables: {place}")
    return value
