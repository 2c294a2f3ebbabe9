"""The documented routes of accounts, groups, roles and methods. They have shapes of their own, without the envelope."""

from typing import Final

from ...models.errors import Fault, RequestInvalid
from ...models.json import Json, JsonObject, array_at, is_object
from ..rest.query_parameters import QueryParameter
from ..rest.route import Answer, Given, RestRoute
from ..rest.route import bare as as_it_is

REFERENCES: Final[JsonObject] = {"type": "array", "items": {"type": "object"}}
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
                "provenance": {"type": ["string", "null"]},
                "memberOf": REFERENCES,
                "assignedRoles": REFERENCES,
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
                "allowedMethods": REFERENCES,
            },
        }
    },
}


_TEXT: Final[JsonObject] = {"type": ["string", "null"]}
_FLAG: Final[JsonObject] = {"type": "boolean"}


def updates(**fields: JsonObject) -> JsonObject:
    """The body of a change: what is not in it stays, and so does what is not among these fields."""
    inner: JsonObject = {"type": "object", "properties": fields}
    return {"type": "object", "required": ["updates"], "properties": {"updates": inner}}


ACCOUNT_UPDATES: Final = updates(
    firstname=_TEXT, email=_TEXT, inactive=_FLAG, memberOf=REFERENCES, assignedRoles=REFERENCES
)
GROUP_UPDATES: Final = updates(description=_TEXT, inactive=_FLAG, memberOf=REFERENCES, assignedRoles=REFERENCES)
ROLE_UPDATES: Final = updates(description=_TEXT, allowedMethods=REFERENCES)


def _one(given: Given) -> JsonObject:
    return {"id": given.path["id"]}


def _nothing(given: Given) -> JsonObject:
    return {}


def _window(given: Given) -> JsonObject:
    return {name: _number(name, given.query[name]) for name in ("limit", "skip") if name in given.query}


def page_of(given: Given) -> JsonObject:
    return {**_window(given), "newestFirst": given.query.get("order") == "-1"}


def _groups(given: Given) -> JsonObject:
    return {**page_of(given), "inactive": _flag(given, "inactive")}


def _accounts(given: Given) -> JsonObject:
    return {**_groups(given), "programs": _flag(given, "isServiceAccount")}


def _flag(given: Given, name: str) -> bool | None:
    return {"true": True, "false": False}.get(str(given.query.get(name)))


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
        "groups": ids_in(group, "memberOf", "groupId"),
        "roles": ids_in(group, "assignedRoles", "roleId"),
        "inactive": group.get("inactive", False),
        "provenance": group.get("provenance"),
    }


def _role(given: Given) -> JsonObject:
    role: JsonObject = given.body["role"]
    methods = ids_in(role, "allowedMethods", "name")
    return {"name": role["name"], "description": role.get("description") or "", "methods": methods}


def _account_updates(given: Given) -> JsonObject:
    asked: JsonObject = given.body["updates"]
    told = {name: asked.get(name) for name in ("firstname", "email", "inactive")}
    return {**_one(given), **told, **_belongings(asked)}


def _group_updates(given: Given) -> JsonObject:
    asked: JsonObject = given.body["updates"]
    told = {name: asked.get(name) for name in ("description", "inactive")}
    return {**_one(given), **told, **_belongings(asked)}


def _role_updates(given: Given) -> JsonObject:
    asked: JsonObject = given.body["updates"]
    methods = ids_in(asked, "allowedMethods", "name") if "allowedMethods" in asked else None
    return {**_one(given), "description": asked.get("description"), "methods": methods}


def _belongings(asked: JsonObject) -> JsonObject:
    """The whole lists, where they are given."""
    return {
        "groups": ids_in(asked, "memberOf", "groupId") if "memberOf" in asked else None,
        "roles": ids_in(asked, "assignedRoles", "roleId") if "assignedRoles" in asked else None,
    }


def ids_in(document: JsonObject, key: str, id: str) -> list[str]:
    return [str(one.get(id)) for one in array_at(document, key) if is_object(one)]


def page(found: Json) -> Answer:
    return Answer({"results": [one["documented"] for one in found["results"]], "total": found["total"]})


