"""What the code says to rest on stands in docs/reference, and what stands there is what the code rests on.

A citation is the path of a page below docs and a heading of it, `reference/PAGE.md` with `#HEADING`; more headings of
the page may follow after "and".
"""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from .. import processes
from ..parts import ROOT
from .pages import NAMES, page
from .test_links import anchors

PAGES = [name for name in NAMES if name.startswith("docs/reference/") and not name.endswith("/README.md")]
CODE = ("gql", "models", "resolvers", "tests")
_CITED = re.compile(r"\breference/([\w-]+\.md)((?:#[\w-]+)?(?:,? and #[\w-]+|, #[\w-]+)*)")
# What cites a section of something, or the facts or traps of something, without saying where that is.
_ELSEWHERE = re.compile(
    r"\b[\w-]+[\s#]+facts,?\s+(?:section\s+)?\d|\((?:[\w-]+\s+){1,2}facts\)|, traps \d"
    r"|\bdesign\.md|\bhouse-\w+\.md"
)


def texts() -> dict[str, str]:
    listed = processes.run(["git", "ls-files", *CODE], cwd=ROOT, check=True).stdout.splitlines()
    kinds = {".py", ".ts", ".tsx", ".js", ".mjs", ".graphql", ".md", ".go"}
    paths = [path for path in listed if Path(path).suffix in kinds and (ROOT / path).exists()]
    return {path: (ROOT / path).read_text() for path in paths if ROOT / path != Path(__file__)}


def citations(text: str) -> list[tuple[str, str]]:
    """The page and the heading of each; an empty heading where none is named."""
    return [
        (name, heading)
        for name, headings in _CITED.findall(text)
        for heading in re.findall(r"#([\w-]+)", headings) or [""]
    ]


def unresolved(texts: Iterable[str]) -> list[str]:
    headings = {name.removeprefix("docs/reference/"): anchors(page(name)) for name in PAGES}
    lost: list[str] = []
    for text in texts:
        lost += [f"{name}#{anchor}" for name, anchor in citations(text) if anchor not in headings.get(name, ())]
        lost += [found.group() for found in _ELSEWHERE.finditer(text)]
    return lost


def test_every_citation_leads_to_a_heading() -> None:
    found = texts()
    assert sum(len(citations(text)) for text in found.values()) > 50
    assert {path: lost for path, text in found.items() if (lost := unresolved([text]))} == {}


def test_every_section_is_cited() -> None:
    cited = {citation for text in texts().values() for citation in citations(text)}
    sections = {
        (name.removeprefix("docs/reference/"), anchor)
        for name in PAGES
        for anchor in anchors("\n".join(re.findall(r"^## .+$", page(name), re.MULTILINE)))
    }
    assert len(sections) > 30
    assert sorted(sections - cited) == []


@pytest.mark.parametrize("name", PAGES)
def test_every_section_has_its_public_source(name: str) -> None:
    sections = re.split(r"^## ", page(name), flags=re.MULTILINE)[1:]
    assert [one.splitlines()[0] for one in sections if len(re.findall(r"^Source: \S", one, re.MULTILINE)) != 1] == []


@pytest.mark.parametrize(
    "comment",
    [
        "Joins are lazy (reference/execution.md#lazy-joins).",
        "See reference/unwritten.md#joins.",
        "See reference/execution.md.",
        "See reference/execution.md#joins and #lazy-joins.",
        "The end waits for every task (execution facts, 3.2).",
        "The end waits for every task (execution\n    facts, 3.2).",
        "So it is (execution facts, section 5)",
        "They are read so (clients facts).",
        "Clients send null (clients, traps 6).",
        "As design.md says.",
    ],
)
def test_what_leads_nowhere_is_found(comment: str) -> None:
    assert len(unresolved([comment])) == 1


def test_what_leads_somewhere_is_left_alone() -> None:
    assert unresolved(["See reference/execution.md#references and #missing-values.", "It has code and facts."]) == []
