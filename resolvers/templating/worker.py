"""The child's side: one request after the other from standard input, until that ends.

This process bounds itself: the kernel refuses it memory beyond its limit, files altogether, and ends it when one
request has used up its seconds of the processor, even where nobody is left to kill it.
"""

import json
import os
import pickle
import resource
import signal
import sys
from base64 import b64decode
from collections.abc import Callable, Mapping
from contextlib import suppress
from random import Random
from types import FrameType
from typing import BinaryIO

from ...models.errors import Fault
from ...models.json import Json, JsonObject, object_at, text_at
from ...models.language.errors import LanguageError
from ...models.language.templates import cast, parse, render
from ...models.language.templates.casting import is_data_type
from ...models.schemas.checking import SchemaBroken, check
from .frames import HEADER, SECONDS, framed, length_in

NICE = 10  # requests of the server come before the work of authors
LARGEST_ANSWER = 32 * 1024 * 1024  # bytes; a few fields that every record repeats make much of a short text

READY = framed({"ready": True})
EXHAUSTED = framed({"exhausted": True})
OUT_OF_TIME = framed({"out_of_time": True})
TOO_LARGE = framed({"error": f"What comes of this is more than {LARGEST_ANSWER // 2**20} MB."})


class _OutOfTime(BaseException):
    """The seconds of this request are over: not to be caught by what works on it."""


class _OutOfMemory(BaseException):
    """A task's step has no memory left: not to be caught as an error of the task, as a server would have gone on."""


def main(cpu_seconds: int, memory: int) -> None:
    """Answer requests in order; after one that used up the memory, end."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    os.nice(NICE)
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    signal.signal(signal.SIGPROF, _end_request)
    answer = READY
    while True:
        answers.write(answer)
        answers.flush()
        if answer is EXHAUSTED or (request := _next(requests)) is None:
            return
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + cpu_seconds)
        answer = _answer_within(*request)


def _end_request(number: int, frame: FrameType | None) -> None:
    raise _OutOfTime


def _answer_within(seconds: float, request: JsonObject) -> bytes:
    try:
        signal.setitimer(signal.ITIMER_PROF, seconds)
        try:
            return answer_to(request)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    except _OutOfTime:
        return OUT_OF_TIME


def answer_to(request: JsonObject) -> bytes:
    """`{value}`, or `{error}` with the sentence for the task's error, or EXHAUSTED."""
    try:
        answer = framed({"value": LANGUAGES[text_at(request, "language")](request)})
    except LanguageError as refusal:
        return framed({"error": refusal.message})
    except (MemoryError, _OutOfMemory):
        return EXHAUSTED
    return answer if len(answer) <= LARGEST_ANSWER else TOO_LARGE


def _jinja2(request: JsonObject) -> Json:
    draw = Random(text_at(request, "seed")).random
    rendered = render(text_at(request, "template"), object_at(request, "context"), draw)
    data_type = text_at(request, "data_type")
    assert is_data_type(data_type), "the server asks for no other"
    return cast(rendered, data_type)


def _textfsm(request: JsonObject) -> Json:
    return [*parse(text_at(request, "template"), text_at(request, "text"))]


def _json_schema(request: JsonObject) -> Json:
    faults: list[Fault] = []
    broken = None
    try:
        check(object_at(request, "schema"), request["value"], faults)
    except SchemaBroken as refusal:
        broken = refusal.message
    described: list[Json] = [[fault.keyword, fault.instance_path, fault.schema_path, fault.message] for fault in faults]
    return {"faults": described, "broken": broken}


def _step(request: JsonObject) -> Json:
    """Take a step of a job (see runner/recovery.py). The result is of no interest, only that the step ends."""
    from ...models.engine.advance import apply_all
    from ...models.engine.definition import Definition
    from ...models.engine.graph import compile_graph
    from ...models.engine.outcomes import Outcome, TaskCall, TaskFunction
    from ..workflows.definitions import function_of_task, transformer

    def bounded(task_id: str, task: JsonObject) -> TaskFunction:
        function = function_of_task(task_id, task)

        def called(call: TaskCall) -> Outcome:
            try:
                return function(call)
            except MemoryError:
                raise _OutOfMemory from None

        return called

    workflow, transformations, state, events, at, rules = pickle.loads(b64decode(text_at(request, "step")))
    transform = transformer(transformations, state.job_id)
    apply_all(Definition(compile_graph(workflow), bounded, transform, rules), state, events, at)
    return None


LANGUAGES: Mapping[str, Callable[[JsonObject], Json]] = {
    "jinja2": _jinja2,
    "textfsm": _textfsm,
    "json schema": _json_schema,
    "step": _step,
}


def _next(requests: BinaryIO) -> tuple[float, JsonObject] | None:
    seconds, header = requests.read(SECONDS.size), requests.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    return SECONDS.unpack(seconds)[0], json.loads(requests.read(length_in(header)))


def _limit(kind: int, most: int) -> None:
    """Lower the soft limit; the system may have none of this kind, or a lower one already."""
    _, hard = resource.getrlimit(kind)
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (most, hard))