def bare(message: str, data: Json) -> JsonObject:
    return data


def stored(message: str, data: Json) -> JsonObject:
    return {"status": "OK", "message": f"{message} {data['_id']}.", "data": data}


def _views(found: Json) -> Answer:
    return Answer({"results": found["results"], "total": found["total"]})


def _signed_out(message: str, data: Json) -> JsonObject:
    return {"status": "OK", "message": f"{message}: {data} tokens."}


def deleted(message: str, data: Json) -> JsonObject:
    return {"status": "OK", "message": f"{message} {data['_id']}."}


_WINDOW: Final = (
    QueryParameter("limit", "How many at most.", {"type": "integer", "minimum": 0, "maximum": 1000}),
    QueryParameter("skip", "How many are left out before them.", {"type": "integer", "minimum": 0, "default": 0}),
)
PAGE_OF: Final = (
    *_WINDOW,
    QueryParameter("order", "1: the oldest first, -1: the newest first.", {"type": "integer", "enum": [1, -1]}),
)
_GROUPS: Final = (
    *PAGE_OF,
    QueryParameter("inactive", "Only those that are, or are not, inactive.", {"type": "boolean"}),
)
_ACCOUNTS: Final = (
    *_GROUPS,
    QueryParameter("isServiceAccount", "Only those of programs, or of people.", {"type": "boolean"}),
)
_ROOT = "/authorization"

ROUTES: Final = (
    RestRoute("GET", "/whoami", "viewer", "", _nothing, shape=bare),
    RestRoute("GET", f"{_ROOT}/accounts", "accounts", "", _accounts, query=_ACCOUNTS, answer=page, shape=bare),
    RestRoute("GET", f"{_ROOT}/accounts/{{id}}", "account", "", _one, shape=bare),
    RestRoute(
        "PATCH",
        f"{_ROOT}/accounts/{{id}}",
        "update_account",
        "Successfully updated account",
        _account_updates,
        ACCOUNT_UPDATES,
        shape=stored,
    ),
    RestRoute(
        "POST",
        f"{_ROOT}/accounts/{{id}}/forceLogout",
        "force_logout",
        "Successfully signed the account out",
        _one,
        answer=as_it_is,
        shape=_signed_out,
    ),
    RestRoute("GET", f"{_ROOT}/groups", "groups", "", _groups, query=_GROUPS, answer=page, shape=bare),
    RestRoute("GET", f"{_ROOT}/groups/{{id}}", "group", "", _one, shape=bare),
    RestRoute(
        "POST",
        f"{_ROOT}/groups",
        "create_group",
        "Successfully created group",
        _group,
        GROUP_REQUEST,
        shape=stored,
    ),
    RestRoute(
        "PATCH",
        f"{_ROOT}/groups/{{id}}",
        "update_group",
        "Successfully updated group",
        _group_updates,
        GROUP_UPDATES,
        shape=stored,
    ),
    RestRoute("DELETE", f"{_ROOT}/groups/{{id}}", "delete_group", "Successfully deleted group", _one, shape=deleted),
    RestRoute("GET", f"{_ROOT}/roles", "roles", "", page_of, query=PAGE_OF, answer=page, shape=bare),
    RestRoute("GET", f"{_ROOT}/roles/{{id}}", "role", "", _one, shape=bare),
    RestRoute("POST", f"{_ROOT}/roles", "create_role", "Successfully created role", _role, ROLE_REQUEST, shape=stored),
    RestRoute(
        "PATCH",
        f"{_ROOT}/roles/{{id}}",
        "update_role",
        "Successfully updated role",
        _role_updates,
        ROLE_UPDATES,
        shape=stored,
    ),
    RestRoute("DELETE", f"{_ROOT}/roles/{{id}}", "delete_role", "Successfully deleted role", _one, shape=deleted),
    RestRoute("GET", f"{_ROOT}/methods", "methods", "", _window, query=_WINDOW, answer=page, shape=bare),
    RestRoute("GET", f"{_ROOT}/views", "views", "", _window, query=_WINDOW, answer=_views, shape=bare),
)
