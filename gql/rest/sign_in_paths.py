"""The routes that sign callers in and out, for the OpenAPI document: they execute no GraphQL document."""

from typing import Final, Required, TypeAlias, TypedDict

from ...models.json_schema import JsonSchema

Described: TypeAlias = dict[str, object]
"""An object of OpenAPI."""


class Body(TypedDict):
    """The body of a request; `content` is by media type."""

    required: bool
    content: dict[str, Described]


class Operation(TypedDict, total=False):
    """What OpenAPI says of a verb of a path."""

    operationId: Required[str]
    summary: str
    tags: list[str]
    parameters: list[Described]
    security: list[dict[str, str]]
    requestBody: Body
    responses: Required[dict[str, Described]]


_ANONYMOUS: Final[list[dict[str, str]]] = [{}]  # callers who are not signed in
_CREDENTIALS: Final[JsonSchema] = {
    "type": "object",
    "required": ["username", "password"],
    "properties": {"username": {"type": "string"}, "password": {"type": "string"}},
}
_SIGN_IN: Final[JsonSchema] = {
    "anyOf": [{"type": "object", "required": ["user"], "properties": {"user": _CREDENTIALS}}, _CREDENTIALS]
}
_CLIENT: Final[JsonSchema] = {
    "type": "object",
    "required": ["client_id", "client_secret"],
    "properties": {
        "grant_type": {"const": "client_credentials"},
        "client_id": {"type": "string"},
        "client_secret": {"type": "string"},
    },
}


def _answer(description: str, media_type: str, schema: JsonSchema) -> Described:
    return {"description": description, "content": {media_type: {"schema": schema}}}


def _refused(description: str) -> Described:
    return _answer(description, "application/json", {"$ref": "#/components/schemas/Envelope"})


_AWAY: Final[dict[str, Described]] = {
    "429": _refused("Sign-ins of this account from this address failed; `Retry-After` says how long to wait."),
    "503": _refused("The database does not answer."),
}

SIGN_IN_PATHS: Final[dict[str, dict[str, Operation]]] = {
    "/login": {
        "post": {
            "operationId": "post_login",
            "summary": "Signs in: answers the bare token, and sets the cookie `token`.",
            "tags": ["login"],
            "security": _ANONYMOUS,
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {
                        "schema": _SIGN_IN,
                        "example": {"user": {"username": "ada", "password": "the password of ada"}},
                    }
                },
            },
            "responses": {
                "200": _answer("The token.", "text/plain", {"type": "string"}),
                "400": _refused("The body is not as documented."),
                "401": _refused("No active account has this name and password."),
                **_AWAY,
            },
        }
    },
    "/logout": {
        "post": {
            "operationId": "post_logout",
            "summary": "Signs out: the token of the request becomes invalid, and the cookie is removed.",
            "tags": ["logout"],
            "responses": {
                "200": _refused("Successfully signed out"),
                "401": _refused("The caller is anonymous."),
                "503": _refused("The database does not answer."),
            },
        }
    },
    "/oauth/token": {
        "post": {
            "operationId": "post_oauth_token",
            "summary": "Answers a token of a service account (the client credentials grant of OAuth 2).",
            "tags": ["oauth"],
            "security": _ANONYMOUS,
            "requestBody": {
                "required": True,
                "content": {"application/x-www-form-urlencoded": {"schema": _CLIENT}},
            },
            "responses": {
                "200": _answer(
                    "The token, and for how many seconds it is valid.",
                    "application/json",
                    {
                        "type": "object",
                        "required": ["access_token", "token_type", "expires_in"],
                        "properties": {
                            "access_token": {"type": "string"},
                            "token_type": {"const": "bearer"},
                            "expires_in": {"type": "integer"},
                        },
                    },
                ),
                "400": _answer("The grant type is another one.", "application/json", {"type": "object"}),
                "401": _answer("The id or the secret is wrong.", "application/json", {"type": "object"}),
                **_AWAY,
            },
        }
    },
}
