"""Evaluation without Python's stack: a piece of work asks for other work by yielding it.

A transformation may chain thousands of steps and call functions within functions; with generators the depth is a
length of a list here, and its bound a number of ours.
"""

from collections.abc import Generator
from typing import TypeAlias

from ...json import Json
from ..errors import LanguageError
from .budget import MOST_WORK_DEEP

Work: TypeAlias = Generator["Work", Json, Json]


def finish(work: Work) -> Json:
    """Run `work`, and what it asks for, to the end; its answer."""
    stack = [work]
    answer: Json = None
    while True:
        try:
            asked = stack[-1].send(answer)
        except StopIteration as end:
            stack.pop()
            answer = end.value
            if not stack:
                return answer
        else:
            if len(stack) >= MOST_WORK_DEEP:
                raise LanguageError("The transformation's steps depend on each other too deeply.")
            stack.append(asked)
            answer = None
