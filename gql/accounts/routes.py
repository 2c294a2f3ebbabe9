"""The documented routes of accounts, groups, roles and methods. Answers have shapes of their own, without envelope."""

from collections.abc import Mapping
from typing import Final, TypedDict

from ...models.errors import Fault, RequestInvalid
from ...models.json import Json, JsonObject, array_at, is_object, object_at
from ...models.json_schema import JsonSchema
from ..rest.query_parameters import QueryParameter
from ..rest.route import Answer, RestRoute, RouteRequest, Variables, id_variable, no_variables, unchanged

REFERENCES: Final[JsonSchema] = {"type": "array", "items": {"type": "object"}}
GROUP_REQUEST: Final[JsonSchema] = {
    "type": "object",
    "required": ["group"],
    "properties": {
        "group": {
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": {"type": "string"},
                "description": {"type": ["string", "null"]},
                "provenance": {"type": ["string", "null"]},
                "memberOf": REFERENCES,
                "assignedRoles": REFERENCES,
                "inactive": {"type": "boolean"},
            },
        }
    },
}
ROLE_REQUEST: Final[JsonSchema] = {
    "type": "object",
    "required": ["role"],
    "properties": {
        "role": {
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": {"type": "string"},
                "description": {"type": ["string", "null"]},
                "allowedMethods": REFERENCES,
            },
        }
    },
}


_TEXT: Final[JsonSchema] = {"type": ["string", "null"]}
_FLAG: Final[JsonSchema] = {"type": "boolean"}


def updates_schema(**fields: JsonSchema) -> JsonSchema:
    """The schema of the body of a change. Missing fields, and fields that are not listed, stay unchanged."""
    inner: JsonSchema = {"type": "object", "properties": {**fields}}
    return {"type": "object", "required": ["updates"], "properties": {"updates": inner}}


ACCOUNT_UPDATES: Final = updates_schema(
    firstname=_TEXT, email=_TEXT, inactive=_FLAG, memberOf=REFERENCES, assignedRoles=REFERENCES
)
GROUP_UPDATES: Final = updates_schema(description=_TEXT, inactive=_FLAG, memberOf=REFERENCES, assignedRoles=REFERENCES)
ROLE_UPDATES: Final = updates_schema(description=_TEXT, allowedMethods=REFERENCES)


def _window_variables(request: RouteRequest) -> Variables:
    return {name: _read_number(name, request.query[name]) for name in ("limit", "skip") if name in request.query}


def page_variables(request: RouteRequest) -> Variables:
    return {**_window_variables(request), "newestFirst": request.query.get("order") == "-1"}


def _group_filter(request: RouteRequest) -> Variables:
    return {**page_variables(request), "inactive": _read_flag(request, "inactive")}


def _account_filter(request: RouteRequest) -> Variables:
    return {**_group_filter(request), "programs": _read_flag(request, "isServiceAccount")}


def _read_flag(request: RouteRequest, name: str) -> bool | None:
    return {"true": True, "false": False}.get(str(request.query.get(name)))


def _read_number(name: str, text: Json) -> int:
    if not isinstance(text, str) or not text.isdecimal() or len(text) > 9:
        raise RequestInvalid(
            [Fault("type", f"/{name}", f"#/{name}/type", "must be a whole number of at most 9 digits")]
        )
    return int(text)


def _new_group(request: RouteRequest) -> Variables:
    group = object_at(request.fields, "group")
    return {
        "name": group["name"],
        "description": group.get("description") or "",
        "groups": ids_in(group, "memberOf", "groupId"),
        "roles": ids_in(group, "assignedRoles", "roleId"),
        "inactive": group.get("inactive", False),
        "provenance": group.get("provenance"),
    }


def _new_role(request: RouteRequest) -> Variables:
    role = object_at(request.fields, "role")
    methods = ids_in(role, "allowedMethods", "name")
    return {"name": role["name"], "description": role.get("description") or "", "methods": methods}


def _account_updates(request: RouteRequest) -> Variables:
    changes = object_at(request.fields, "updates")
    fields = {name: changes.get(name) for name in ("firstname", "email", "inactive")}
    return {**id_variable(request), **fields, **_group_and_role_ids(changes)}


def _group_updates(request: RouteRequest) -> Variables:
    changes = object_at(request.fields, "updates")
    fields = {name: changes.get(name) for name in ("description", "inactive")}
    return {**id_variable(request), **fields, **_group_and_role_ids(changes)}


def _role_updates(request: RouteRequest) -> Variables:
    changes = object_at(request.fields, "updates")
    methods = ids_in(changes, "allowedMethods", "name") if "allowedMethods" in changes else None
    return {**id_variable(request), "description": changes.get("description"), "methods": methods}


def _group_and_role_ids(changes: Mapping[str, Json]) -> JsonObject:
    """The whole lists of group and role ids, or None for a list that does not change."""
    return {
        "groups": ids_in(changes, "memberOf", "groupId") if "memberOf" in changes else None,
        "roles": ids_in(changes, "assignedRoles", "roleId") if "assignedRoles" in changes else None,
    }


