"""transformation: runs a JST document that the workflow names by its id."""

from ...models.engine.outcomes import Finish, Outcome, TaskCall
from ...models.json import object_at, text_at
from .task import TaskFailed, built_in


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


TASKS = (transformation,)
