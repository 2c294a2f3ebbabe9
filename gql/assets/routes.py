"""The documented routes of templates, transformations and JSON forms. Answers have shapes of their own.

See reference/clients.md#assets.
"""

from typing import Final, TypedDict
from urllib.parse import quote

from ...models.errors import RequestInvalid
from ...models.json import Json, JsonObject, object_at
from ...models.json_schema import JsonSchema
from ..rest.envelope import STATUS
from ..rest.route import (
    ANY_OBJECT,
    OBJECTS,
    Answer,
    RestRoute,
    RouteRequest,
    Variables,
    change_variables,
    document_variable,
    id_variable,
    unchanged,
)

_TEMPLATES: Final = "/automation-studio/templates"
_FORMS: Final = "/json-forms/forms"


def _object_with(key: str, schema: JsonSchema) -> JsonSchema:
    return {"type": "object", "required": [key], "properties": {key: schema}}


def _template_document(request: RouteRequest) -> Variables:
    return {"document": request.fields["template"]}


def _template_documents(request: RouteRequest) -> Variables:
    return {"documents": request.fields["templates"]}


def _template_update(request: RouteRequest) -> Variables:
    return {"id": request.path["id"], "changes": request.fields["update"]}


def _single_document(request: RouteRequest) -> Variables:
    return {"documents": [request.body]}


def _form_documents(request: RouteRequest) -> Variables:
    return {"documents": request.fields["forms"]}


def _form_ids(request: RouteRequest) -> Variables:
    return {"ids": request.fields["ids"]}


class _Form(TypedDict):
    documented: JsonObject


class _Imported(TypedDict):
    success: bool
    code: str | None
    message: str | None
    documented: JsonObject | None


class _Deleted(TypedDict):
    id: str


def _with_edit_page(kind: str, found: _Form) -> Answer:
    template = found["documented"]
    return Answer({kind: template, "edit": f"/automation-studio/#/edit?tab=0&template={quote(str(template['name']))}"})


def _created_answer(found: _Form) -> Answer:
    return _with_edit_page("created", found)


def _updated_answer(found: _Form) -> Answer:
    return _with_edit_page("updated", found)


def _import_results(found: list[_Imported]) -> list[Json]:
    """A result for each document. `original` and `created` are equal, since an import renames no document."""
    return [
        {
            "success": result["success"],
            "message": result["message"] or f"Successfully imported '{object_at(result, 'documented').get('name')}'",
            "original": result["documented"],
            "created": result["documented"],
        }
        for result in found
    ]


def _all_refused(found: list[_Imported], data: Json) -> Answer | None:
    """The answer where nothing was imported, with the code of the first refusal; None where anything was."""
    if not found or any(result["success"] for result in found):
        return None
    code = found[0]["code"] or RequestInvalid.code
    return Answer(data, found[0]["message"], {"code": code}, STATUS.get(code, 409))


def _template_import_answer(found: list[_Imported]) -> Answer:
    results = _import_results(found)
    return _all_refused(found, results) or Answer({"imported": results})


def _form_import_answer(found: list[_Imported]) -> Answer:
    if refused := _all_refused(found, _import_results(found)):
        return refused
    count = sum(result["success"] for result in found)
    return Answer(
        {
            "message": f"Successfully imported {count} JSON form(s)",
            "status": "success",
            "imported": _import_results(found),
        }
    )


def _single_import_answer(found: list[_Imported]) -> Answer:
    return _all_refused(found, None) or Answer(found[0]["documented"])


def _form_answer(found: _Form) -> Answer:
    return Answer({"status": "success", "n": 1, "doc": found["documented"]})


def _form_deletion_answer(found: list[_Deleted]) -> Answer:
    return Answer({"status": "success", "n": len(found), "deleted": [form["id"] for form in found]})


def _no_content(found: Json) -> Answer:
    return Answer(None, status=204)


ROUTES: Final = (
    RestRoute(
        "POST", _TEMPLATES, "create_template", "", _template_document, _object_with("template", ANY_OBJECT),
        answer=_created_answer, response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", f"{_TEMPLATES}/import", "import_templates", "", _template_documents, _object_with("templates", OBJECTS),
        answer=_template_import_answer, response=ANY_OBJECT,
    ),
    RestRoute("GET", f"{_TEMPLATES}/{{id}}", "get_template", "", id_variable, response=ANY_OBJECT),
    RestRoute(
        "PUT", f"{_TEMPLATES}/{{id}}", "update_template", "", _template_update, _object_with("update", ANY_OBJECT),
        answer=_updated_answer, response=ANY_OBJECT,
    ),
    RestRoute("DELETE", f"{_TEMPLATES}/{{id}}", "delete_template", "", id_variable, response=ANY_OBJECT),
    RestRoute(
        "GET", f"{_TEMPLATES}/{{id}}/export", "export_template", "", id_variable, answer=unchanged, response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", "/transformations", "create_transformation", "", document_variable, ANY_OBJECT,
        response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", "/transformations/import", "import_transformations", "", _single_document, ANY_OBJECT,
        answer=_single_import_answer, response=ANY_OBJECT,
    ),
    RestRoute("GET", "/transformations/{id}", "get_transformation", "", id_variable, response=ANY_OBJECT),
    RestRoute(
        "PUT", "/transformations/{id}", "update_transformation", "", change_variables, ANY_OBJECT,
        response=ANY_OBJECT,
    ),
    RestRoute(
        "DELETE", "/transformations/{id}", "delete_transformation", "", id_variable, answer=_no_content, response={},
    ),
    RestRoute(
        "POST", _FORMS, "create_form", "", document_variable, ANY_OBJECT, answer=_form_answer, response=ANY_OBJECT,
    ),
    RestRoute(
        "DELETE", _FORMS, "delete_forms", "", _form_ids,
        _object_with("ids", {"type": "array", "items": {"type": "string"}}), answer=_form_deletion_answer,
        response=ANY_OBJECT,
    ),
    RestRoute(
        "POST", "/json-forms/import/forms", "import_forms", "", _form_documents, _object_with("forms", OBJECTS),
        answer=_form_import_answer, response=ANY_OBJECT,
    ),
    RestRoute("GET", f"{_FORMS}/{{id}}", "get_form", "", id_variable, response=ANY_OBJECT),
    RestRoute(
        "PUT", f"{_FORMS}/{{id}}", "update_form", "", change_variables, ANY_OBJECT, answer=_form_answer,
        response=ANY_OBJECT,
    ),
)  # fmt: skip
