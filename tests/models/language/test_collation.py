"""`localeCompare` orders texts as node 20 does, for whose order of letters, marks and symbols there are tables."""

import json
import random
import shutil
from typing import Any

import pytest
from jobyard.models.language.collation import Collation, compare

from tests import processes

TEXTS = [
    "", " ", "\t", "a", "A", "á", "Á", "a\u0301", "ä", "å", "æ", "ae", "Ae", "Æ", "az", "b", "co-op", "coop", "co op",
    "d", "đ", "ð", "e", "é", "ê", "ﬁ", "fi", "fj", "i", "ı", "j", "l", "ł", "m", "n", "ñ", "ŋ", "o", "ø", "ö", "œ",
    "ss", "ß", "st", "z", "ž", "þ", "1", "2", "10", "²", "½", "_a", "-", "$", "€", "(x)", "[x]", "α", "β", "Σ", "ς",
    "б", "й", "и", "ё", "я", "a\u00ad", "résumé", "resume", "Resume", "resumes", "port 9", "port 10", "port 09",
    "port 0", "port 00", "port 010",
]  # fmt: skip
OPTIONS: list[tuple[dict[str, Any], Collation]] = [
    ({}, Collation()),
    ({"numeric": True}, Collation(numeric=True)),
    ({"sensitivity": "base"}, Collation(sensitivity="base")),
    ({"sensitivity": "accent"}, Collation(sensitivity="accent")),
    ({"sensitivity": "case"}, Collation(sensitivity="case")),
    ({"ignorePunctuation": True}, Collation(ignore_punctuation=True)),
    ({"caseFirst": "upper"}, Collation(capitals_first=True)),
]
ASK = """
const {pairs, options} = JSON.parse(require('fs').readFileSync(0))
const collator = new Intl.Collator('en', options)
console.log(JSON.stringify(pairs.map(([one, other]) => Math.sign(collator.compare(one, other)))))
"""
ALPHABET = [
    *map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x3B1, 0x3CF), *range(0x410, 0x450))),
    *"\t\u0301\u0308",
]


def differences(pairs: list[tuple[str, str]], options: dict[str, Any], collation: Collation) -> list[Any]:
    done = processes.run(["node", "-e", ASK], input=json.dumps({"pairs": pairs, "options": options}), check=True)
    theirs: list[int] = json.loads(done.stdout)
    return [
        (*pair, expected) for pair, expected in zip(pairs, theirs, strict=True) if compare(*pair, collation) != expected
    ]


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node here")
@pytest.mark.parametrize(("options", "collation"), OPTIONS, ids=str)
def test_every_two_of_many_texts_are_ordered_as_in_node(options: dict[str, Any], collation: Collation) -> None:
    pairs = [(one, other) for one in TEXTS for other in TEXTS]
    assert differences(pairs, options, collation) == []


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node here")
def test_drawn_texts_are_ordered_as_in_node() -> None:
    draw = random.Random("collation")

    def text() -> str:
        return "".join(draw.choice(ALPHABET) for _ in range(draw.randrange(5)))

    pairs = [(start + text(), start + text()) for _ in range(20_000) for start in (text(),)]
    assert differences(pairs, {}, Collation()) == []


def test_the_order_of_some_is_known_without_node() -> None:
    texts = ["b", "a", "ä", "A", "á", "az", "æ", "1", "_", "$", " ", "ø", "z", "þ"]
    ordered = sorted(texts, key=Collation().key)
    assert ordered == [" ", "_", "$", "1", "a", "A", "á", "ä", "æ", "az", "b", "ø", "z", "þ"]
