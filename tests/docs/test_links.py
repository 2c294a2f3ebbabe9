"""Every link from one page to another leads to a file, and to a heading where it names one."""

import re

import pytest

from ..parts import ROOT
from .pages import NAMES, page

_LINK = re.compile(r"\]\(([^()\s]+)\)")
_FENCED = re.compile(r"^ *```.*?^ *```$", re.DOTALL | re.MULTILINE)
_ELSEWHERE = ("http://", "https://", "mailto:")


def links(name: str) -> list[str]:
    found = _LINK.findall(_FENCED.sub("", page(name)))
    return [one for one in found if not one.startswith(_ELSEWHERE)]


def anchors(text: str) -> list[str]:
    """As GitHub names the headings: lower case, no punctuation, hyphens for spaces, a number for one that is there."""
    names: list[str] = []
    for heading in re.findall(r"^#{1,6} (.+)$", _FENCED.sub("", text), re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        name = re.sub(r"[^\w\- ]", "", plain).strip().replace(" ", "-")
        before = sum(1 for one in names if re.fullmatch(rf"{re.escape(name)}(-\d+)?", one))
        names.append(f"{name}-{before}" if before else name)
    return names


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    lost: list[str] = []
    for link in links(name):
        path, _, anchor = link.partition("#")
        target = (ROOT / name).parent / path if path else ROOT / name
        if not target.exists() or (anchor and anchor not in anchors(target.read_text())):
            lost.append(link)
    assert lost == []


def test_links_are_looked_at() -> None:
    assert len(links("README.md")) > 10
    assert anchors("# A page\n## What's *it*, `x_y`?\n```\n# none\n```\n## A page\n") == [
        "a-page",
        "whats-it-x_y",
        "a-page-1",
    ]


@pytest.mark.parametrize("index", [name for name in NAMES if name.startswith("docs/") and name.endswith("/README.md")])
def test_an_index_names_every_page_of_its_folder(index: str) -> None:
    named = {link.partition("#")[0] for link in links(index)}
    folder = index.removesuffix("README.md")
    below = {name.removeprefix(folder) for name in NAMES if name.startswith(folder)} - {"README.md"}
    own = {name for name in below if "/" not in name}
    of_folders = {f"{name.partition('/')[0]}/README.md" for name in below - own}
    assert sorted((own | of_folders) - named) == []
