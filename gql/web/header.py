"""The header of the pages that are no part of the console: the way home, the caller, and signing out."""

from html import escape

from starlette.requests import Request

from ...resolvers.services import Services
from ..auth.authentication import authentication
from ..auth.sign_in_page import path_to_root

_STYLE = (
    "<style>.session { display: flex; gap: 1rem; align-items: baseline; margin: 0 0 1rem; font: 14px system-ui, "
    "sans-serif; } .session span { margin-left: auto; }</style>"
)
# Scripts of this server alone, for the button of the header, and inline styles.
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; img-src data:; "
    "frame-ancestors 'none'"
)


def with_header(page: str, request: Request, root: str | None = None) -> str:
    """The page with the header at the beginning of its body. `root` is the way home where the page has a <base>."""
    services: Services = request.app.state.services
    root = root or path_to_root(request.scope)
    caller = authentication(request).caller
    parts = [f'<a href="{root}">jobyard</a>']
    if services.settings.open:
        parts.append("<span>open: everybody is admin</span>")
    elif caller.username:
        parts.append(f"<span>signed in as {escape(caller.username)}</span>")
        parts.append(f'<button type="button" id="sign-out" data-root="{root}">Sign out</button>')
        parts.append(f'<script src="{root}static/session.js" defer></script>')
    else:
        parts.append("<span>not signed in</span>")
    return page.replace("<body>", f'<body>{_STYLE}<header class="session">{"".join(parts)}</header>', 1)
