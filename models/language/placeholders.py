"""`<!name!>` in the text of makeData and of the tasks that people see."""

import re

from ..json import JsonObject
from .errors import LanguageError
from .javascript import to_json

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
