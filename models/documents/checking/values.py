"""Which values the tasks of a workflow read, and which job variables they write."""

from collections.abc import Iterator
from dataclasses import dataclass

from ...engine.references import ENGINE_APP, NESTED
from ...json import Json, JsonObject, array_at, is_array, is_object, object_at, text_at

MOST_VALUES_SEARCHED = 100_000  # of one task's incoming values, for references that are none

# (application, task) -> the incoming value that names a job variable which the task writes.
_WRITERS = {
    (ENGINE_APP, "newVariable"): "name",
    (ENGINE_APP, "push"): "job_variable",
    ("MOP", "reattempt"): "attemptID",
}
_READERS = {(ENGINE_APP, "pop"): "job_variable", (ENGINE_APP, "shift"): "job_variable"}


@dataclass(frozen=True)
class Read:
    """A value that a task reads: of the job where `owner` is "job", else the output of the task `owner`."""

    owner: str
    name: str


def reads_of(task: JsonObject) -> Iterator[Read]:
    """What the engine puts in place of a task's incoming values (execution facts, 4.1)."""
    kind = text_at(task, "app"), text_at(task, "name")
    variables = object_at(task, "variables")
    pointed = {
        text_at(decorator, "pointer").removeprefix("/incoming/")
        for decorator in array_at(variables, "decorators")
        if is_object(decorator) and decorator.get("type") == "query"
    }
    incoming = object_at(variables, "incoming")
    for key, value in incoming.items():
        if (kind[1], key) in NESTED and is_object(value):
            for inner, item in value.items():
                yield from _reference(item, pointed=inner in pointed)
        else:
            yield from _reference(value, pointed=key in pointed)
    if kind[0] == ENGINE_APP:
        yield from _operands(kind[1], incoming)
    if kind in _READERS and (name := text_at(incoming, _READERS[kind])) and not name.startswith("$var."):
        yield Read("job", name)


def _reference(value: Json, *, pointed: bool) -> Iterator[Read]:
    if isinstance(value, str) and value.startswith("$var."):
        owner, dot, name = value.removeprefix("$var.").partition(".")
        if dot:
            yield Read(owner, name.partition("#/")[0] if pointed else name)


def _operands(name: str, incoming: JsonObject) -> Iterator[Read]:
    if name in ("merge", "deepmerge"):
        for item in array_at(incoming, "data_to_merge"):
            yield from _operand(item.get("value") if is_object(item) else None, "variable")
    elif name in ("evaluation", "decision"):
        for group in array_at(incoming, "evaluation_groups" if name == "evaluation" else "decisionArray"):
            for one in array_at(group, "evaluations") if is_object(group) else ():
                if is_object(one):
                    yield from _operand(one.get("operand_1"), "variable")
                    yield from _operand(one.get("operand_2"), "variable")
    elif name == "childJob" and not incoming.get("loopType"):  # in a loop the elements are the variables
        for entry in object_at(incoming, "variables").values():
            yield from _operand(entry, "value")


def _operand(entry: Json, key: str) -> Iterator[Read]:
    if is_object(entry) and isinstance(owner := entry.get("task"), str) and owner != "static":
        name = entry.get(key)
        if isinstance(name, str):
            yield Read(owner, name)


def writes_of(task: JsonObject) -> Iterator[str | None]:
    """The job variables that a task sets; None is one whose name the job alone will tell."""
    kind = text_at(task, "app"), text_at(task, "name")
    variables = object_at(task, "variables")
    for value in (*object_at(variables, "outgoing").values(), variables.get("error")):
        if isinstance(value, str) and value.startswith("$var.job."):
            yield value.removeprefix("$var.job.")
    if kind in _WRITERS and (name := text_at(object_at(variables, "incoming"), _WRITERS[kind])):
        yield None if name.startswith("$var.") else name


def unread_references(task: JsonObject) -> Iterator[str]:
    """The incoming values in which a `$var` stands where nothing is put in its place: in other text, or too deep."""
    name = text_at(task, "name")
    for key, value in object_at(object_at(task, "variables"), "incoming").items():
        nested = (name, key) in NESTED and is_object(value)
        if any(map(_holds_reference, value.values() if nested else (value,))):
            yield key


def _holds_reference(value: Json) -> bool:
    if isinstance(value, str):
        return "$var." in value and not value.startswith("$var.")
    waiting: list[Json] = [value]
    for _ in range(MOST_VALUES_SEARCHED):
        if not waiting:
            break
        inner = waiting.pop()
        if isinstance(inner, str) and inner.startswith("$var."):
            return True
        if is_object(inner):
            waiting.extend(inner.values())
        elif is_array(inner):
            waiting.extend(inner)
    return False
