"""The documented routes of templates, transformations and JSON forms, in shapes of their own.

See reference/clients.md#assets.
"""

from typing import Final
from urllib.parse import quote

from ...models.json import Json, JsonObject
from ..rest.route import ANY_OBJECT, OBJECTS, Answer, Given, RestRoute, bare, changes

_TEMPLATES: Final = "/automation-studio/templates"
_FORMS: Final = "/json-forms/forms"


def _holding(key: str, schema: JsonObject) -> JsonObject:
    return {"type": "object", "required": [key], "properties": {key: schema}}


def _id(given: Given) -> JsonObject:
    return {"id": given.path["id"]}


def _template(given: Given) -> JsonObject:
    return {"document": given.body["template"]}


def _templates(given: Given) -> JsonObject:
    return {"documents": given.body["templates"]}


def _template_update(given: Given) -> JsonObject:
    return {"id": given.path["id"], "changes": given.body["update"]}


def _document(given: Given) -> JsonObject:
    return {"document": given.body}


def _documents(given: Given) -> JsonObject:
    return {"documents": [given.body]}


def _forms(given: Given) -> JsonObject:
    return {"documents": given.body["forms"]}


def _ids(given: Given) -> JsonObject:
    return {"ids": given.body["ids"]}


def _found(found: Json) -> Answer:
    return Answer(found["documented"])


def _edited(kind: str, found: Json) -> Answer:
    template: JsonObject = found["documented"]
    return Answer({kind: template, "edit": f"/automation-studio/#/edit?tab=0&template={quote(str(template['name']))}"})


def _created(found: Json) -> Answer:
    return _edited("created", found)


def _updated(found: Json) -> Answer:
    return _edited("updated", found)


def _brought(found: Json) -> list[JsonObject]:
    """An entry for each: `original` and `created` are the same here, since nothing is renamed."""
    return [
        {
            "success": one["success"],
            "message": one["message"] or f"Successfully imported '{one['documented'].get('name')}'",
            "original": one["documented"],
            "created": one["documented"],
        }
        for one in found
    ]


def _status(found: Json) -> int:
    """200 where something came in: clients read the entries only then."""
    return 200 if not found or any(one["success"] for one in found) else 409


def _templates_imported(found: Json) -> Answer:
    if _status(found) != 200:
        return Answer(_brought(found), found[0]["message"], status=409)
    return Answer({"imported": _brought(found)})


def _forms_imported(found: Json) -> Answer:
    if _status(found) != 200:
        return Answer(_brought(found), found[0]["message"], status=409)
    count = sum(one["success"] for one in found)
    return Answer(
        {"message": f"Successfully imported {count} JSON form(s)", "status": "success", "imported": _brought(found)}
    )


def _one_imported(found: Json) -> Answer:
    (one,) = found
    return Answer(one["documented"]) if one["success"] else Answer(None, one["message"], status=409)


def _form_made(found: Json) -> Answer:
    return Answer({"status": "success", "n": 1, "doc": found["documented"]})


def _forms_deleted(found: Json) -> Answer:
    return Answer({"status": "success", "n": len(found), "deleted": [one["id"] for one in found]})


def _gone(found: Json) -> Answer:
    return Answer(None, status=204)


ROUTES: Final = (
    RestRoute(
        "POST", _TEMPLATES, "create_template", "", _template, _holding("template", ANY_OBJECT), answer=_created,
        response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", f"{_TEMPLATES}/import", "import_templates", "", _templates, _holding("templates", OBJECTS),
        answer=_templates_imported, response=ANY_OBJECT,
    ),
    RestRoute("GET", f"{_TEMPLATES}/{{id}}", "get_template", "", _id, answer=_found, response=ANY_OBJECT),
    RestRoute(
        "PUT", f"{_TEMPLATES}/{{id}}", "update_template", "", _template_update, _holding("update", ANY_OBJECT),
        answer=_updated, response=ANY_OBJECT,
    ),
    RestRoute("DELETE", f"{_TEMPLATES}/{{id}}", "delete_template", "", _id, answer=_found, response=ANY_OBJECT),
    RestRoute(
        "GET", f"{_TEMPLATES}/{{id}}/export", "export_template", "", _id, answer=bare, response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", "/transformations", "create_transformation", "", _document, ANY_OBJECT, answer=_found,
        response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", "/transformations/import", "import_transformations", "", _documents, ANY_OBJECT,
        answer=_one_imported, response=ANY_OBJECT,
    ),
    RestRoute("GET", "/transformations/{id}", "get_transformation", "", _id, answer=_found, response=ANY_OBJECT),
    RestRoute(
        "PUT", "/transformations/{id}", "update_transformation", "", changes, ANY_OBJECT, answer=_found,
        response=ANY_OBJECT,
    ),
    RestRoute("DELETE", "/transformations/{id}", "delete_transformation", "", _id, answer=_gone, response={}),
    RestRoute("POST", _FORMS, "create_form", "", _document, ANY_OBJECT, answer=_form_made, response=ANY_OBJECT),
    RestRoute(
        "DELETE", _FORMS, "delete_forms", "", _ids, _holding("ids", {"type": "array", "items": {"type": "string"}}),
        answer=_forms_deleted, response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", "/json-forms/import/forms", "import_forms", "", _forms, _holding("forms", OBJECTS),
        answer=_forms_imported, response=ANY_OBJECT,
    ),
    RestRoute("GET", f"{_FORMS}/{{id}}", "get_form", "", _id, answer=_found, response=ANY_OBJECT),
    RestRoute(
        "PUT", f"{_FORMS}/{{id}}", "update_form", "", changes, ANY_OBJECT, answer=_form_made, response=ANY_OBJECT,
    ),
)  # fmt: skip
