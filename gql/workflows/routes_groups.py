"""The documented routes of Workflow Builder for names and groups of workflows, without the envelope."""

from typing import Final, TypedDict

from ...models.json import JsonObject, array_at, object_at
from ...models.json_schema import JsonSchema
from ..jobs.routes_control import GROUPS_REQUEST, group_ids
from ..rest.route import ANY_OBJECT, Answer, RestRoute, RouteRequest, Variables, name_variable

RENAME_REQUEST: Final[JsonSchema] = {
    "type": "object",
    "required": ["workflow", "newName"],
    "properties": {
        "workflow": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
        "newName": {"type": "string"},
    },
}
_IDS: Final[JsonSchema] = {"type": "array", "items": {"type": "string"}}


def _rename_variables(request: RouteRequest) -> Variables:
    return {"name": object_at(request.fields, "workflow")["name"], "newName": request.fields["newName"]}


def _group_variables(request: RouteRequest) -> Variables:
    return {**name_variable(request), "groups": group_ids(request)}


def _one_group(request: RouteRequest) -> Variables:
    return {**name_variable(request), "groups": [request.path["group"]]}


def _all_groups(request: RouteRequest) -> Variables:
    return {**name_variable(request), "groups": None}


class _Document(TypedDict):
    document: JsonObject


def _whole_document(found: _Document) -> Answer:
    return Answer(found["document"])


def _group_ids(found: _Document) -> Answer:
    return Answer(array_at(found["document"], "groups"))


_GROUPS: Final = "/workflow_builder/workflows/{name}/groups"

ROUTES: Final = (
    RestRoute(
        "POST", "/workflow_builder/workflows/rename", "rename_workflow", "", _rename_variables, RENAME_REQUEST,
        answer=_whole_document, response=ANY_OBJECT,
    ),
    RestRoute("GET", _GROUPS, "workflow", "", name_variable, answer=_group_ids, response=_IDS),
    RestRoute(
        "POST", _GROUPS, "add_workflow_groups", "", _group_variables, GROUPS_REQUEST, answer=_group_ids, response=_IDS,
    ),
    RestRoute(
        "PUT", _GROUPS, "replace_workflow_groups", "", _group_variables, GROUPS_REQUEST, answer=_group_ids,
        response=_IDS,
    ),
    RestRoute("DELETE", _GROUPS, "delete_workflow_groups", "", _all_groups, answer=_group_ids, response=_IDS),
    RestRoute(
        "DELETE", f"{_GROUPS}/{{group}}", "delete_workflow_groups", "", _one_group, answer=_group_ids, response=_IDS,
    ),
)  # fmt: skip
