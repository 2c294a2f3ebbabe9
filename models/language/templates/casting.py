"""What a rendered text means as another type: the documented values of `castDataType`."""

import math
from typing import Literal, TypeAlias, TypeGuard, get_args

from ...json import Json
from ..errors import LanguageError
from ..javascript.coercion import number, to_number
from ..javascript.json_text import from_json

DataType: TypeAlias = Literal["string", "object", "number", "boolean"]
DATA_TYPES: tuple[str, ...] = get_args(DataType)


def is_data_type(name: str) -> TypeGuard[DataType]:
    return name in DATA_TYPES


def cast(rendered: str, data_type: DataType) -> Json:
    """`object` is any JSON; `boolean` is true or false in whatever case, since Jinja2 writes True and False."""
    match data_type:
        case "string":
            return rendered
        case "object":
            return _json(rendered)
        case "number":
            value = to_number(rendered) if rendered.strip() else math.nan
            if not math.isfinite(value):
                raise LanguageError(f"The rendered text is not a number: {_shortened(rendered)}.")
            return number(value)
        case "boolean":
            word = rendered.strip().lower()
            if word not in ("true", "false"):
                raise LanguageError(f"The rendered text is neither true nor false: {_shortened(rendered)}.")
            return word == "true"


def _json(rendered: str) -> Json:
    try:
        return from_json(rendered)
    except LanguageError as fault:
        raise LanguageError(
            f"{fault} It was rendered to be cast to an object and begins with {_shortened(rendered)}; "
            "the filter `tojson` writes a value as JSON."
        ) from None


def _shortened(rendered: str) -> str:
    return repr(rendered if len(rendered) <= 80 else f"{rendered[:80]}...")
