"""Jinja2, in the library's sandbox, with the library's defaults: what a context lacks renders as nothing."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from io import StringIO
from traceback import extract_tb
from types import CodeType
from typing import Any, cast

import textfsm  # pyright: ignore[reportMissingTypeStubs] -- it has none
from jinja2 import Template, TemplateSyntaxError, pass_context
from jinja2.sandbox import SandboxedEnvironment

from ...json import Json, JsonObject
from ..errors import LanguageError
from ..javascript.coercion import to_json

MOST_CHARACTERS = 8_000_000
COMPILED = 16  # templates; large ones take some megabytes each

Draw = Callable[[], float]  # in [0, 1)


def render(template: str, context: JsonObject, draw: Draw) -> str:
    """The text, of at most MOST_CHARACTERS; `draw` decides what the filter `random` picks."""
    parts: list[str] = []
    left = MOST_CHARACTERS
    try:
        environment = _environment(draw)
        compiled = Template.from_code(environment, _compiled(template), environment.make_globals(None))
        for part in compiled.generate(context):
            parts.append(part)
            left -= len(part)
            if left < 0:
                break
    except MemoryError:
        raise  # a limit of the process, and for the process to report
    except Exception as fault:  # an author's program: it may raise anything
        raise LanguageError(f"The template cannot be rendered: {_described(fault)}") from None
    if left < 0:
        raise LanguageError(f"The template makes a text of more than {MOST_CHARACTERS} characters.")
    return "".join(parts)


@lru_cache(COMPILED)
def _compiled(template: str) -> CodeType:
    return _environment(lambda: 0.0).compile(template)


def _environment(draw: Draw) -> SandboxedEnvironment:
    # Text for devices, not for browsers: nothing is escaped. The two extensions add `do`, `break` and `continue`.
    environment = SandboxedEnvironment(autoescape=False, extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])

    @pass_context  # never worked out at compile time, when nothing has been drawn
    def random(context: object, values: Sequence[Json]) -> object:
        return values[int(draw() * len(values))] if values else environment.undefined("No random item: it is empty.")

    cast(dict[str, Any], environment.filters)["random"] = random  # typed as the union of the built-in filters
    del environment.globals["lipsum"]  # draws at random too, and makes text for web pages
    return environment


def _described(fault: Exception) -> str:
    if isinstance(fault, RecursionError):
        return "it is nested too deep, or a macro calls itself without an end."
    line = fault.lineno if isinstance(fault, TemplateSyntaxError) else _line(fault)
    name = "" if type(fault).__module__.startswith("jinja2") else f"{type(fault).__name__}: "
    said = str(fault)
    if "set_int_max_str_digits" in said:  # the interpreter's advice to those who run it
        said = "a number is too long to be written: " + said.partition(";")[0]
    return f"{f'line {line}: ' if line else ''}{name}{said[:500]}"


def _line(fault: Exception) -> int | None:
    """The last line of the template itself: Jinja2 rewrites the trace so that it shows those."""
    lines = [frame.lineno for frame in extract_tb(fault.__traceback__) if frame.filename == "<template>"]
    return lines[-1] if lines else None


LONGEST_RESULT = 16 * 1024 * 1024  # characters

_PLACEHOLDER = re.compile(r"<!(.*?)!>", re.DOTALL)


def filled(template: str, variables: JsonObject) -> str:
    """The text with each known name replaced: text as it is, anything else as JSON. Unknown names stay."""
    written: dict[str, str] = {}
    pieces: list[str] = []
    position = total = 0
    for found in _PLACEHOLDER.finditer(template):
        name = found[1]
        if name not in variables:
            continue
        if name not in written:
            value = variables[name]
            written[name] = value if isinstance(value, str) else to_json(value)
        total += len(written[name])
        if total > LONGEST_RESULT:
            raise LanguageError(f"The text would be longer than {LONGEST_RESULT} characters.")
        pieces += [template[position : found.start()], written[name]]
        position = found.end()
    return "".join([*pieces, template[position:]])


_library = cast(Any, textfsm)


def parse(template: str, text: str) -> list[JsonObject]:
    """One object per record, by the names of the template's values; a value is a text, of `List` a list."""
    try:
        return _library.TextFSM(StringIO(template)).ParseTextToDicts(text)
    except MemoryError:
        raise  # a limit of the process, and for the process to report
    except (_library.TextFSMTemplateError, _library.TextFSMError) as fault:
        raise LanguageError(f"The TextFSM template cannot be applied: {str(fault)[:500]}") from None
    except Exception as fault:  # the library meets some broken templates with errors of its own code
        raise LanguageError(
            f"The TextFSM template cannot be applied: {type(fault).__name__}: {str(fault)[:500]}"
        ) from None
