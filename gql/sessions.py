"""The cookie of who signs in with a browser. It is Secure over TLS alone: clients of plain http would lose it."""

from starlette.responses import Response

from .asking import COOKIE


def keep_session(response: Response | None, token: str, *, secure: bool) -> None:
    """Where there is an answer that can carry it: a WebSocket has none."""
    if response is not None:
        response.set_cookie(COOKIE, token, path="/", httponly=True, samesite="lax", secure=secure)


def forget_session(response: Response | None) -> None:
    if response is not None:
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
