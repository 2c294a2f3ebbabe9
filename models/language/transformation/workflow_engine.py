"""The one method of a transformation that is the workflow engine's own: a query."""

from collections.abc import Mapping
from typing import cast

from ..errors import LanguageError
from ..javascript.coercion import UNDEFINED
from .calls import Call, Method
from .value import Value


def _query(call: Call) -> Value:
    """Nothing found is undefined, or null when the author said so (reference/execution.md#queries)."""
    ask = call.world.query
    if ask is None:
        raise LanguageError("WorkFlowEngine.query: no query language was given to this transformation.")
    found = ask("" if call[1] is UNDEFINED else call.text(1), call.world.budget.walked(call[2]))
    return (
        None if found is UNDEFINED and call[0] in (True, "true") else cast(Value, found)
    )  # of an argument, or made of it


METHODS: Mapping[str, Method] = {"WorkFlowEngine.query": _query}
