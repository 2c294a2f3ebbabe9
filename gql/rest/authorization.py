"""The documented routes of accounts, groups, roles and methods. They have shapes of their own, without the envelope."""

from typing import Final

from ...models.errors import Fault, RequestInvalid
from ...models.json import Json, JsonObject, array_at, is_object
from .query_parameters import QueryParameter
from .route import Answer, Given, RestRoute

_REFERENCES: Final[JsonObject] = {"type": "array", "items": {"type": "object"}}
GROUP_REQUEST: Final[JsonObject] = {
    "type": "object",
    "required": ["group"],
    "properties": {
        "group": {
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": {"type": "string"},
                "description": {"type": ["string", "null"]},
                "memberOf": _REFERENCES,
                "assignedRoles": _REFERENCES,
                "inactive": {"type": "boolean"},
            },
        }
    },
}
ROLE_REQUEST: Final[JsonObject] = {
    "type": "object",
    "required": ["role"],
    "properties": {
        "role": {
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": {"type": "string"},
                "description": {"type": ["string", "null"]},
                "allowedMethods": _REFERENCES,
            },
        }
    },
}


def _one(given: Given) -> JsonObject:
    return {"id": given.path["id"]}


def _nothing(given: Given) -> JsonObject:
    return {}


def _window(given: Given) -> JsonObject:
    return {name: _number(name, given.query[name]) for name in ("limit", "skip") if name in given.query}


def _people(given: Given) -> JsonObject:
    inactive = {"true": True, "false": False}.get(str(given.query.get("inactive")))
    return {**_window(given), "inactive": inactive}


def _number(name: str, text: Json) -> int:
    if not isinstance(text, str) or not text.isdecimal() or len(text) > 9:
        raise RequestInvalid(
            [Fault("type", f"/{name}", f"#/{name}/type", "must be a whole number of at most 9 digits")]
        )
    return int(text)


def _group(given: Given) -> JsonObject:
    group: JsonObject = given.body["group"]
    return {
        "name": group["name"],
        "description": group.get("description") or "",
        "groups": _ids(group, "memberOf", "groupId"),
        "roles": _ids(group, "assignedRoles", "roleId"),
        "inactive": group.get("inactive", False),
    }


def _role(given: Given) -> JsonObject:
    role: JsonObject = given.body["role"]
    methods = _ids(role, "allowedMethods", "name")
    return {"name": role["name"], "description": role.get("description") or "", "methods": methods}


def _ids(document: JsonObject, key: str, id: str) -> list[str]:
    return [str(one.get(id)) for one in array_at(document, key) if is_object(one)]


def page(found: Json) -> Answer:
    return Answer({"results": [one["documented"] for one in found["results"]], "total": found["total"]})


def bare(message: str, data: Json) -> JsonObject:
    return data


def created(message: str, data: Json) -> JsonObject:
    return {"status": "OK", "message": f"{message} {data['_id']}.", "data": data}


def deleted(message: str, data: Json) -> JsonObject:
    return {"status": "OK", "message": f"{message} {data['_id']}."}


_WINDOW: Final = (
    QueryParameter("limit", "How many at most.", {"type": "integer", "minimum": 0, "maximum": 1000}),
    QueryParameter("skip", "How many are left out before them.", {"type": "integer", "minimum": 0, "default": 0}),
)
_PEOPLE: Final = (
    *_WINDOW,
    QueryParameter("inactive", "Only those that are, or are not, inactive.", {"type": "boolean"}),
)
_ROOT = "/authorization"

ROUTES: Final = (
    RestRoute("GET", "/whoami", "viewer", "", _nothing, shape=bare),
    RestRoute("GET", f"{_ROOT}/accounts", "accounts", "", _people, query=_PEOPLE, answer=page, shape=bare),
    RestRoute("GET", f"{_ROOT}/accounts/{{id}}", "account", "", _one, shape=bare),
    RestRoute("GET", f"{_ROOT}/groups", "groups", "", _people, query=_PEOPLE, answer=page, shape=bare),
    RestRoute("GET", f"{_ROOT}/groups/{{id}}", "group", "", _one, shape=bare),
    RestRoute(
        "POST",
        f"{_ROOT}/groups",
        "create_group",
        "Successfully created group",
        _group,
        GROUP_REQUEST,
        shape=created,
    ),
    RestRoute("DELETE", f"{_ROOT}/groups/{{id}}", "delete_group", "Successfully deleted group", _one, shape=deleted),
    RestRoute("GET", f"{_ROOT}/roles", "roles", "", _window, query=_WINDOW, answer=page, shape=bare),
    RestRoute("GET", f"{_ROOT}/roles/{{id}}", "role", "", _one, shape=bare),
    RestRoute("POST", f"{_ROOT}/roles", "create_role", "Successfully created role", _role, ROLE_REQUEST, shape=created),
    RestRoute("DELETE", f"{_ROOT}/roles/{{id}}", "delete_role", "Successfully deleted role", _one, shape=deleted),
    RestRoute("GET", f"{_ROOT}/methods", "methods", "", _window, query=_WINDOW, answer=page, shape=bare),
)
