"""Templates, transformations and JSON forms over their documented routes, as the vendor's command line calls them."""

from typing import Any

import pytest

from ..doors import Doors

pytestmark = pytest.mark.anyio

TEMPLATES, TRANSFORMATIONS, FORMS = "/automation-studio/templates", "/transformations", "/json-forms/forms"


async def asked(doors: Doors, verb: str, path: str, body: Any = None, status: int = 200) -> Any:
    answer = await doors.http.request(verb, path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


async def test_a_template_is_made_changed_handed_out_brought_back_and_deleted(doors: Doors) -> None:
    given = {"name": "hello", "group": "g", "type": "jinja2", "description": "d"}
    made = (await asked(doors, "POST", TEMPLATES, {"template": given}))["created"]
    assert ({key: made[key] for key in given}, made["template"], made["createdBy"]) == (given, "", made["createdBy"])
    path = f"{TEMPLATES}/{made['_id']}"
    update = {"name": "hello", "template": "Hello, {{ who }}", "group": None}
    changed = (await asked(doors, "PUT", path, {"update": update}))["updated"]
    assert (changed["template"], changed["group"], changed["_id"]) == ("Hello, {{ who }}", "g", made["_id"])
    exported = await asked(doors, "GET", f"{path}/export")
    assert exported == await asked(doors, "GET", path) == changed
    taken = await asked(doors, "POST", TEMPLATES, {"template": given}, 409)
    assert taken["metadata"]["code"] == "NAME_TAKEN"
    refused = await asked(doors, "POST", f"{TEMPLATES}/import", {"templates": [exported]}, 409)
    assert refused["message"].startswith("There is a template 'hello' already")
    assert refused["metadata"] == {"code": "NAME_TAKEN"}
    assert (await asked(doors, "DELETE", path))["_id"] == made["_id"]
    (one,) = (await asked(doors, "POST", f"{TEMPLATES}/import", {"templates": [exported]}))["imported"]
    assert (one["success"], one["original"]["_id"], one["original"]["template"]) == (
        True,
        made["_id"],
        "Hello, {{ who }}",
    )
    assert (await asked(doors, "GET", f"{TEMPLATES}/nope", status=404))["metadata"]["code"] == "TEMPLATE_NOT_FOUND"


async def test_a_transformation_keeps_its_id_and_is_deleted_without_a_body(doors: Doors) -> None:
    document = {"_id": "a" * 24, "name": "t", "incoming": [], "outgoing": [], "steps": [], "functions": []}
    assert (await asked(doors, "POST", f"{TRANSFORMATIONS}/import", document))["_id"] == "a" * 24
    nameless = await asked(doors, "POST", f"{TRANSFORMATIONS}/import", {"transformation": document}, 400)
    assert (nameless["data"], nameless["metadata"]) == (None, {"code": "REQUEST_INVALID"})
    path = f"{TRANSFORMATIONS}/{'a' * 24}"
    assert (await asked(doors, "PUT", path, {"description": "d"}))["description"] == "d"
    assert (await asked(doors, "POST", TRANSFORMATIONS, {"name": "t"}, 409))["metadata"]["code"] == "NAME_TAKEN"
    assert len((await asked(doors, "POST", TRANSFORMATIONS, {"name": "u"}))["_id"]) == 24
    assert await asked(doors, "DELETE", path, status=204) is None
    assert (await asked(doors, "GET", path, status=404))["metadata"]["code"] == "TRANSFORMATION_NOT_FOUND"


async def test_a_form_is_made_found_imported_and_deleted_with_others(doors: Doors) -> None:
    made = await asked(doors, "POST", FORMS, {"name": "f", "description": ""})
    id = made["doc"]["id"]
    assert (made["status"], (await asked(doors, "GET", f"{FORMS}/{id}"))["name"]) == ("success", "f")
    assert (await asked(doors, "PUT", f"{FORMS}/{id}", {"name": "f2"}))["doc"]["name"] == "f2"
    answer = await asked(doors, "POST", "/json-forms/import/forms", {"forms": [{"name": "g", "struct": {}}]})
    assert answer["message"] == "Successfully imported 1 JSON form(s)"
    other = answer["imported"][0]["created"]["_id"]
    assert (await asked(doors, "GET", f"{FORMS}/{other}"))["id"] == other
    assert (await asked(doors, "DELETE", FORMS, {"ids": [id, other]}))["deleted"] == [id, other]
    assert (await asked(doors, "GET", f"{FORMS}/{id}", status=404))["metadata"]["code"] == "FORM_NOT_FOUND"
