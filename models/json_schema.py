"""JSON Schemas of our own: of the bodies of routes, of what OpenAPI describes, and of documents that are brought in.

The schemas of authors are other people's JSON, and may hold anything: models/schemas applies both kinds.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from typing_extensions import TypedDict

from .json import Json

JsonType: TypeAlias = Literal["object", "array", "string", "integer", "number", "boolean", "null"]

# The keyword `$ref` is no name of Python: hence this form.
JsonSchema = TypedDict(
    "JsonSchema",
    {
        "$ref": str,
        "type": JsonType | Sequence[JsonType],
        "description": str,
        "default": Json,
        "enum": Sequence[Json],
        "const": Json,
        "anyOf": Sequence["JsonSchema"],
        "if": "JsonSchema",
        "then": "JsonSchema",
        "properties": Mapping[str, "JsonSchema"],
        "required": Sequence[str],
        "additionalProperties": "bool | JsonSchema",
        "items": "JsonSchema",
        "minItems": int,
        "maxItems": int,
        "minimum": int,
        "maximum": int,
        "minLength": int,
        "maxLength": int,
        "pattern": str,
        "format": str,
        "example": Json,
    },
    total=False,
    closed=True,
)
