"""childJob: starts another workflow, once or for each element of an array, and waits for how it ends."""

from collections.abc import Mapping

from ....models.engine.outcomes import Finish, Outcome, StartChildren, TaskCall
from ....models.json import Json, JsonObject, object_at, text_at
from ..arguments import array, json_object, unset
from ..task import TaskFailed, built_in

MOST_CHILDREN = 10_000  # reference/execution.md#child-jobs
LOOPS = ("parallel", "sequential")


@built_in(
    "childJob",
    {
        "task": "string: empty in documents",
        "workflow": "string: the name of the workflow to start",
        "variables": "object of {task, value}: the child's variables, where it does not loop",
        "data_array": "array: one child for each element, where it loops",
        "transformation": "string: the id of one that makes the child's variables of an element",
        "loopType": "string: parallel, sequential, or empty for one child",
    },
    ("job_details",),
    type="operation",
    actor="job",
)
def child_job(call: TaskCall) -> Outcome:
    """Start a workflow as a job of its own, once or for each element, and return its variables when it has ended."""
    loop_type = call.incoming.get("loopType")
    if unset(loop_type):
        return _single(call) if call.children is None else _ended(call.children)
    if loop_type not in LOOPS:
        raise TaskFailed(f"'loopType' must be empty, parallel or sequential, not {loop_type!r}.")
    elements = array(call.incoming.get("data_array"), "data_array")
    if not elements:
        return Finish("success", {"job_details": {"status": "complete", "loop": []}})
    if call.children is not None:
        return _loop_ended(call)
    if len(elements) > MOST_CHILDREN:
        raise TaskFailed(
            f"'data_array' has {len(elements)} elements, more than the {MOST_CHILDREN} that may be started."
        )
    variables = tuple(_variables(call, element, index) for index, element in enumerate(elements))
    return StartChildren(_workflow(call), variables, sequential=loop_type == "sequential", looped=True)


def _single(call: TaskCall) -> Outcome:
    return StartChildren(_workflow(call), (dict(call.resolved_variables),))


def _workflow(call: TaskCall) -> str:
    name = text_at(call.incoming, "workflow")
    if not name:
        raise TaskFailed("Error starting child job: no workflow is named.")
    return name


def _variables(call: TaskCall, element: Json, index: int) -> JsonObject:
    transformation = call.incoming.get("transformation")
    if unset(transformation):
        return {**json_object(element, "data_array"), "childJobLoopIndex": index}
    if call.transform is None or not isinstance(transformation, str):
        raise TaskFailed(f"The transformation {transformation!r} of the child job cannot be run.")
    return {**call.transform(transformation, {"currentValue": element}, {}), "childJobLoopIndex": index}


def _ended(children: tuple[JsonObject, ...]) -> Outcome:
    child = children[0]
    if text_at(child, "status") != "complete":
        raise TaskFailed(f"The child job ended with the status '{text_at(child, 'status')}'.")
    return Finish("success", {"job_details": {"status": "complete", **object_at(child, "variables")}})


def _loop_ended(call: TaskCall) -> Outcome:
    children = call.children or ()
    if all(text_at(child, "status") != "complete" for child in children):
        raise TaskFailed(f"None of the {len(children)} child jobs completed.")
    loop = [_element(call, child, index) for index, child in enumerate(children)]
    return Finish("success", {"job_details": {"status": "complete", "loop": loop}})


def _element(call: TaskCall, child: Mapping[str, object], index: int) -> Json:
    """A variable `status` of the child comes before the job's own, as it does for a single child."""
    status: JsonObject = {} if call.rules.loop_status == "absent" else {"status": text_at(child, "status")}
    return {**status, **object_at(child, "variables"), "childJobLoopIndex": index}


TASKS = (child_job,)
