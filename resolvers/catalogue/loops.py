"""forEach: its body runs once for each element of an array."""

from ...models.engine.outcomes import Finish, Outcome, TaskCall
from .arguments import array
from .task import built_in


@built_in("forEach", {"data_array": "array"}, ("current_item",), type="operation", actor="job")
def for_each(call: TaskCall) -> Outcome:
    """Give the element that is due to the tasks behind the loop transition; success after the last one."""
    elements = array(call.incoming.get("data_array"), "data_array")
    if call.element < len(elements):
        return Finish("loop", {"current_item": elements[call.element]})
    return Finish("success")


TASKS = (for_each,)
