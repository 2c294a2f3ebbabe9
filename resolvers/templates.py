"""Finding templates."""

from ..models.documents.workflow import Template
from ..models.json import JsonObject


async def find(name: str) -> JsonObject | None:
    """The template of exactly this name, as it was imported."""
    found = await Template.find_one(Template.name == name)
    return None if found is None else found.document
