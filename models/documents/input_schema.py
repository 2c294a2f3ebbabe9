"""What people give against a JSON schema, such as a workflow's inputSchema: all faults at once, as documented."""

from collections.abc import Iterator
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
from ..language.patterns import Pattern

MOST_FAULTS = 100


def faults_of(schema: JsonObject, value: Json, what: str = "the workflow's inputSchema") -> list[Fault]:
    """What is wrong with the value, at most MOST_FAULTS; a schema that is itself broken is one fault, by `what`."""
    found: list[Fault] = []
    # An empty registry: a schema that points elsewhere must not make the server fetch it.
    validator = _InputValidator(schema, registry=EMPTY_REGISTRY)
    try:
        for error in validator.iter_errors(value):
            found.append(_fault(error))
            if len(found) == MOST_FAULTS:
                break
    except (Unresolvable, UnknownType, LanguageError, RecursionError) as broken:
        found.append(Fault("schema", "", "#", f"{what} cannot be applied: {broken}"))
    return found


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
    if isinstance(instance, str) and isinstance(pattern, str) and Pattern(pattern).search(instance) is None:
        yield ValidationError(f'must match pattern "{pattern}"')


def _pattern_properties(validator: Any, patterns: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if is_object(instance) and is_object(patterns):
        for pattern, part in patterns.items():
            for name, value in instance.items():
                if Pattern(pattern).search(name) is not None:
                    yield from validator.descend(value, part, path=name, schema_path=pattern)


_InputValidator: Any = extend(  # pyright: ignore[reportUnknownVariableType] -- as above
    Draft7Validator,
    {"required": _required, "type": _type, "pattern": _pattern, "patternProperties": _pattern_properties},
)


def _fault(error: ValidationError) -> Fault:
    return Fault(
        keyword=str(error.validator),
        instance_path="".join(f"/{_escaped(part)}" for part in error.absolute_path),
        schema_path="#" + "".join(f"/{_escaped(part)}" for part in error.absolute_schema_path),
        message=error.message,
    )


def _escaped(part: str | int) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")
