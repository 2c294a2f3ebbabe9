"""The documented routes of service accounts. The client id is the id of the account."""

from collections.abc import Mapping
from typing import Final, TypedDict

from ...models.json import Json, JsonObject, object_at
from ...models.json_schema import JsonSchema
from ..rest.route import ANY_OBJECT, RESULTS, Answer, RestRoute, RouteRequest, Variables, id_variable
from .routes import PAGE_OF, REFERENCES, AccountForm, AccountPage, deleted_form, ids_in, page_variables, updates_schema

_TEXT: Final[JsonSchema] = {"type": "string"}
ACCOUNT_REQUEST: Final[JsonSchema] = {
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
UPDATES: Final = updates_schema(description=_TEXT)


def _service_account_filter(request: RouteRequest) -> Variables:
    return {**page_variables(request), "programs": True}


def _new_account(request: RouteRequest) -> Variables:
    data = object_at(request.fields, "accountData")
    return {
        "name": data["name"],
        "description": data.get("description", ""),
        "groups": ids_in(data, "memberOf", "groupId"),
        "roles": ids_in(data, "assignedRoles", "roleId"),
    }


def _account_changes(request: RouteRequest) -> Variables:
    return {**id_variable(request), "description": object_at(request.fields, "updates").get("description")}


def _documented_form(account: Mapping[str, Json]) -> JsonObject:
    description = account.get("description", "")
    return {"name": account["username"], "description": description, "client_id": account["_id"]}


class _AccountWithSecret(TypedDict):
    account: AccountForm
    clientSecret: str


def _account_list(found: AccountPage) -> Answer:
    accounts: list[Json] = [
        {**entry["documented"], **_documented_form(entry["documented"])} for entry in found["results"]
    ]
    return Answer({"results": accounts, "total": found["total"]})


def _account_with_secret(found: _AccountWithSecret) -> Answer:
    """The secret, under `results` and at the top: clients read either place."""
    document: JsonObject = {**_documented_form(found["account"]["documented"]), "client_secret": found["clientSecret"]}
    return Answer({"results": document, **document})


def _changed_account(found: AccountForm) -> Answer:
    return Answer({"results": _documented_form(found["documented"])})


_ROOT: Final = "/oauth/serviceAccounts"

ROUTES: Final = (
    RestRoute(
        "GET", _ROOT, "accounts", "", _service_account_filter, query=PAGE_OF, answer=_account_list, response=RESULTS,
    ),
    RestRoute(
        "POST", _ROOT, "create_service_account", "", _new_account, ACCOUNT_REQUEST, answer=_account_with_secret,
        response=ANY_OBJECT,
    ),
    RestRoute(
        "PATCH", f"{_ROOT}/{{id}}", "update_service_account", "", _account_changes, UPDATES, answer=_changed_account,
        response=ANY_OBJECT,
    ),
    RestRoute(
        "PATCH", f"{_ROOT}/{{id}}/regenerate", "regenerate_secret", "", id_variable, answer=_account_with_secret,
        response=ANY_OBJECT,
    ),
    RestRoute(
        "DELETE", f"{_ROOT}/{{id}}", "delete_service_account", "Successfully deleted service account", id_variable,
        shape=deleted_form,
    ),
)  # fmt: skip
