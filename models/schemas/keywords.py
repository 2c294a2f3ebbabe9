"""Keywords of schemas that jsonschema applies otherwise: drafts 3 and 4, bounded patterns, and the wording of ajv."""

import json
import operator
from collections.abc import Callable, Iterator
from typing import Any, Final

import orjson
from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator

from ..errors import LONGEST_QUOTED, cut
from ..json import Json, is_array, is_number, is_object
from ..language.errors import LanguageError
from ..language.javascript.coercion import number, text
from .formats import fits
from .work import current_work


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
    if isinstance(instance, str) and isinstance(pattern, str) and not current_work.get().search(pattern, instance):
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
                if current_work.get().search(pattern, name):
                    yield from validator.descend(value, part, path=name, schema_path=pattern)


def _additional_properties(validator: Any, argument: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if not is_object(instance):
        return
    work, named, patterns = current_work.get(), schema.get("properties", {}), schema.get("patternProperties", {})
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


KEYWORDS: Final[dict[str, Any]] = {
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
