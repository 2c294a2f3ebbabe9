"""A value against a JSON Schema (draft 7, and what drafts 3 and 4 say otherwise), in the documented form of faults."""

import json
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import UnknownType, ValidationError
from jsonschema.validators import create, extend  # pyright: ignore[reportUnknownVariableType] -- its stubs are partial
from referencing.exceptions import Unresolvable
from referencing.jsonschema import EMPTY_REGISTRY

from ..errors import LONGEST_QUOTED, Fault, cut
from ..json import Json, is_array, is_object
from ..json_pointers import pointer_to
from ..language.errors import LanguageError
from .cost import TooMuchAtOnce, weight_of_schema, weight_of_value
from .keywords import KEYWORDS, Keyword, Schema, Validator
from .work import QuickWork, Work, current_work

MOST_FAULTS = 100
LONGEST_REASON = 1000  # characters


class SchemaBroken(LanguageError):
    """The schema cannot be applied to the value, beyond what was found until then."""

    def __init__(self, message: str, found: list[Fault]) -> None:
        super().__init__(message)
        self.found = found


def check(schema: Schema, value: Json, found: list[Fault]) -> None:
    """Append to `found` what is wrong with the value, at most MOST_FAULTS; SchemaBroken where that cannot be said."""
    _check(_validator_of(schema), value, found, Work())


class PreparedSchema:
    """A schema for many values; it must not change."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._weight = weight_of_schema(schema)

    @cached_property
    def _validator(self) -> Any:
        return _validator_of(self._schema)

    def check_at_once(self, value: Json) -> list[Fault] | None:
        """The faults, as `check` finds them, where that takes a few milliseconds at most; else None, just as soon."""
        found: list[Fault] = []
        if not self._schema:
            return found
        size = None if self._weight is None else weight_of_value(value)
        if self._weight is None or size is None:
            return None
        try:
            _check(self._validator, value, found, QuickWork(self._weight + size))
        except TooMuchAtOnce:
            return None
        return found


def check_at_once(schema: Schema, value: Json) -> list[Fault] | None:
    """See PreparedSchema.check_at_once."""
    return PreparedSchema(schema).check_at_once(value)


def _check(validator: Any, value: Json, found: list[Fault], work: Work) -> None:
    before = current_work.set(work)
    try:
        for error in validator.iter_errors(value):
            found.append(_fault(error))
            if len(found) == MOST_FAULTS:
                break
    except (Unresolvable, UnknownType, LanguageError, RecursionError, *_OF_ODD_ARGUMENTS) as broken:
        raise SchemaBroken(_reason(broken)[:LONGEST_REASON], found) from None
    finally:
        current_work.reset(before)


# What the validator raises on odd keywords, such as `properties: []` or `multipleOf: 0`.
_OF_ODD_ARGUMENTS = (TypeError, AttributeError, ValueError, ArithmeticError, LookupError)

# What is odd inside of one of these may be of another draft, whose keywords are not counted.
_APPLYING_OTHERS: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("properties", "patternProperties", "dependencies", "dependentSchemas"), dict),
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "type", "disallow"), list),
    **dict.fromkeys(("items", "extends"), (dict, list)),
    **dict.fromkeys(("additionalItems", "additionalProperties", "propertyNames", "contains", "not", "if"), dict),
    "$ref": str,
}


def _reason(broken: Exception) -> str:
    match broken:
        case RecursionError():
            return "its references lead in a circle, or the value and the schema are nested too deep"
        case Unresolvable():
            return f"the reference {broken.ref!r} leads nowhere in the schema, and other documents are not fetched"
        case UnknownType():
            return f"the type {broken.type!r} is none of JSON's"
        case LanguageError():
            return str(broken).removesuffix(".")
        case _:  # of the keywords of another draft
            return f"one of its keywords has a value that it cannot have ({broken})"


def _counted(name: str, keyword: Keyword) -> Keyword:
    def apply(validator: Validator, argument: Json, instance: Json, schema: Schema) -> Iterator[ValidationError]:
        work = current_work.get()
        work.apply(name, argument, instance)
        try:
            for error in keyword(validator, argument, instance, schema) or ():
                work.tell()
                yield error
        except _OF_ODD_ARGUMENTS:
            if isinstance(argument, _APPLYING_OTHERS.get(name, ())):
                raise
            given = "an object" if is_object(argument) else "an array" if is_array(argument) else json.dumps(argument)
            raise LanguageError(f"the keyword {name} cannot be {cut(given, LONGEST_QUOTED)}") from None

    return apply


def _all_of(schema: Schema) -> Iterable[tuple[str, object]]:
    return schema.items()


_create: Any = create  # pyright: ignore[reportUnknownVariableType] -- as its stubs are partial
_BESIDE_REFERENCES: Any = _create(
    meta_schema=Draft7Validator.META_SCHEMA,
    validators={name: _counted(name, keyword) for name, keyword in KEYWORDS.items()},
    type_checker=Draft7Validator.TYPE_CHECKER,
    id_of=Draft7Validator.ID_OF,
    applicable_validators=_all_of,
)
_REFERENCES_ALONE: Any = extend(  # pyright: ignore[reportUnknownVariableType] -- as above
    Draft7Validator, _BESIDE_REFERENCES.VALIDATORS
)


def _validator_of(schema: Schema) -> Any:
    """In drafts 3 and 4 nothing beside a `$ref` counts; ajv 8 applies what stands there in all others."""
    draft = schema.get("$schema")
    alone = isinstance(draft, str) and ("draft-03" in draft or "draft-04" in draft)
    # An empty registry: a schema that points elsewhere must not make the server fetch it.
    return (_REFERENCES_ALONE if alone else _BESIDE_REFERENCES)(schema, registry=EMPTY_REGISTRY)


def _fault(error: ValidationError) -> Fault:
    return Fault(
        keyword=str(error.validator),
        instance_path=cut(pointer_to(error.absolute_path), LONGEST_QUOTED),
        schema_path=cut(f"#{pointer_to(error.absolute_schema_path)}", LONGEST_QUOTED),
        message=cut(error.message, LONGEST_QUOTED),  # the validator quotes the whole value
    )


def faults_of(schema: Schema, value: Json, what: str = "the workflow's inputSchema") -> list[Fault]:
    """What is wrong with the value, at most MOST_FAULTS; a schema that is itself broken is one fault, by `what`."""
    found: list[Fault] = []
    try:
        check(schema, value, found)
    except SchemaBroken as broken:
        found.append(Fault("schema", "", "#", f"{what} cannot be applied: {broken.message}"))
    return found
