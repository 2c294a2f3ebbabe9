"""A value against a JSON Schema (draft 7), in the documented form of faults and within bounds.

What a schema refers to may unfold without end, and its patterns may take their time: keywords are counted and
searches timed, and too much of either is a SchemaBroken.
"""

import json
from collections.abc import Iterator
from contextvars import ContextVar
from time import monotonic
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import UnknownType, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend  # pyright: ignore[reportUnknownVariableType] -- its stubs are partial
from referencing.exceptions import Unresolvable
from referencing.jsonschema import EMPTY_REGISTRY

from ..errors import Fault
from ..json import Json, JsonObject, is_array, is_object
from ..language.errors import LanguageError
from ..language.javascript import number
from ..language.patterns import MATCH_SECONDS, Pattern

MOST_FAULTS = 100
LONGEST_MESSAGE = 1000  # characters; the validator quotes the whole value
MOST_KEYWORDS = 1_000_000  # applied, each as often as it meets a value
SEARCH_SECONDS = 5.0  # of all patterns together


class SchemaBroken(LanguageError):
    """The schema cannot be applied to anything."""


class _Work:
    """What is left of the work on one value."""

    def __init__(self) -> None:
        self._keywords = MOST_KEYWORDS
        self._seconds = SEARCH_SECONDS

    def apply(self) -> None:
        self._keywords -= 1
        if self._keywords < 0:
            raise LanguageError(f"Checking this value applies more than {MOST_KEYWORDS} keywords.")

    def search(self, pattern: str, text: str) -> bool:
        started = monotonic()
        found = Pattern(pattern).search(text, seconds=min(MATCH_SECONDS, max(self._seconds, 0.001)))
        self._seconds -= monotonic() - started
        if self._seconds < 0:
            raise LanguageError(f"Checking this value searches for patterns for more than {SEARCH_SECONDS:g} s.")
        return found is not None


# The validator makes copies of itself on the way down and has no place for a count that they share.
_work: ContextVar[_Work] = ContextVar("work")


def check(schema: JsonObject, value: Json, found: list[Fault]) -> None:
    """Append to `found` what is wrong with the value, at most MOST_FAULTS; SchemaBroken where that cannot be said."""
    before = _work.set(_Work())
    # An empty registry: a schema that points elsewhere must not make the server fetch it.
    validator = _BoundedValidator(schema, registry=EMPTY_REGISTRY)
    try:
        for error in validator.iter_errors(value):
            found.append(_fault(error))
            if len(found) == MOST_FAULTS:
                break
    except (Unresolvable, UnknownType, LanguageError, RecursionError, TypeError, AttributeError, ValueError) as broken:
        # The last three are what the validator raises on keywords of the wrong type, such as `properties: []`.
        raise SchemaBroken(str(broken)[:LONGEST_MESSAGE]) from None
    finally:
        _work.reset(before)


def _counted(keyword: Any) -> Any:
    def apply(validator: Any, argument: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        _work.get().apply()
        yield from keyword(validator, argument, instance, schema) or ()

    return apply


def _required(validator: Validator, required: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    # Published documents use draft 3's `required: true` inside properties (workflow documents, 3): no rule here.
    if is_array(required) and is_object(instance):
        for name in required:
            if name not in instance:
                yield ValidationError(f"must have required property '{name}'")


def _type(validator: Validator, types: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    allowed = types if is_array(types) else [types]
    if not any(validator.is_type(instance, one) for one in allowed):
        yield ValidationError(f"must be {','.join(str(one) for one in allowed)}")


def _pattern(validator: Validator, pattern: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and isinstance(pattern, str) and not _work.get().search(pattern, instance):
        yield ValidationError(f'must match pattern "{pattern}"')


def _pattern_properties(validator: Any, patterns: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if is_object(instance) and is_object(patterns):
        for pattern, part in patterns.items():
            for name, value in instance.items():
                if _work.get().search(pattern, name):
                    yield from validator.descend(value, part, path=name, schema_path=pattern)


def _unique_items(validator: Validator, unique: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if unique and is_array(instance) and len({_spelled(item) for item in instance}) < len(instance):
        yield ValidationError("must NOT have duplicate items")


def _spelled(value: Json) -> str:
    """The same for values that are equal: 1 and 1.0, and objects whatever the order of their keys."""
    return json.dumps(_normal(value), sort_keys=True)


def _normal(value: Json) -> Json:
    if is_object(value):
        return {key: _normal(item) for key, item in value.items()}
    if is_array(value):
        return [_normal(item) for item in value]
    return number(value) if isinstance(value, float) else value


_KEYWORDS: dict[str, Any] = {
    **Draft7Validator.VALIDATORS,
    "required": _required,
    "type": _type,
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "uniqueItems": _unique_items,
}
_BoundedValidator: Any = extend(  # pyright: ignore[reportUnknownVariableType] -- as above
    Draft7Validator, {name: _counted(keyword) for name, keyword in _KEYWORDS.items()}
)


def _fault(error: ValidationError) -> Fault:
    return Fault(
        keyword=str(error.validator),
        instance_path="".join(f"/{_escaped(part)}" for part in error.absolute_path),
        schema_path="#" + "".join(f"/{_escaped(part)}" for part in error.absolute_schema_path),
        message=error.message[:LONGEST_MESSAGE],
    )


def _escaped(part: str | int) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")
