"""The programs of other people are installed wherever pip works, whatever it says."""

import zipfile
from pathlib import Path

import pytest

from .programs import Installation

INFO = "nothing-1.dist-info"
FILES = {
    f"{INFO}/METADATA": "Metadata-Version: 2.1\nName: nothing\nVersion: 1\n",
    f"{INFO}/WHEEL": "Wheel-Version: 1.0\nGenerator: by hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    f"{INFO}/RECORD": f"{INFO}/METADATA,,\n{INFO}/WHEEL,,\n{INFO}/RECORD,,\n",
}


def test_an_installer_that_says_nothing_has_done_its_work(tmp_path: Path) -> None:
    wheel = tmp_path / "nothing-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    assert Path(Installation(str(wheel), tmp_path / "environment").program("python")).exists()


def test_one_that_fails_is_quoted(tmp_path: Path) -> None:
    installation = Installation(str(tmp_path / "nowhere-1-py3-none-any.whl"), tmp_path / "environment")
    with pytest.raises((pytest.skip.Exception, pytest.fail.Exception), match=r"nowhere-1.*package registry: ERROR"):
        installation.program("python")
