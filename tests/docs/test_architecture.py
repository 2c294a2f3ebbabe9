"""Paths that the pages name are there, and the table of collections has every collection."""

import re

import pytest
from jobyard.resolvers.store.collections import KINDS

from ..parts import ROOT
from .pages import NAMES, page, rows

_PATH = re.compile(r"`((?:gql|resolvers|models|tests|docs|deploy|\.ci|\.github)/[\w./-]+)`")


@pytest.mark.parametrize("name", NAMES)
def test_paths_are_there(name: str) -> None:
    assert [path for path in _PATH.findall(page(name)) if not (ROOT / path).exists()] == []


def test_it_names_paths() -> None:
    assert len(_PATH.findall(page("docs/architecture.md"))) > 5


def test_it_has_every_collection() -> None:
    written = {
        name for cell, _ in rows(page("docs/architecture.md"), "Collection") for name in re.findall(r"`(\w+)`", cell)
    }
    assert written - {"job_data"} == set(KINDS)


def test_a_start_passes_functions_that_are_there() -> None:
    stations = rows(page("docs/architecture.md"), "Station")
    assert len(stations) > 5
    lost = [
        (function, module)
        for _, function, module, _ in stations
        if f"def {function.strip('`')}(" not in (ROOT / module.strip("`")).read_text()
    ]
    assert lost == []
