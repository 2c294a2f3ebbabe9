"""A value against a JSON Schema (draft 7, and what drafts 3 and 4 say otherwise), in the documented form of faults."""

import json
import operator
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from time import monotonic
from typing import Any

import orjson
from jsonschema import Draft7Validator
from jsonschema.exceptions import UnknownType, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import create, extend  # pyright: ignore[reportUnknownVariableType] -- its stubs are partial
from referencing.exceptions import Unresolvable
from referencing.jsonschema import EMPTY_REGISTRY

from ..errors import LONGEST_QUOTED, Fault, cut
from ..json import Json, JsonObject, is_array, is_number, is_object
from ..json_pointers import pointer_to
from ..language.errors import LanguageError
from ..language.javascript.coercion import number, text
from ..language.patterns import MATCH_SECONDS, Pattern, SlowMatchError
from .cost import QUICK_SEARCH_SECONDS, AtOnce, TooMuchAtOnce, is_small
from .formats import fits

MOST_FAULTS = 100
LONGEST_REASON = 1000  # characters
MOST_KEYWORDS = 1_000_000  # applied, each as often as it meets a value
SEARCH_SECONDS = 5.0  # of all patterns together


class SchemaBroken(LanguageError):
    """The schema cannot be applied to the value, beyond what was found until then."""

    def __init__(self, message: str, found: list[Fault]) -> None:
        super().__init__(message)
        self.found = found


class _Work:
    """What is left of the work on one value."""

    def __init__(self) -> None:
        self._keywords = MOST_KEYWORDS
        self._seconds = SEARCH_SECONDS

    def apply(self, keyword: str, argument: Json, instance: Json) -> None:
        self._keywords -= 1
        if self._keywords < 0:
            raise LanguageError(f"Checking this value applies more than {MOST_KEYWORDS:,} keywords")

    def tell(self) -> None:
        """An error was found, and its message written."""

    def search(self, pattern: str, within: str) -> bool:
        started = monotonic()
        found = Pattern(pattern).search(within, seconds=min(MATCH_SECONDS, max(self._seconds, 0.001)))
        self._seconds -= monotonic() - started
        if self._seconds < 0:
            raise LanguageError(f"Checking this value searches for patterns for more than {SEARCH_SECONDS:g} s")
        return found is not None


