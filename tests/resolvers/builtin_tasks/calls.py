"""Calls a built-in task the way the engine does."""

from collections.abc import Mapping
from typing import Any

import pytest
from jobyard.models.engine.outcomes import Finish, Outcome, TaskCall
from jobyard.models.json import Json, JsonObject
from jobyard.models.language.errors import LanguageError
from jobyard.resolvers.builtin_tasks.registry import BUILT_IN

AT = 1_681_005_727_054


def call(
    name: str,
    incoming: Mapping[str, Json],
    *,
    app: str = "WorkFlowEngine",
    variables: Mapping[str, Json] | None = None,
    **told: Any,
) -> Outcome:
    task = BUILT_IN[app, name]
    unknown = set(incoming) - set(task.incoming)
    assert unknown == set(), f"{name} has no incoming {unknown}"
    return task.function(
        TaskCall(
            job_id="65f",
            task_id="a1",
            app=app,
            name=name,
            iteration=1,
            attempt=1,
            incoming=dict(incoming),
            definition={},
            variables=variables or {},
            at=AT,
            **told,
        )
    )


def assert_result(name: str, incoming: JsonObject, result: Json) -> None:
    """The task succeeds with this as its one outgoing value: 3 is not 3.0, and NaN is NaN."""
    outgoing = BUILT_IN["WorkFlowEngine", name].outgoing[0]
    assert repr(call(name, incoming)) == repr(Finish("success", {outgoing: result}))


def assert_refused(name: str, incoming: JsonObject, message: str) -> None:
    with pytest.raises(LanguageError) as refused:
        call(name, incoming)
    assert refused.value.message == message
