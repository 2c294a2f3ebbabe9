"""The README is short, and its way with pip serves what `make run` does."""

import re
import tomllib

from ..parts import ROOT
from .pages import blocks, page

README = page("README.md")


def test_it_is_read_in_one_go() -> None:
    assert len(README.splitlines()) <= 120


def test_its_way_with_pip_serves_what_make_run_does() -> None:
    (block,) = [one for one in blocks(README, "sh") if "pip install" in one]
    path, extra = re.findall(r"^pip install '(.+)\[(\w+)\]'", block, re.MULTILINE)[0]
    assert (ROOT / path / "pyproject.toml").samefile(ROOT / "pyproject.toml")
    assert extra in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    (served,) = re.findall(r"^jobyard (serve\b.*?) *(?:#|$)", block, re.MULTILINE)
    assert f"/jobyard {served}\n" in (ROOT / "Makefile").read_text()
