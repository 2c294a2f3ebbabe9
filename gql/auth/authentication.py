"""Authentication middleware: resolves the caller once per request. Anonymous requests to protected paths get 401."""

import base64
import binascii
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

import orjson
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ...models.errors import DatabaseUnavailable, NotSignedIn, Problem, SignInRefused, TooManyAttempts
from ...models.json import JsonObject
from ...models.visibility import ANONYMOUS, Caller
from ...resolvers.accounts.sign_in import caller_by_password
from ...resolvers.accounts.tokens import NOWHERE, Origin
from ...resolvers.services import Services
from ..errors import retry_after
from ..http.request_ids import name_account
from ..web.build import has_console
from .origins import check_host, check_origin
from .sign_in_page import sign_in_page, wants_page

MOST_PER_ADDRESS = 100
MOST = 1_000


class AnonymousSockets:
    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    def take_place(self, address: str) -> Callable[[], None] | None:
        """A function that gives the place back, however often called; None where no place is left."""
        if self._open[address] >= MOST_PER_ADDRESS or self._open.total() >= MOST:
            return None
        self._open[address] += 1
        addresses = [address]  # empty once the place is given back

        def leave() -> None:
            for open_address in addresses:
                self._open -= Counter([open_address])
            addresses.clear()

        return leave


COOKIE = "token"
ARRIVAL = "jobyard.arrival"  # in the scope of an HTTP request: see Arrival
ANONYMOUS_SOCKET = "jobyard.stranger"  # in the scope of a WebSocket: a function to call after authentication
TRY_AGAIN_LATER = 1013

_PUBLIC = {("GET", "/"), ("POST", "/login"), ("POST", "/oauth/token")}
# The same for every caller: no authentication, which would read the database.
_UNAUTHENTICATED = (
    "/healthz",
    "/readyz",
)

_SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Authentication:
    """`token` is the token of the request. `ambient`: a browser sends the credentials by itself."""

    caller: Caller
    token: str | None = None
    ambient: bool = False
    origin: Origin = NOWHERE
    secure: bool = False  # over TLS, as seen by this server or by a trusted proxy


