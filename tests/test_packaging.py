"""The wheel: everything under one namespace, and nothing forgotten."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from .parts import ROOT, require

LAYERS = ("gql", "models", "resolvers")


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The files inside a wheel that is built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    # A copy: what an earlier build left in a checkout must not get into this wheel.
    left_out = shutil.ignore_patterns(".git", ".venv", "build", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis")
    shutil.copytree(ROOT, folder / "checkout", ignore=left_out)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    command.append(str(folder / "checkout"))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_everything_lies_under_one_name(names: set[str]) -> None:
    # A wheel with a top-level `gql` would overwrite the well-known client of that name.
    assert {Path(name).parts[0] for name in names if ".dist-info/" not in name} == {"jobyard"}


def test_every_file_of_the_three_folders_ships(names: set[str]) -> None:
    tracked = subprocess.run(["git", "ls-files", *LAYERS], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    expected = {f"jobyard/{path}" for path in tracked.splitlines()}
    assert len(expected) > 50
    assert expected - names == set()


def test_the_playgrounds_files_ship(names: set[str]) -> None:
    vendor = ROOT / "gql" / "static" / "vendor"
    require(vendor.is_dir(), "the playground's files: make setup")
    assert {f"jobyard/gql/static/vendor/{path.name}" for path in vendor.iterdir()} - names == set()
