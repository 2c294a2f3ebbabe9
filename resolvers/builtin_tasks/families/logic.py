"""Tasks that choose, look up, transform and put together; and forEach."""

from typing import cast

from ....models.engine.outcomes import Finish, Outcome, TaskCall
from ....models.json import Json, JsonObject, array_at, is_array, is_object, object_at, text_at
from ....models.language.evaluation import evaluate, flag
from ....models.language.javascript.coercion import UNDEFINED, text
from ....models.language.query.query import query as find
from ..arguments import array, json_object, string, unset
from ..task import TaskFailed, built_in, finish

DEEPEST_MERGE = 200  # objects within objects

_ITEMS = {"data_to_merge": "array of {key, value: {task, variable}}"}


@built_in(
    "query",
    {
        "pass_on_null": "boolean: nothing found is null and a success",
        "query": "string: a json-query expression; empty gives the object itself",
        "obj": "any: what to search",
    },
    ("return_data",),
    type="operation",
)
def query(call: TaskCall) -> Outcome:
    """Find data in an object with json-query; nothing found is a failure, or null where pass_on_null is set."""
    data = call.incoming.get("obj", UNDEFINED)
    expression = call.incoming.get("query")
    # It finds parts of JSON, or makes JSON of them.
    found = find("" if unset(expression) else string(expression, "query"), data)
    return finish(
        "return_data", None if found is UNDEFINED and flag(call.incoming.get("pass_on_null")) else cast(Json, found)
    )


@built_in(
    "evaluation",
    {
        "all_true_flag": "boolean: all groups must hold; else one of them",
        "evaluation_groups": "array of {all_true_flag, evaluations}",
        "options": "",
    },
    ("return_value",),
    type="operation",
)
def evaluation(call: TaskCall) -> Outcome:
    """Compare values: true is success, false is failure."""
    groups = array_at(call.incoming, "evaluation_groups")
    holds = evaluate(call.incoming.get("all_true_flag"), groups, _itself, call.rules.array_relational)
    return finish("return_value", True if holds else UNDEFINED)


@built_in("decision", {"decisionArray": "array of {evaluations, taskId}"}, ("return_value",), type="operation")
def decision(call: TaskCall) -> Outcome:
    """Choose the task of the first decision that holds: only the edge to it is taken (deprecated: use evaluation)."""
    for choice in array_at(call.incoming, "decisionArray"):
        if is_object(choice) and evaluate(True, [choice], _itself, call.rules.array_relational):
            chosen = choice.get("taskId")
            return Finish("success", {"return_value": chosen}, chosen=text(chosen))
    return Finish("failure")


@built_in("merge", _ITEMS, ("merged_object",), type="operation")
def merge(call: TaskCall) -> Outcome:
    """Make an object of values with keys, or an array of values without."""
    items = _items(call)
    if not items or (len(items) == 1 and call.rules.merge_single == "null"):
        return finish("merged_object", None)
    if all(unset(item.get("key")) for item in items):
        return finish("merged_object", [_value(item) for item in items])
    return finish("merged_object", {text(item.get("key", "")): _value(item) for item in items})


@built_in("deepmerge", _ITEMS, ("merged_object",), type="operation")
def deepmerge(call: TaskCall) -> Outcome:
    """Merge objects at any depth; the last one wins. Arrays merge item by item.

    What is undefined is absent, and so is whatever is no object and has no key; with a key it is a value.
    """
    merged: Json = {}
    for item in _items(call):
        value = item.get("value", UNDEFINED)
        keyed = not unset(item.get("key"))
        if keyed and value is not UNDEFINED:
            part: JsonObject = {text(item.get("key")): value}
        elif is_object(value):
            part = value
        else:
            continue
        merged = _merged(merged, part, 0)
    return finish("merged_object", merged)


def _itself(operand: Json) -> object:
    # The engine has put the value in the place of each operand; one that was left out is undefined.
    return operand


def _items(call: TaskCall) -> list[JsonObject]:
    return [json_object(item, "data_to_merge") for item in array(call.incoming.get("data_to_merge"), "data_to_merge")]


def _value(item: JsonObject) -> Json:
    value = item.get("value")
    return None if value is UNDEFINED else value


def _merged(left: Json, right: Json, depth: int) -> Json:
    if depth > DEEPEST_MERGE:
        raise TaskFailed(f"deepmerge goes {DEEPEST_MERGE} levels deep and no deeper.")
    if is_object(left) and is_object(right):
        result = dict(left)
        for key, value in right.items():
            if value is not UNDEFINED:
                result[key] = _merged(left.get(key), value, depth + 1)
        return result
    if is_array(left) and is_array(right):
        shared = [_merged(one, other, depth + 1) for one, other in zip(left, right, strict=False)]
        return shared + (left[len(right) :] or right[len(left) :])
    return right


@built_in("forEach", {"data_array": "array"}, ("current_item",), type="operation", actor="job")
def for_each(call: TaskCall) -> Outcome:
    """Return the element that is due to the tasks behind the loop transition; success after the last one."""
    elements = array(call.incoming.get("data_array"), "data_array")
    if call.element < len(elements):
        return Finish("loop", {"current_item": elements[call.element]})
    return Finish("success")


@built_in(
    "transformation",
    {
        "tr_id": "string: the id of the transformation",
        "variableMap": "object: the transformation's incoming values",
        "options": "object: validateIncoming, extractOutput, revertToDefaultValue",
    },
    (),
    type="operation",
    more_outgoing=True,
)
def transformation(call: TaskCall) -> Outcome:
    """Make new values of values, by a transformation; it has one outgoing value for each of the transformation's."""
    id = text_at(call.incoming, "tr_id")
    if not id or call.transform is None:
        raise TaskFailed("No transformation is named: 'tr_id' must be the id of one.")
    return Finish(
        "success", call.transform(id, object_at(call.incoming, "variableMap"), object_at(call.incoming, "options"))
    )


TASKS = (
    query, evaluation, decision, merge, deepmerge, for_each, transformation,
)  # fmt: skip
