"""The child's side: one request after the other from standard input, until that ends.

This process bounds itself: the kernel refuses it memory beyond its limit, files altogether, and ends it when one
request has used up its seconds of the processor, even where nobody is left to kill it.
"""

import json
import resource
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from random import Random
from typing import BinaryIO

from ...models.json import Json, JsonObject
from ...models.language.errors import LanguageError
from ...models.language.templates import cast, parse, render
from .frames import HEADER, framed, length_in

LARGEST_ANSWER = 32 * 1024 * 1024  # bytes; a few fields that every record repeats make much of a short text

READY = framed({"ready": True})
EXHAUSTED = framed({"exhausted": True})
TOO_LARGE = framed({"error": f"The template makes more than {LARGEST_ANSWER // 2**20} MB."})


def main(cpu_seconds: int, memory: int) -> None:
    """Answer requests in order; after one that used up the memory, end."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    answer = READY
    while True:
        answers.write(answer)
        answers.flush()
        if answer is EXHAUSTED or (request := _next(requests)) is None:
            return
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + cpu_seconds)
        answer = answer_to(request)


def answer_to(request: JsonObject) -> bytes:
    """`{value}`, or `{error}` with the sentence for the task's error, or EXHAUSTED."""
    try:
        answer = framed({"value": LANGUAGES[request["language"]](request)})
    except LanguageError as refusal:
        return framed({"error": refusal.message})
    except MemoryError:
        return EXHAUSTED
    return answer if len(answer) <= LARGEST_ANSWER else TOO_LARGE


def _jinja2(request: JsonObject) -> Json:
    rendered = render(request["template"], request["context"], Random(request["seed"]).random)
    return cast(rendered, request["data_type"])


def _textfsm(request: JsonObject) -> Json:
    return parse(request["template"], request["text"])


LANGUAGES: Mapping[str, Callable[[JsonObject], Json]] = {"jinja2": _jinja2, "textfsm": _textfsm}


def _next(requests: BinaryIO) -> JsonObject | None:
    header = requests.read(HEADER.size)
    return json.loads(requests.read(length_in(header))) if len(header) == HEADER.size else None


def _limit(kind: int, most: int) -> None:
    """Lower the soft limit; the system may have none of this kind, or a lower one already."""
    _, hard = resource.getrlimit(kind)
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (most, hard))