def ids_in(document: Mapping[str, Json], key: str, id: str) -> list[Json]:
    return [str(entry.get(id)) for entry in array_at(document, key) if is_object(entry)]


class AccountForm(TypedDict):
    documented: JsonObject


class AccountPage(TypedDict):
    results: list[AccountForm]
    total: int


class ViewPage(TypedDict):
    results: list[Json]
    total: int


def result_list(found: AccountPage) -> Answer:
    return Answer({"results": [entry["documented"] for entry in found["results"]], "total": found["total"]})


def data_only(message: str, data: Json) -> Json:
    return data


def stored_form(message: str, data: JsonObject) -> Json:
    return {"status": "OK", "message": f"{message} {data['_id']}.", "data": data}


def _views(found: ViewPage) -> Answer:
    return Answer({"results": found["results"], "total": found["total"]})


def _sign_out_form(message: str, data: Json) -> Json:
    return {"status": "OK", "message": f"{message}: {data} tokens."}


def deleted_form(message: str, data: Mapping[str, object]) -> Json:
    return {"status": "OK", "message": f"{message} {data['_id']}."}


_WINDOW: Final = (
    QueryParameter("limit", "The largest number of entries.", {"type": "integer", "minimum": 0, "maximum": 1000}),
    QueryParameter("skip", "The number of entries to skip.", {"type": "integer", "minimum": 0, "default": 0}),
)
PAGE_OF: Final = (
    *_WINDOW,
    QueryParameter("order", "1: the oldest first, -1: the newest first.", {"type": "integer", "enum": [1, -1]}),
)
_GROUPS: Final = (
    *PAGE_OF,
    QueryParameter("inactive", "Only disabled entries, or only enabled entries.", {"type": "boolean"}),
)
_ACCOUNTS: Final = (
    *_GROUPS,
    QueryParameter("isServiceAccount", "Only service accounts, or only accounts of people.", {"type": "boolean"}),
)
_ROOT = "/authorization"

ROUTES: Final = (
    RestRoute("GET", "/whoami", "viewer", "", no_variables, shape=data_only),
    RestRoute(
        "GET",
        f"{_ROOT}/accounts",
        "accounts",
        "",
        _account_filter,
        query=_ACCOUNTS,
        answer=result_list,
        shape=data_only,
    ),
    RestRoute("GET", f"{_ROOT}/accounts/{{id}}", "account", "", id_variable, shape=data_only),
    RestRoute(
        "PATCH",
        f"{_ROOT}/accounts/{{id}}",
        "update_account",
        "Successfully updated account",
        _account_updates,
        ACCOUNT_UPDATES,
        shape=stored_form,
    ),
    RestRoute(
        "POST",
        f"{_ROOT}/accounts/{{id}}/forceLogout",
        "force_logout",
        "Successfully signed the account out",
        id_variable,
        answer=unchanged,
        shape=_sign_out_form,
    ),
    RestRoute(
        "GET", f"{_ROOT}/groups", "groups", "", _group_filter, query=_GROUPS, answer=result_list, shape=data_only
    ),
    RestRoute("GET", f"{_ROOT}/groups/{{id}}", "group", "", id_variable, shape=data_only),
    RestRoute(
        "POST",
        f"{_ROOT}/groups",
        "create_group",
        "Successfully created group",
        _new_group,
        GROUP_REQUEST,
        shape=stored_form,
    ),
    RestRoute(
        "PATCH",
        f"{_ROOT}/groups/{{id}}",
        "update_group",
        "Successfully updated group",
        _group_updates,
        GROUP_UPDATES,
        shape=stored_form,
    ),
    RestRoute(
        "DELETE",
        f"{_ROOT}/groups/{{id}}",
        "delete_group",
        "Successfully deleted group",
        id_variable,
        shape=deleted_form,
    ),
    RestRoute("GET", f"{_ROOT}/roles", "roles", "", page_variables, query=PAGE_OF, answer=result_list, shape=data_only),
    RestRoute("GET", f"{_ROOT}/roles/{{id}}", "role", "", id_variable, shape=data_only),
    RestRoute(
        "POST", f"{_ROOT}/roles", "create_role", "Successfully created role", _new_role, ROLE_REQUEST, shape=stored_form
    ),
    RestRoute(
        "PATCH",
        f"{_ROOT}/roles/{{id}}",
        "update_role",
        "Successfully updated role",
        _role_updates,
        ROLE_UPDATES,
        shape=stored_form,
    ),
    RestRoute(
        "DELETE", f"{_ROOT}/roles/{{id}}", "delete_role", "Successfully deleted role", id_variable, shape=deleted_form
    ),
    RestRoute(
        "GET", f"{_ROOT}/methods", "methods", "", _window_variables, query=_WINDOW, answer=result_list, shape=data_only
    ),
    RestRoute("GET", f"{_ROOT}/views", "views", "", _window_variables, query=_WINDOW, answer=_views, shape=data_only),
)
