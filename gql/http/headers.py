"""Headers: security headers of every answer, and forwarded headers of trusted proxies."""

from ipaddress import ip_address, ip_network

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

POLICY = "content-security-policy"
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    POLICY: "default-src 'none'; frame-ancestors 'none'",
}


class BrowserHeaders:
    """ASGI middleware that adds the security headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


FORWARDED_HOST = b"x-forwarded-host"


class Forwarded:
    """ASGI middleware: client and scheme by uvicorn's middleware, the host by the last proxy's X-Forwarded-Host."""

    def __init__(self, app: ASGIApp, trusted: tuple[str, ...]) -> None:
        self._app = app
        self._networks = [ip_network(network, strict=False) for network in trusted]
        hosts = [str(network) for network in self._networks]
        self._forwarded = ProxyHeadersMiddleware(app, hosts)  # pyright: ignore[reportArgumentType] -- uvicorn's own ASGI types

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or not self._is_trusted(scope):
            await self._app(scope, receive, send)
            return
        forwarded = [value for name, value in scope["headers"] if name == FORWARDED_HOST]
        host = forwarded[-1].rpartition(b",")[2].strip() if forwarded else b""
        if host:
            others = [(name, value) for name, value in scope["headers"] if name != b"host"]
            scope = {**scope, "headers": [(b"host", host), *others]}
        await self._forwarded(scope, receive, send)  # pyright: ignore[reportArgumentType] -- uvicorn's own ASGI types

    def _is_trusted(self, scope: Scope) -> bool:
        try:
            address = ip_address(scope["client"][0]) if scope.get("client") else None
        except ValueError:
            return False
        return address is not None and any(address in network for network in self._networks)


class RootPath:
    """ASGI middleware: takes the path of a proxy away where the proxy did not. Pages have relative addresses."""

    def __init__(self, app: ASGIApp, path: str) -> None:
        self._app = app
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._path and scope["type"] in ("http", "websocket") and scope["path"].startswith(f"{self._path}/"):
            raw: bytes = scope.get("raw_path") or scope["path"].encode()
            scope = {
                **scope,
                "path": scope["path"].removeprefix(self._path),
                "raw_path": raw.removeprefix(self._path.encode()),
            }
        await self._app(scope, receive, send)
