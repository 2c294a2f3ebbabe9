"""The documented routes of service accounts. The client id is the account's own."""

from typing import Final

from ...models.json import Json, JsonObject
from ..rest.route import ANY_OBJECT, RESULTS, Answer, Given, RestRoute
from .rest import PAGE_OF, REFERENCES, deleted, ids_in, page_of, updates

_TEXT: Final[JsonObject] = {"type": "string"}
PROGRAM_REQUEST: Final[JsonObject] = {
    "type": "object",
    "required": ["accountData"],
    "properties": {
        "accountData": {
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": _TEXT, "description": _TEXT, "memberOf": REFERENCES, "assignedRoles": REFERENCES,
            },
        }
    },
}  # fmt: skip
UPDATES: Final = updates(description=_TEXT)


def _programs(given: Given) -> JsonObject:
    return {**page_of(given), "programs": True}


def _new(given: Given) -> JsonObject:
    data: JsonObject = given.body["accountData"]
    return {
        "name": data["name"],
        "description": data.get("description", ""),
        "groups": ids_in(data, "memberOf", "groupId"),
        "roles": ids_in(data, "assignedRoles", "roleId"),
    }


def _one(given: Given) -> JsonObject:
    return {"id": given.path["id"]}


def _changes(given: Given) -> JsonObject:
    return {**_one(given), "description": given.body["updates"].get("description")}


def _shown(account: JsonObject) -> JsonObject:
    description = account.get("description", "")
    return {"name": account["username"], "description": description, "client_id": account["_id"]}


def _page(found: Json) -> Answer:
    programs = [{**one["documented"], **_shown(one["documented"])} for one in found["results"]]
    return Answer({"results": programs, "total": found["total"]})


def _with_secret(found: Json) -> Answer:
    """Readers look for it under `results`, and beside it."""
    shown = {**_shown(found["account"]["documented"]), "client_secret": found["clientSecret"]}
    return Answer({"results": shown, **shown})


def _changed(found: Json) -> Answer:
    return Answer({"results": _shown(found["documented"])})


_ROOT: Final = "/oauth/serviceAccounts"

ROUTES: Final = (
    RestRoute("GET", _ROOT, "accounts", "", _programs, query=PAGE_OF, answer=_page, response=RESULTS),
    RestRoute(
        "POST", _ROOT, "create_service_account", "", _new, PROGRAM_REQUEST, answer=_with_secret, response=ANY_OBJECT,
    ),
    RestRoute(
        "PATCH", f"{_ROOT}/{{id}}", "update_service_account", "", _changes, UPDATES, answer=_changed,
        response=ANY_OBJECT,
    ),
    RestRoute(
        "PATCH", f"{_ROOT}/{{id}}/regenerate", "regenerate_secret", "", _one, answer=_with_secret,
        response=ANY_OBJECT,
    ),
    RestRoute(
        "DELETE", f"{_ROOT}/{{id}}", "delete_service_account", "Successfully deleted service account", _one,
        shape=deleted,
    ),
)  # fmt: skip
