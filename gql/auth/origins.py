"""CSRF protection: which origins may send ambient credentials (cookies, Basic), and which Host is this server's own."""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers

from ...models.errors import HostRefused, OriginRefused
from ...models.settings import Settings


def check_origin(headers: Headers, settings: Settings) -> None:
    """OriginRefused for a page of a foreign origin, which must not use a visitor's credentials."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin in settings.origins:
        return
    own = origin is None or _is_own(origin, headers)
    if not own or site not in (None, "same-origin", "none"):
        raise OriginRefused((origin or site or "")[:200])


def check_host(headers: Headers, settings: Settings) -> None:
    """HostRefused for a foreign host name: protection against DNS rebinding, where a page's name has this address."""
    header = headers.get("host", "")
    host = _split_url(f"//{header}").hostname
    if header and host != settings.host and not is_loopback(host or ""):
        raise HostRefused(header[:200])


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _is_own(origin: str, headers: Headers) -> bool:
    """Whether the origin is this server's. The scheme does not count: behind a proxy the server sees another scheme."""
    parts = _split_url(origin)
    return parts.scheme in ("http", "https") and parts.netloc == headers.get("host")


def _split_url(url: str) -> SplitResult:
    """The parts of a URL; empty parts for an invalid URL, which equal no origin."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")
