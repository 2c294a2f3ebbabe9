"""Papa Parse itself, asked the same: rows of cells, line ends, quotes."""

import random
from typing import Any

from jobyard.models.language.csv_rows import QuoteOpen, line_end, rows_of

from ... import packages

pytestmark = packages.beside_the_packages

SCRIPT = """
const Papa = load('papaparse')
const answer = ({ text, separator }) => {
  const done = Papa.parse(text, { delimiter: separator, skipEmptyLines: true })
  const open = done.errors.some((one) => one.code === 'MissingQuotes')
  return { rows: open ? null : done.data, line: done.meta.linebreak }
}
"""
PIECES = [
    "a",
    "b1",
    ",",
    ";",
    ",",
    '"',
    '"',
    '""',
    "\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    "é",
    "",
    "0",
    "\ufeff",
    "x y",
    "\n\n",
]


def _csv(chance: random.Random) -> str:
    if chance.random() < 0.5:
        return "".join(chance.choice(PIECES) for _ in range(chance.randint(0, 25)))
    line, separator = chance.choice(["\n", "\r\n", "\r"]), chance.choice(",;")

    def cell() -> str:
        text = "".join(chance.choice(PIECES) for _ in range(chance.randint(0, 4)))
        return f'"{text.replace(chr(34), chr(34) * 2)}"{chance.choice(["", "", " "])}' if chance.random() < 0.5 else "n"

    return line.join(separator.join(cell() for _ in range(chance.randint(1, 4))) for _ in range(chance.randint(1, 4)))


def _ours(text: str, separator: str) -> Any:
    try:
        return list(rows_of(text, separator))
    except QuoteOpen:
        return None


def test_rows_and_names_are_as_the_package_reads_them() -> None:
    chance = random.Random(1)
    cases = [{"text": _csv(chance), "separator": chance.choice(",;")} for _ in range(10_000)]
    theirs = packages.ask(SCRIPT, cases)
    differences = [
        (case, their, ours)
        for case, their in zip(cases, theirs, strict=True)
        if (ours := (_ours(**case), line_end(case["text"].removeprefix("\ufeff")))) != (their["rows"], their["line"])
    ]
    assert not differences, (len(differences), *differences[:10])
    assert sum(their["rows"] is None for their in theirs) in range(500, 9500)
