"""All methods by "Library.method"."""

from collections.abc import Iterator, Mapping

from ..errors import LanguageError
from . import (
    arrays,
    dates,
    declarations,
    iterations,
    json_text,
    logic,
    number_texts,
    numbers,
    objects,
    regexps,
    sets,
    strings,
    workflow_engine,
)
from .calls import ArrayMethod, LazyMethod, Method
from .document import Level
from .value import Value, is_array

METHODS: Mapping[str, Method] = {
    **arrays.METHODS,
    **dates.METHODS,
    **json_text.METHODS,
    **logic.METHODS,
    **number_texts.METHODS,
    **numbers.METHODS,
    **objects.METHODS,
    **regexps.METHODS,
    **sets.METHODS,
    **strings.METHODS,
    **workflow_engine.METHODS,
}
ARRAY_METHODS: Mapping[str, tuple[ArrayMethod, int]] = iterations.METHODS
LAZY_METHODS: Mapping[str, LazyMethod] = logic.LAZY
DECLARATIONS: Mapping[str, Method] = declarations.METHODS


def method_for(name: str, receiver: Value) -> Method:
    """The method called `name`.

    An author who calls Array.includes on a text gets String.includes, as `text.includes(...)` does in JavaScript.
    """
    found = METHODS.get(name)
    if isinstance(receiver, str) and name.startswith("Array."):
        found = METHODS.get(f"String.{name.removeprefix('Array.')}", found)
    elif is_array(receiver) and name.startswith("String."):
        found = METHODS.get(f"Array.{name.removeprefix('String.')}", found)
    if found is None:
        raise LanguageError(f"The method {name} is unknown to transformations.")
    return found


def unknown_methods(level: Level) -> list[str]:
    """The methods and declarations that steps of the document or of its functions name in vain, each once."""
    return list(dict.fromkeys(_unknown(level)))


def _unknown(level: Level) -> Iterator[str]:
    methods = {*METHODS, *ARRAY_METHODS, *LAZY_METHODS}
    for step in level.steps.values():
        known = {"method": methods, "declaration": DECLARATIONS}.get(step.kind)
        if known is not None and step.name not in known:
            yield step.name
    for function in level.functions.maps[0].values():
        yield from _unknown(function)