class _QuickWork(_Work):
    """What may be done without leaving the event loop, or the thread of a job's step, to others."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._left = AtOnce(size)

    def apply(self, keyword: str, argument: Json, instance: Json) -> None:
        self._left.apply(keyword, argument, instance)

    def tell(self) -> None:
        self._left.tell()

    def search(self, pattern: str, within: str) -> bool:
        self._left.search(pattern, within)
        started = monotonic()
        try:
            return Pattern(pattern).search(within, seconds=QUICK_SEARCH_SECONDS) is not None
        except SlowMatchError:
            raise TooMuchAtOnce from None
        finally:
            self._left.spend(monotonic() - started)


# The validator makes copies of itself on the way down and has no place for a count that they share.
_work: ContextVar[_Work] = ContextVar("work")


def check(schema: JsonObject, value: Json, found: list[Fault]) -> None:
    """Append to `found` what is wrong with the value, at most MOST_FAULTS; SchemaBroken where that cannot be said."""
    _check(schema, value, found, _Work())


def check_at_once(schema: JsonObject, value: Json) -> list[Fault] | None:
    """The faults, as `check` finds them, where that takes a few milliseconds at most; else None, just as soon."""
    found: list[Fault] = []
    if not schema:
        return found
    size = is_small(schema, value)
    if size is None:
        return None
    try:
        _check(schema, value, found, _QuickWork(size))
    except TooMuchAtOnce:
        return None
    return found


def _check(schema: JsonObject, value: Json, found: list[Fault], work: _Work) -> None:
    before = _work.set(work)
    # An empty registry: a schema that points elsewhere must not make the server fetch it.
    validator = _validator_of(schema)(schema, registry=EMPTY_REGISTRY)
    try:
        for error in validator.iter_errors(value):
            found.append(_fault(error))
            if len(found) == MOST_FAULTS:
                break
    except (Unresolvable, UnknownType, LanguageError, RecursionError, *_OF_ODD_ARGUMENTS) as broken:
        raise SchemaBroken(_reason(broken)[:LONGEST_REASON], found) from None
    finally:
        _work.reset(before)


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


def _counted(name: str, keyword: Any) -> Any:
    def apply(validator: Any, argument: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        work = _work.get()
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


def _required(validator: Validator, required: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    # Published documents use draft 3's `required: true` inside properties (workflow documents, 3): no rule here.
    if is_array(required) and is_object(instance):
        for name in required:
            if name not in instance:
                yield ValidationError(f"must have required property '{name}'")


def _type(validator: Any, types: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    allowed = types if is_array(types) else [types]
    if instance is None and schema.get("nullable") is True:
        return
    # Draft 3 has the type "any", and schemas among the types.
    if not any(_is_of_type(validator, one, instance) for one in allowed):
        yield ValidationError(f"must be {','.join('a schema' if is_object(one) else str(one) for one in allowed)}")


def _is_of_type(validator: Any, one: Any, instance: Any) -> bool:
    if is_object(one):
        return bool(validator.evolve(schema=one).is_valid(instance))
    return one == "any" or bool(validator.is_type(instance, one))


def _disallow(validator: Any, types: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if not any(True for _ in _type(validator, types, instance, {})):
        yield ValidationError("must NOT be valid")


def _extends(validator: Any, parts: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if is_object(parts):
        yield from validator.descend(instance, parts)
    else:
        for at, part in enumerate(parts):
            yield from validator.descend(instance, part, schema_path=at)


def _dependencies(validator: Any, dependencies: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    # Draft 3 names a single property without an array.
    written = {name: [needed] if isinstance(needed, str) else needed for name, needed in dependencies.items()}
    yield from Draft7Validator.VALIDATORS["dependencies"](validator, written, instance, schema) or ()


def _dependent_required(validator: Any, dependencies: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if is_object(instance):
        for name, needed in dependencies.items():
            if name in instance:
                yield from _required(validator, needed, instance, schema)


def _dependent_schemas(validator: Any, dependencies: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if is_object(instance):
        for name, part in dependencies.items():
            if name in instance:
                yield from validator.descend(instance, part, schema_path=name)


def _limit(name: str, exclusive: str, sign: str, beyond: Callable[[Any, Any], bool]) -> Any:
    """`maximum` or `minimum`, which draft 4 makes exclusive by a boolean beside it."""

    def apply(validator: Validator, limit: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        if not is_number(instance):
            return
        if schema.get(exclusive) is True:
            if not beyond(limit, instance):
                yield ValidationError(f"must be {sign} {text(limit)}")
        else:
            yield from Draft7Validator.VALIDATORS[name](validator, limit, instance, schema) or ()

    return apply


def _exclusive(name: str) -> Any:
    def apply(validator: Validator, limit: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        if not isinstance(limit, bool):
            yield from Draft7Validator.VALIDATORS[name](validator, limit, instance, schema) or ()

    return apply


def _not_applied(name: str) -> Any:
    def apply(validator: Validator, argument: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        raise LanguageError(f"the keyword {name} of a newer draft is not applied here: write it with those of draft 7")

    return apply


def _format(validator: Validator, name: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if not fits(name, instance):
        yield ValidationError(f'must match format "{name}"')


def _pattern(validator: Validator, pattern: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and isinstance(pattern, str) and not _work.get().search(pattern, instance):
        yield ValidationError(f'must match pattern "{pattern}"')


def _property_names(validator: Any, argument: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if is_object(instance):
        for name in instance:
            for error in validator.descend(name, argument):
                error.message = f"property name '{cut(name, LONGEST_QUOTED)}' is invalid: {error.message}"
                yield error


def _pattern_properties(validator: Any, patterns: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if is_object(instance) and is_object(patterns):
        for pattern, part in patterns.items():
            for name, value in instance.items():
                if _work.get().search(pattern, name):
                    yield from validator.descend(value, part, path=name, schema_path=pattern)


def _additional_properties(validator: Any, argument: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if not is_object(instance):
        return
    work, named, patterns = _work.get(), schema.get("properties", {}), schema.get("patternProperties", {})
    extras = [
        name for name in instance if name not in named and not any(work.search(pattern, name) for pattern in patterns)
    ]
    if is_object(argument):
        for extra in extras:
            yield from validator.descend(instance[extra], argument, path=extra)
    elif not argument and extras:
        listed = ", ".join(repr(extra) for extra in sorted(extras))
        if "patternProperties" in schema:
            verb = "does" if len(extras) == 1 else "do"
            known = ", ".join(repr(pattern) for pattern in sorted(patterns))
            yield ValidationError(f"{listed} {verb} not match any of the regexes: {known}")
        else:
            verb = "was" if len(extras) == 1 else "were"
            yield ValidationError(f"Additional properties are not allowed ({listed} {verb} unexpected)")


def _unique_items(validator: Validator, unique: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if unique and is_array(instance) and len({_spelled(item) for item in instance}) < len(instance):
        yield ValidationError("must NOT have duplicate items")


def _spelled(value: Json) -> bytes:
    """The same for values that are equal: 1 and 1.0, and objects whatever the order of their keys."""
    try:
        written = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
        # A fraction or an exponent stands in it, or a text that looks like one.
        return written if b"." not in written else orjson.dumps(_normal(value), option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:  # long integers and halves of surrogate pairs, which equal nothing that is not
        return json.dumps(_normal(value), sort_keys=True).encode()


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
    "format": _format,
    "propertyNames": _property_names,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "uniqueItems": _unique_items,
    "maximum": _limit("maximum", "exclusiveMaximum", "<", operator.gt),
    "minimum": _limit("minimum", "exclusiveMinimum", ">", operator.lt),
    "exclusiveMaximum": _exclusive("exclusiveMaximum"),
    "exclusiveMinimum": _exclusive("exclusiveMinimum"),
    "dependencies": _dependencies,
    "dependentRequired": _dependent_required,
    "dependentSchemas": _dependent_schemas,
    "divisibleBy": Draft7Validator.VALIDATORS["multipleOf"],
    "disallow": _disallow,
    "extends": _extends,
    # To leave these out would let pass what they forbid.
    **{
        name: _not_applied(name)
        for name in (
            "prefixItems",
            "unevaluatedItems",
            "unevaluatedProperties",
            "minContains",
            "maxContains",
            "$dynamicRef",
            "$recursiveRef",
        )
    },
}


def _all_of(schema: Any) -> Any:
    return schema.items()


_create: Any = create  # pyright: ignore[reportUnknownVariableType] -- as its stubs are partial
_BESIDE_REFERENCES: Any = _create(
    meta_schema=Draft7Validator.META_SCHEMA,
    validators={name: _counted(name, keyword) for name, keyword in _KEYWORDS.items()},
    type_checker=Draft7Validator.TYPE_CHECKER,
    id_of=Draft7Validator.ID_OF,
    applicable_validators=_all_of,
)
_REFERENCES_ALONE: Any = extend(  # pyright: ignore[reportUnknownVariableType] -- as above
    Draft7Validator, _BESIDE_REFERENCES.VALIDATORS
)


def _validator_of(schema: JsonObject) -> Any:
    """In drafts 3 and 4 nothing beside a `$ref` counts; ajv 8 applies what stands there in all others."""
    draft = schema.get("$schema")
    alone = isinstance(draft, str) and ("draft-03" in draft or "draft-04" in draft)
    return _REFERENCES_ALONE if alone else _BESIDE_REFERENCES


def _fault(error: ValidationError) -> Fault:
    return Fault(
        keyword=str(error.validator),
        instance_path=cut(pointer_to(error.absolute_path), LONGEST_QUOTED),
        schema_path=cut(f"#{pointer_to(error.absolute_schema_path)}", LONGEST_QUOTED),
        message=cut(error.message, LONGEST_QUOTED),  # the validator quotes the whole value
    )


def faults_of(schema: JsonObject, value: Json, what: str = "the workflow's inputSchema") -> list[Fault]:
    """What is wrong with the value, at most MOST_FAULTS; a schema that is itself broken is one fault, by `what`."""
    found: list[Fault] = []
    try:
        check(schema, value, found)
    except SchemaBroken as broken:
        found.append(Fault("schema", "", "#", f"{what} cannot be applied: {broken.message}"))
    return found
