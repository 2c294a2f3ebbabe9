"""Keywords of schemas that jsonschema applies otherwise: drafts 3 and 4, bounded patterns, and the wording of ajv."""

import json
import operator
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final, Protocol, TypeAlias

import orjson
from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError

from ..errors import LONGEST_QUOTED, cut
from ..json import Json, is_array, is_number, is_object
from ..language.errors import LanguageError
from ..language.javascript.coercion import number, text
from .formats import fits
from .work import current_work

Errors: TypeAlias = Iterator[ValidationError]


class Validator(Protocol):
    """What keywords use of a validator of jsonschema."""

    def descend(
        self, instance: Json, schema: Json, path: str | int | None = None, schema_path: str | int | None = None
    ) -> Errors: ...
    def evolve(self, *, schema: Json) -> "Validator": ...
    def is_type(self, instance: Json, type: Json) -> bool: ...
    def is_valid(self, instance: Json) -> bool: ...


Schema: TypeAlias = Mapping[str, object]  # our own, or an author's with whatever stands in it
Keyword: TypeAlias = Callable[[Validator, Json, Json, Schema], Errors]


def _draft_7(name: str) -> Keyword:
    """The keyword as jsonschema applies it."""
    return Draft7Validator.VALIDATORS[name]


# What a keyword cannot have raises TypeError, of which the checking makes a refusal of the schema.
def _object(argument: Json) -> Mapping[str, Json]:
    if not is_object(argument):
        raise TypeError("an object is needed")
    return argument


def _elements(argument: object) -> Collection[Json]:
    if is_object(argument) or is_array(argument) or isinstance(argument, str):
        return argument
    raise TypeError("names are needed")


def _text(argument: Json) -> str:
    if not isinstance(argument, str):
        raise TypeError("a text is needed")
    return argument


def _required(validator: Validator, required: Json, instance: Json, schema: Schema) -> Errors:
    # Published documents use draft 3's `required: true` inside properties (workflow documents, 3): no rule here.
    if is_array(required) and is_object(instance):
        for name in required:
            if name not in instance:
                yield ValidationError(f"must have required property '{name}'")


def _type(validator: Validator, types: Json, instance: Json, schema: Schema) -> Errors:
    allowed = types if is_array(types) else [types]
    if instance is None and schema.get("nullable") is True:
        return
    # Draft 3 has the type "any", and schemas among the types.
    if not any(_is_of_type(validator, one, instance) for one in allowed):
        yield ValidationError(f"must be {','.join('a schema' if is_object(one) else str(one) for one in allowed)}")


def _is_of_type(validator: Validator, one: Json, instance: Json) -> bool:
    if is_object(one):
        return validator.evolve(schema=one).is_valid(instance)
    return one == "any" or validator.is_type(instance, one)


def _disallow(validator: Validator, types: Json, instance: Json, schema: Schema) -> Errors:
    if not any(True for _ in _type(validator, types, instance, {})):
        yield ValidationError("must NOT be valid")


def _extends(validator: Validator, parts: Json, instance: Json, schema: Schema) -> Errors:
    if is_object(parts):
        yield from validator.descend(instance, parts)
    else:
        for at, part in enumerate(_elements(parts)):
            yield from validator.descend(instance, part, schema_path=at)


def _dependencies(validator: Validator, dependencies: Json, instance: Json, schema: Schema) -> Errors:
    # Draft 3 names a single property without an array.
    written: Json = {
        name: [needed] if isinstance(needed, str) else needed for name, needed in _object(dependencies).items()
    }
    yield from _draft_7("dependencies")(validator, written, instance, schema) or ()


def _dependent_required(validator: Validator, dependencies: Json, instance: Json, schema: Schema) -> Errors:
    if is_object(instance):
        for name, needed in _object(dependencies).items():
            if name in instance:
                yield from _required(validator, needed, instance, schema)


def _dependent_schemas(validator: Validator, dependencies: Json, instance: Json, schema: Schema) -> Errors:
    if is_object(instance):
        for name, part in _object(dependencies).items():
            if name in instance:
                yield from validator.descend(instance, part, schema_path=name)


def _limit(name: str, exclusive: str, sign: str, beyond: Callable[[float, float], bool]) -> Keyword:
    """`maximum` or `minimum`, which draft 4 makes exclusive by a boolean beside it."""

    def apply(validator: Validator, limit: Json, instance: Json, schema: Schema) -> Errors:
        if not is_number(instance):
            return
        if schema.get(exclusive) is True:
            if not isinstance(limit, (int, float)):
                raise TypeError("a number is needed")
            if not beyond(limit, instance):
                yield ValidationError(f"must be {sign} {text(limit)}")
        else:
            yield from _draft_7(name)(validator, limit, instance, schema) or ()

    return apply


def _exclusive(name: str) -> Keyword:
    def apply(validator: Validator, limit: Json, instance: Json, schema: Schema) -> Errors:
        if not isinstance(limit, bool):
            yield from _draft_7(name)(validator, limit, instance, schema) or ()

    return apply


def _not_applied(name: str) -> Keyword:
    def apply(validator: Validator, argument: Json, instance: Json, schema: Schema) -> Errors:
        raise LanguageError(f"the keyword {name} of a newer draft is not applied here: write it with those of draft 7")

    return apply


def _format(validator: Validator, name: Json, instance: Json, schema: Schema) -> Errors:
    if not fits(name, instance):
        yield ValidationError(f'must match format "{name}"')


def _pattern(validator: Validator, pattern: Json, instance: Json, schema: Schema) -> Errors:
    if isinstance(instance, str) and isinstance(pattern, str) and not current_work.get().search(pattern, instance):
        yield ValidationError(f'must match pattern "{pattern}"')


def _property_names(validator: Validator, argument: Json, instance: Json, schema: Schema) -> Errors:
    if is_object(instance):
        for name in instance:
            for error in validator.descend(name, argument):
                error.message = f"property name '{cut(name, LONGEST_QUOTED)}' is invalid: {error.message}"
                yield error


def _pattern_properties(validator: Validator, patterns: Json, instance: Json, schema: Schema) -> Errors:
    if is_object(instance) and is_object(patterns):
        for pattern, part in patterns.items():
            for name, value in instance.items():
                if current_work.get().search(pattern, name):
                    yield from validator.descend(value, part, path=name, schema_path=pattern)


def _additional_properties(validator: Validator, argument: Json, instance: Json, schema: Schema) -> Errors:
    if not is_object(instance):
        return
    work, named, patterns = current_work.get(), schema.get("properties", {}), schema.get("patternProperties", {})
    extras = [
        name
        for name in instance
        if name not in _elements(named)
        and not any(work.search(_text(pattern), name) for pattern in _elements(patterns))
    ]
    if is_object(argument):
        for extra in extras:
            yield from validator.descend(instance[extra], argument, path=extra)
    elif not argument and extras:
        listed = ", ".join(repr(extra) for extra in sorted(extras))
        if "patternProperties" in schema:
            verb = "does" if len(extras) == 1 else "do"
            known = ", ".join(repr(pattern) for pattern in sorted(map(_text, _elements(patterns))))
            yield ValidationError(f"{listed} {verb} not match any of the regexes: {known}")
        else:
            verb = "was" if len(extras) == 1 else "were"
            yield ValidationError(f"Additional properties are not allowed ({listed} {verb} unexpected)")


def _unique_items(validator: Validator, unique: Json, instance: Json, schema: Schema) -> Errors:
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


KEYWORDS: Final[dict[str, Keyword]] = {
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
    "divisibleBy": _draft_7("multipleOf"),
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
