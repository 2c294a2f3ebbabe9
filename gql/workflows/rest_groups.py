"""The documented routes of Workflow Builder that rename a workflow and say whose it is. No envelope."""

from typing import Final

from ...models.json import Json, JsonObject, array_at
from ..jobs.rest_control import GROUPS_REQUEST, named_groups
from ..rest.route import ANY_OBJECT, Answer, Given, RestRoute

RENAME_REQUEST: Final[JsonObject] = {
    "type": "object",
    "required": ["workflow", "newName"],
    "properties": {
        "workflow": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
        "newName": {"type": "string"},
    },
}
_IDS: Final[JsonObject] = {"type": "array", "items": {"type": "string"}}


def _rename(given: Given) -> JsonObject:
    return {"name": given.body["workflow"]["name"], "newName": given.body["newName"]}


def _name(given: Given) -> JsonObject:
    return {"name": given.path["name"]}


def _groups(given: Given) -> JsonObject:
    return {**_name(given), "groups": named_groups(given)}


def _one_group(given: Given) -> JsonObject:
    return {**_name(given), "groups": [given.path["group"]]}


def _all_groups(given: Given) -> JsonObject:
    return {**_name(given), "groups": None}


def _document(found: Json) -> Answer:
    return Answer(found["document"])


def _ids(found: Json) -> Answer:
    return Answer(array_at(found["document"], "groups"))


_GROUPS: Final = "/workflow_builder/workflows/{name}/groups"

ROUTES: Final = (
    RestRoute(
        "POST", "/workflow_builder/workflows/rename", "rename_workflow", "", _rename, RENAME_REQUEST,
        answer=_document, response=ANY_OBJECT,
    ),
    RestRoute("GET", _GROUPS, "workflow", "", _name, answer=_ids, response=_IDS),
    RestRoute("POST", _GROUPS, "add_workflow_groups", "", _groups, GROUPS_REQUEST, answer=_ids, response=_IDS),
    RestRoute("PUT", _GROUPS, "replace_workflow_groups", "", _groups, GROUPS_REQUEST, answer=_ids, response=_IDS),
    RestRoute("DELETE", _GROUPS, "delete_workflow_groups", "", _all_groups, answer=_ids, response=_IDS),
    RestRoute(
        "DELETE", f"{_GROUPS}/{{group}}", "delete_workflow_groups", "", _one_group, answer=_ids, response=_IDS,
    ),
)  # fmt: skip