class AuthenticationMiddleware:
    """ASGI middleware. Removes the token from the query string, so that no log and no error can show the token."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app = app
        self._services = services
        self._anonymous = AnonymousSockets()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        if scope["type"] == "http" and scope["path"] in _UNAUTHENTICATED:
            await self._app({**scope, "authentication": Authentication(ANONYMOUS)}, receive, send)
            return
        token, query = _remove_token(scope["query_string"])
        scope = {**scope, "query_string": query}
        settings, headers = self._services.settings, Headers(scope=scope)
        try:
            if settings.open:
                check_host(headers, settings)
            authentication = await authenticate(self._services, scope, headers, token)
            if _may_change_state(scope) and (
                authentication.ambient or authentication.caller is ANONYMOUS or scope["type"] == "websocket"
            ):
                check_origin(headers, settings)  # also of anonymous callers: no other page may sign its visitors in
            if authentication.caller is ANONYMOUS and not _is_public(scope) and not _authenticates_itself(scope):
                raise NotSignedIn
        except Problem as problem:
            await self._refuse(problem, scope, receive, send)
            return
        name_account(authentication.caller.account_id if authentication.caller is not ANONYMOUS else None)
        scope = {**scope, "authentication": authentication}
        if scope["type"] == "websocket" and authentication.caller is ANONYMOUS:
            await self._serve_anonymous(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _serve_anonymous(self, scope: Scope, receive: Receive, send: Send) -> None:
        leave = self._anonymous.take_place(authentication(HTTPConnection(scope)).origin.address)
        if leave is None:
            await send({"type": "websocket.close", "code": TRY_AGAIN_LATER})
            return
        try:
            await self._app({**scope, ANONYMOUS_SOCKET: leave}, receive, send)
        finally:
            leave()

    async def _refuse(self, problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            if isinstance(problem, DatabaseUnavailable) and "websocket.http.response" in scope.get("extensions", {}):
                await _deny_handshake(send, refusal(problem, graphql=True))
                return
            await send({"type": "websocket.close", "code": 1008})
            return
        if isinstance(problem, NotSignedIn) and wants_page(scope["method"], Headers(scope=scope)):
            await sign_in_page(scope)(scope, receive, send)
            return
        await refusal(problem, graphql=scope["path"] == "/graphql")(scope, receive, send)


def authentication(connection: HTTPConnection) -> Authentication:
    return connection.scope["authentication"]


async def authenticate(services: Services, scope: Scope, headers: Headers, query_token: str | None) -> Authentication:
    """The caller by the credentials of the request: the header first, then the query string, then the cookie."""
    origin = Origin(scope["client"][0] if scope.get("client") else "", headers.get("user-agent", ""))
    secure = scope["scheme"] in ("https", "wss")
    kind, _, credentials = headers.get("authorization", "").partition(" ")
    cookie = _cookie(headers.get("cookie", ""))
    if services.settings.open:
        caller = await services.callers.find_by_account(services.admin_id)
        return Authentication(caller or ANONYMOUS, None, True, origin, secure)
    if kind.lower() == "basic" and not _is_public(scope):
        username, _, password = _decode_base64(credentials.strip()).partition(":")
        caller = await caller_by_password(services, username, password, origin.address)
        return Authentication(caller or ANONYMOUS, None, True, origin, secure)
    token = credentials.strip() if kind.lower() == "bearer" else query_token or cookie
    if not token:
        return Authentication(ANONYMOUS, origin=origin, secure=secure)
    ambient = kind.lower() != "bearer" and not query_token
    return Authentication(await services.callers.find_by_token(token) or ANONYMOUS, token, ambient, origin, secure)


def refusal(problem: Problem, *, graphql: bool = False) -> Response:
    """401 for an anonymous caller, 429 after too many attempts, 503 while the database is unavailable, else 403."""
    facts: JsonObject = {"code": problem.code, **problem.facts}
    body: JsonObject = (
        {"errors": [{"message": problem.message, "extensions": facts}]}
        if graphql
        else {"message": problem.message, "data": None, "metadata": facts}
    )
    status, headers = 403, dict[str, str]()
    if isinstance(problem, NotSignedIn | SignInRefused):
        status, headers = 401, {"www-authenticate": 'Bearer realm="jobyard"'}
    elif isinstance(problem, TooManyAttempts | DatabaseUnavailable):
        status, headers = 429 if isinstance(problem, TooManyAttempts) else 503, retry_after(facts)
    return Response(orjson.dumps(body), status, headers, "application/json")


async def _deny_handshake(send: Send, response: Response) -> None:
    """Refuse the handshake of a WebSocket with an HTTP response."""
    start = {"status": response.status_code, "headers": response.raw_headers}
    await send({"type": "websocket.http.response.start", **start})
    await send({"type": "websocket.http.response.body", "body": response.body})


def _is_public(scope: Scope) -> bool:
    if scope["type"] != "http":
        return False
    if scope["path"] == "/" and has_console() and wants_page(scope["method"], Headers(scope=scope)):
        return False  # the console needs a token
    return (scope["method"], scope["path"]) in _PUBLIC or scope["path"].startswith("/static/")


def _authenticates_itself(scope: Scope) -> bool:
    """Whether the path authenticates by itself: GraphQL has the playground, `login`, and tokens in connection_init."""
    return scope["path"] == "/graphql"


def _may_change_state(scope: Scope) -> bool:
    return scope["type"] == "websocket" or scope["method"] not in _SAFE


def _remove_token(query: bytes) -> tuple[str | None, bytes]:
    if b"token" not in query:
        return None, query
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    tokens = [value for name, value in pairs if name == COOKIE]
    rest = urlencode([(name, value) for name, value in pairs if name != COOKIE])
    return (tokens[0] if tokens else None), rest.encode()


def _cookie(header: str) -> str | None:
    try:
        cookies = SimpleCookie(header)
    except CookieError:
        return None
    return cookies[COOKIE].value if COOKIE in cookies else None


def _decode_base64(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def keep_session(response: Response | None, token: str, *, secure: bool) -> None:
    """Set the cookie; without a response, as over a WebSocket, do nothing."""
    if response is not None:
        response.set_cookie(COOKIE, token, path="/", httponly=True, samesite="lax", secure=secure)


def forget_session(response: Response | None) -> None:
    if response is not None:
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
