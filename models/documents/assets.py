"""What an editor begins with that makes a template, a transformation or a form (clients facts), and what must hold."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from ..json import JsonObject

AssetKind: TypeAlias = Literal["template", "transformation", "form"]

LONGEST_NAME: Final = 1_000
NAMED: Final[JsonObject] = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME}},
}
NEW: Final[Mapping[AssetKind, JsonObject]] = MappingProxyType(
    {
        "template": {
            "group": "",
            "type": "jinja2",
            "description": "",
            "command": "",
            "template": "",
            "data": "",
            "tags": [],
        },
        "transformation": {
            "description": "",
            "incoming": [],
            "outgoing": [],
            "steps": [],
            "functions": [],
            "comments": [],
            "tags": [],
            "view": {"col": 2, "row": 5},
        },
        "form": {
            "description": "",
            "struct": {"type": "object", "description": "", "items": []},
            "schema": {"type": "object", "properties": {}, "required": []},
            "uiSchema": {},
            "bindingSchema": {},
            "validationSchema": {},
        },
    }
)
"""By kind, without what a document brings itself."""
