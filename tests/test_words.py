"""Words that shall not come back: private words for things that have a name in the field (docs/glossary.md)."""

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import pytest
from graphql import Node, Visitor, parse, visit

from .parts import ROOT

Scope: TypeAlias = Literal["identifier", "sentence", "description"]

# A folder joins the list once its words are those of the field: add "resolvers" and "models".
FOLDERS = (
    "gql", "models/errors", "models/engine", "models/language", "models/lint", "models/schemas", "models/secrets",
    "resolvers/builtin_tasks", "resolvers/jobs", "resolvers/runner", "resolvers/server", "resolvers/simulate",
    "resolvers/tasks", "resolvers/templating",
)  # fmt: skip
# Texts have letters, and a pattern is compiled to a program: in these folders both are the field's words.
OF_LANGUAGES = ("models/language", "resolvers/builtin_tasks")


@dataclass(frozen=True)
class Word:
    """`pattern` matches words of an identifier, joined by spaces, or text; `instead` says what to write."""

    pattern: str
    instead: str
    scopes: tuple[Scope, ...] = ("identifier", "sentence", "description")

    def is_in(self, text: str) -> bool:
        return re.search(rf"\b(?:{self.pattern})\b", text, re.IGNORECASE) is not None


TEXTS: tuple[Scope, ...] = ("sentence", "description")
NAMES: tuple[Scope, ...] = ("identifier",)

WORDS = (
    Word("yards?", "services"),
    Word("doors?", "API: the GraphQL API, the REST API"),
    Word("surroundings?", "dependencies"),
    Word("obey(s|ed|ing)?", "process (a command), follow (a rule)"),
    Word("steer(s|ed|ing)?", "control, command"),
    Word("sight", "visibility"),
    Word("trouble", "error"),
    Word("let go|lets go", "release (the lease)"),
    Word("bring about|brings about|come about|comes about", "start (an effect)"),
    Word("asking|asked", "authentication, caller, request", NAMES),
    Word("tell|tells|told", "publish, report, print", NAMES),
    Word("given|shown|brought|kept|drawn", "the noun of the value: filter, variables, result", NAMES),
    Word("nobody|whose|somebody", "the noun: anonymous caller, owner, account", NAMES),
    Word("letters?", "message, command", NAMES),
    Word("anybody|everybody|whoever", "the noun: caller, person, account", NAMES),
    Word(
        "nobody may know|nobody knows|anybody can tell|somebody who does it|somebody who does the work",
        "the noun",
        TEXTS,
    ),
    Word("other people's own", "unknown keys", TEXTS),
    Word("is still good|still good then", "usable", TEXTS),
    Word("in its stead|in their stead", "in place of", TEXTS),
    Word("conceal(s|ed|ing)?", "mask"),
    Word("found by", "search terms; `found_by` is the stored key alone", NAMES),
    Word("programs?", "service account", ("identifier",)),
    Word("who asks|whoever asks|who is asking|the account that asks|who speaks", "the caller", TEXTS),
    Word("who is signed in|who is not signed in", "the caller, an anonymous caller", TEXTS),
    Word("to nobody|of nobody|nobody is told|nobody may", "an anonymous caller", TEXTS),
    Word("what is asked|what was asked|is asked for|are asked for|was asked for", "the request, the operation", TEXTS),
    Word("what is given|what was given|is told of|are told of", "the noun of the value", TEXTS),
    Word("went wrong|goes wrong|it broke|what is wrong", "error, fault", TEXTS),
    Word("found sound|is no more good|good no more|counts no more", "valid, invalid, disabled", TEXTS),
    Word("people keep|what is kept", "stored documents", TEXTS),
    Word("what is said of|what was said", "the message", TEXTS),
    Word("is told|are told", "gets (a value), is notified", TEXTS),
)

# A description in an explorer stands without the text around it.
DESCRIPTIONS = (
    Word(r"^(It|Its|They|Them|Their|Those|These|This|What|Who|Whose|Which|How|When|Where)", "begin with a noun"),
    Word(r"I|me|my|mine", "the caller"),
    Word("here", "this server"),
)

LIBRARY = "When paginating "  # Strawberry's own descriptions of PageInfo

# Names that others chose: of the schema, of stored keys, and of libraries.
CHOSEN_BY_OTHERS = {
    "Brought", "Program", "kept", "programs", "as_brought", "as_program",
    "asked_for",  # a stored key
}  # fmt: skip


def words_of(identifier: str) -> str:
    """`_told_nobody` and `ToldNobody` as "told nobody"."""
    return " ".join(re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", identifier)).lower()


def names_in(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr


def sentences_in(source: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text is not None:
                yield getattr(node, "lineno", 1), text
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def faults_in(source: str) -> Iterator[tuple[int, str]]:
    tree = ast.parse(source)
    for line, name in names_in(tree):
        if name not in CHOSEN_BY_OTHERS:
            yield from ((line, f"{name}: {word.instead}") for word in found(words_of(name), "identifier"))
    for line, text in sentences_in(source, tree):
        yield from ((line, f"{' '.join(text.split())[:80]}: {word.instead}") for word in found(text, "sentence"))


def found(text: str, scope: Scope) -> Iterable[Word]:
    return (word for word in WORDS if scope in word.scopes and word.is_in(" ".join(text.split())))


def modules_of(folder: str) -> list[Path]:
    return [path for path in sorted((ROOT / folder).rglob("*.py")) if "node_modules" not in path.parts]


@pytest.mark.parametrize("folder", FOLDERS)
def test_identifiers_docstrings_and_comments_have_the_words_of_the_field(folder: str) -> None:
    faults = [
        f"{path.relative_to(ROOT)}:{line}: {fault}"
        for path in modules_of(folder)
        for line, fault in faults_in(path.read_text())
        if folder not in OF_LANGUAGES or not fault.endswith((": message, command", ": service account"))
    ]
    assert modules_of(folder) != []
    assert faults == []


def descriptions() -> list[str]:
    class Collect(Visitor):
        def __init__(self) -> None:
            super().__init__()
            self.texts: list[str] = []

        def enter(self, node: Node, *_: object) -> None:
            description = getattr(node, "description", None)
            if description is not None:
                self.texts.append(" ".join(description.value.split()))

    collect = Collect()
    visit(parse((ROOT / "schema.graphql").read_text()), collect)
    return collect.texts


def test_descriptions_of_the_schema_stand_alone() -> None:
    texts = [text for text in descriptions() if not text.startswith(LIBRARY)]
    faults = [
        f"{text[:100]}: {word.instead}"
        for text in texts
        for word in (*found(text, "description"), *(word for word in DESCRIPTIONS if word.is_in(text)))
    ]
    assert len(texts) > 800
    assert faults == []


@pytest.mark.parametrize(
    "source",
    [
        '"""The yard: everything that one running server holds."""',
        "def obey(entry): ...",
        "class NobodyIsTold: ...",
        "open_doors = 1",
        "x = 1  # who asks is looked up first",
        "def run(given): ...",
    ],
)
def test_a_private_word_is_found(source: str) -> None:
    assert list(faults_in(source)) != []


def test_words_that_only_contain_one_are_not_found() -> None:
    assert list(faults_in('"""jobyard: insights of the backdoor."""\nforgiven = outdoors = 1')) == []
