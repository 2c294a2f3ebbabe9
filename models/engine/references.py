"""What a task sees in place of `$var` references and `{task, variable}` operands (execution facts, 4.1 and 4.4)."""

from ..json import Json, JsonObject, array_at, is_array, is_object, object_at, text_at
from ..language.errors import LanguageError
from ..language.undefined import UNDEFINED
from .rules import DEFAULT_RULES, Rules
from .state import JobState

ENGINE_APP = "WorkFlowEngine"

# Where references are resolved one level below the incoming value: (task, key).
NESTED = {
    ("transformation", "variableMap"),
    ("runCode", "data"),
    ("runService", "params"),
    ("runAgent", "inputs"),
}


class Scope:
    """What references of one task can see. The engine's own tasks tell a missing job variable (undefined) from null."""

    def __init__(self, state: JobState, app: str) -> None:
        self._state = state
        self._missing: Json = UNDEFINED if app == ENGINE_APP else None

    def variable(self, name: str) -> Json:
        return self._state.variables.get(name, self._missing)

    def output(self, task_id: str, name: str) -> Json:
        """An output of the latest iteration; `error` is an output that no task declares."""
        task = self._state.tasks.get(task_id)
        if task is None or task.never_runs:
            return None
        if name in task.outgoing:
            return task.outgoing[name]
        return task.error if name == "error" else None

    def value(self, owner: str, name: str) -> Json:
        return self.variable(name) if owner == "job" else self.output(owner, name)


def resolve_incoming(task_id: str, task: JsonObject, scope: Scope, rules: Rules = DEFAULT_RULES) -> JsonObject:
    """The incoming values with every reference replaced; an UNDEFINED value is kept for the task to judge.

    A LanguageError names the value whose pointer leads nowhere.
    """
    name = text_at(task, "name")
    variables = object_at(task, "variables")
    pointed = {
        text_at(decorator, "pointer").removeprefix("/incoming/")
        for decorator in array_at(variables, "decorators")
        if is_object(decorator) and decorator.get("type") == "query"
    }
    incoming: JsonObject = {}
    for key, value in object_at(variables, "incoming").items():
        if (name, key) in NESTED and is_object(value):
            incoming[key] = {inner: _reference(item, scope, f"{key}/{inner}", pointed) for inner, item in value.items()}
        elif (name, key) == ("newVariable", "value") and rules.new_variable_refs == "literal":
            incoming[key] = value
        else:
            incoming[key] = _reference(value, scope, key, pointed)
    if task.get("app") == ENGINE_APP:
        _resolve_operands(name, incoming, scope)
        if name == "childJob":
            incoming["task"] = task_id  # empty in the document, filled in every recorded call
    return incoming


def resolve_child_variables(incoming: JsonObject, scope: Scope) -> JsonObject:
    """A childJob's `{task, value}` entries as the child gets them; variables never set stay absent."""
    resolved: JsonObject = {}
    for key, entry in object_at(incoming, "variables").items():
        value = _operand(entry, scope, "value")
        if value is not UNDEFINED:
            resolved[key] = value
    return resolved


def _reference(value: Json, scope: Scope, place: str, pointed: set[str]) -> Json:
    """Only a whole text is a reference; `$var` inside other text stays as it is. `place` is a pointer without `/`."""
    if not isinstance(value, str) or not value.startswith("$var."):
        return value
    owner, dot, name = value[len("$var.") :].partition(".")
    if not dot:
        return value
    if place in pointed and "#/" in name:
        name, _, pointer = name.partition("#/")
        return _at_pointer(scope.value(owner, name), pointer, place.rpartition("/")[2])
    return scope.value(owner, name)


def _at_pointer(value: Json, pointer: str, key: str) -> Json:
    for part in pointer.split("/"):
        part = part.replace("~1", "/").replace("~0", "~")
        if is_object(value) and part in value:
            value = value[part]
        elif is_array(value) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            raise LanguageError(f"Query failed for task incoming variables: {key}")
    return value


def _resolve_operands(name: str, incoming: JsonObject, scope: Scope) -> None:
    if name in ("merge", "deepmerge"):
        incoming["data_to_merge"] = [
            {**entry, "value": _operand(entry.get("value"), scope, "variable")} if is_object(entry) else entry
            for entry in array_at(incoming, "data_to_merge")
        ]
    elif name == "evaluation":
        incoming["evaluation_groups"] = [
            {**group, "evaluations": _operands_of(group, scope)} if is_object(group) else group
            for group in array_at(incoming, "evaluation_groups")
        ]
    elif name == "decision":
        incoming["decisionArray"] = [
            {**entry, "evaluations": _operands_of(entry, scope)} if is_object(entry) else entry
            for entry in array_at(incoming, "decisionArray")
        ]


def _operands_of(group: JsonObject, scope: Scope) -> list[Json]:
    return [
        {
            **one,
            "operand_1": _operand(one.get("operand_1"), scope, "variable"),
            "operand_2": _operand(one.get("operand_2"), scope, "variable"),
        }
        if is_object(one)
        else one
        for one in array_at(group, "evaluations")
    ]


def _operand(entry: Json, scope: Scope, key: str) -> Json:
    """`{task, variable}` or `{task, value}`: job, static or the id of a task, then a name or the literal itself."""
    if not is_object(entry) or "task" not in entry:
        return entry
    owner, name = entry["task"], entry.get(key)
    if owner == "static":
        return name
    if not isinstance(owner, str) or not isinstance(name, str):
        return UNDEFINED
    return scope.value(owner, name)
