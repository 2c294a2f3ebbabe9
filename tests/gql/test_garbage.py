"""What a request leaves behind is freed at once, without a collection of garbage: it may be a large body."""

import gc
from collections.abc import Iterator
from typing import Any
from weakref import ref

import pytest
from jobyard.gql.execution.executor import Executor

from ..documents import greeting
from ..doors import Doors
from .test_start import GREET

pytestmark = pytest.mark.anyio


@pytest.fixture
def executors(monkeypatch: pytest.MonkeyPatch) -> Iterator[list["ref[Executor]"]]:
    made: list[ref[Executor]] = []
    begin = Executor.__init__

    def begin_noted(self: Executor, *arguments: Any, **options: Any) -> None:
        begin(self, *arguments, **options)
        made.append(ref(self))

    monkeypatch.setattr(Executor, "__init__", begin_noted)
    gc.collect()
    gc.disable()
    try:
        yield made
    finally:
        gc.enable()


async def test_an_execution_is_freed_with_its_answer(doors: Doors, executors: list["ref[Executor]"]) -> None:
    await doors.import_documents(greeting())
    await doors.start(GREET)
    await doors.graphql("{ jobs { nodes { id tasks { status } } } }")
    assert len(executors) >= 2
    assert [one() for one in executors] == [None] * len(executors)


async def test_a_refusal_is_freed_with_its_answer(doors: Doors, executors: list["ref[Executor]"]) -> None:
    answer = await doors.graphql('{ job(id: "ffffffffffffffffffffffff") { id } }')
    assert answer["errors"][0]["extensions"]["code"] == "JOB_NOT_FOUND"
    del answer
    assert [one() for one in executors] == [None]
