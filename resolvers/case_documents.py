"""The templates and forms that a rehearsed case brings along, found as the server finds stored ones."""

from ..models.errors import FormNotFound
from ..models.json import JsonObject, array_at, is_object, text_at


class CaseDocuments:
    def __init__(self, case: JsonObject) -> None:
        self._templates = {text_at(one, "name"): one for one in array_at(case, "templates") if is_object(one)}
        self._forms = [one for one in array_at(case, "forms") if is_object(one)]

    async def template(self, name: str, near: str = "") -> JsonObject | None:
        return self._templates.get(name)

    async def form(self, id_or_name: str) -> JsonObject:
        for key in ("_id", "id", "name"):
            for form in self._forms:
                if form.get(key) == id_or_name:
                    return form
        raise FormNotFound(id_or_name)
