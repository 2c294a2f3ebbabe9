"""Finding templates."""

from ..models.access import SYSTEM
from ..models.json import JsonObject
from .projects import names


async def find(name: str, near: str = "") -> JsonObject | None:
    """The template of exactly this name, as it was imported, or else as projects call it (see `names.find`)."""
    return await names.find("template", name, SYSTEM, near)
