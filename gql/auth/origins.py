"""CSRF protection: which origins may send ambient credentials (cookies, Basic), and which Host is this server's own."""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers

from ...models.errors import HostRefused, OriginRefused
from ...models.settings import Settings


def check_origin(headers: Headers, settings: Settings) -> None:
    """OriginRefused for a page that may not change anything in the name of who is signed in here."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin in settings.origins:
        return
    own = origin is None or _is_own(origin, headers)
    if not own or site not in (None, "same-origin", "none"):
        raise OriginRefused((origin or site or "")[:200])


def check_host(headers: Headers, settings: Settings) -> None:
    """HostRefused for a name that is not ours: a page may have given its own name our address, to be taken for ours."""
    named = headers.get("host", "")
    host = _parts(f"//{named}").hostname
    if named and host != settings.host and not is_loopback(host or ""):
        raise HostRefused(named[:200])


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _is_own(origin: str, headers: Headers) -> bool:
    """The scheme does not count: behind a proxy it is another than the one we see."""
    parts = _parts(origin)
    return parts.scheme in ("http", "https") and parts.netloc == headers.get("host")


def _parts(url: str) -> SplitResult:
    """Nothing of what is no URL: it is nobody's."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")
