"""The documented routes to sign in and out: the answer is the bare token, with the cookie `token`."""

from typing import Final
from urllib.parse import parse_qs

import orjson
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ...models.errors import DatabaseUnavailable, Problem, RequestInvalid, SignInRefused, TooManyAttempts
from ...models.json import Json, is_object, text_at
from ...models.json_schema import JsonSchema
from ...models.schemas.checking import faults_of
from ...resolvers.accounts.sign_in import sign_in, sign_in_service_account, sign_out
from ...resolvers.services import Services
from ..rest.envelope import envelope_response, error_response
from ..rest.route import parse_body
from .authentication import authentication, forget_session, keep_session

_CREDENTIALS_SCHEMA: Final[JsonSchema] = {
    "type": "object",
    "required": ["username", "password"],
    "properties": {"username": {"type": "string"}, "password": {"type": "string"}},
}


async def log_in(request: Request) -> Response:
    """`{"user": {"username", "password"}}`, or both without `user`; 200 and the bare token."""
    services: Services = request.app.state.services
    try:
        credentials = _credentials(await parse_body(await request.body()))
        signing_in = sign_in(services, *credentials, authentication(request).origin)
        issued = await services.pulse.answer(signing_in)
    except Problem as problem:
        return error_response(problem, vendor_status=False)
    response = PlainTextResponse(issued.token, headers={"cache-control": "no-store"})
    keep_session(response, issued.token, secure=authentication(request).secure)
    return response


async def log_out(request: Request) -> Response:
    services: Services = request.app.state.services
    token = authentication(request).token

    async def leave() -> None:
        if token is not None:
            await sign_out(services, token)

    try:
        await services.pulse.answer(leave(), changes=True)
    except DatabaseUnavailable as problem:
        return error_response(problem, vendor_status=False)
    response = envelope_response(200, "Successfully signed out", None, {})
    forget_session(response)
    return response


async def issue_token(request: Request) -> Response:
    """The client credentials grant of OAuth 2 (RFC 6749, 4.4) in a form body, with errors as the RFC names them."""
    services: Services = request.app.state.services
    form = parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)
    fields = {name: values[0] for name, values in form.items()}
    if fields.get("grant_type", "client_credentials") != "client_credentials":
        return _oauth_error("unsupported_grant_type", "grant_type must be client_credentials.", 400)
    try:
        client_id, secret = fields.get("client_id", ""), fields.get("client_secret", "")
        issued = await services.pulse.answer(
            sign_in_service_account(services, client_id, secret, authentication(request).origin)
        )
    except SignInRefused as refusal:
        return _oauth_error("invalid_client", refusal.message, 401)
    except (TooManyAttempts, DatabaseUnavailable) as refusal:
        return error_response(refusal, vendor_status=False)
    seconds = (issued.expires - services.clock.now()) // 1000
    body = {"access_token": issued.token, "token_type": "bearer", "expires_in": seconds}
    return Response(orjson.dumps(body), media_type="application/json", headers={"cache-control": "no-store"})


def _credentials(body: Json) -> tuple[str, str]:
    credentials = body["user"] if is_object(body) and is_object(body.get("user")) else body
    faults = faults_of(_CREDENTIALS_SCHEMA, credentials)
    if faults:
        raise RequestInvalid(faults)
    assert is_object(credentials), "so says the schema"
    return text_at(credentials, "username"), text_at(credentials, "password")


def _oauth_error(error: str, message: str, status: int) -> Response:
    body: dict[str, object] = {
        "error": error,
        "error_description": message,
        "message": message,
        "data": None,
        "metadata": {},
    }
    return Response(orjson.dumps(body), status, media_type="application/json")


ROUTES: Final = (
    Route("/login", log_in, methods=["POST"]),
    Route("/logout", log_out, methods=["POST"]),
    Route("/oauth/token", issue_token, methods=["POST"]),
)
