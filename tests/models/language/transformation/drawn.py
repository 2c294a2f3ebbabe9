"""Values drawn at random for the methods of transformations: the odd ones among them, and often."""

import math
import random
from typing import Any

from jobyard.models.language.javascript.coercion import UNDEFINED
from jobyard.models.language.patterns import Pattern
from jobyard.models.language.transformation.moments import Moment
from jobyard.models.language.transformation.regexps import RegExp
from jobyard.models.language.transformation.sets import unique

NUMBERS = [
    0, -0.0, 1, -1, 2, 3, 7, 10, 16, 36, 0.1, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 1.005, 1e21, 1e-7, 123456789.123,
    255, 1e6, 2**31, 2**32, 2**53, -(2**53), 1e300, -1e300, 5e-324, math.nan, math.inf, -math.inf,
]  # fmt: skip
TEXTS = [
    "", " ", "a", "A", "b", "abc", "abcabc", "ABC", "aXbXc", "1", "2", "-1", "1.5", "1e3", "0x1f", "12px", ".5", "+7",
    "Infinity", "NaN", "true", "null", "a,b,c", "$&-$1", "$$", "é", "e\u0301", "ß", "ﬁ", "Σας", "😀", "a😀b",
    "\t a \n", "\u00a0",
    "\ufeffx", "[object Object]", "length", "0", "k", "2020-01-02", "{\"a\":[1,2]}", "[1,{\"b\":null}]", "nul",
]  # fmt: skip
COLLATED = "".join(map(chr, range(32, 127))) + "éÉàÀñÑäöüåç \t\n\u00a0\ufeff"
KEYS = ["a", "b", "k", "0", "1", "length", "é", "nope", "10", "2"]
PATTERNS = ["a", "b", "[abc]", "(a)(b)?", "^", "$", "x*", "\\d+", "\\s", "(?<first>.)b", ".", "", "A", "a|b"]
FLAGS = ["", "g", "i", "gi", "m"]
DATES = [
    0,
    1,
    -1,
    1577934245678,
    951782400000,
    4107542400000,
    -62135596800000,
    8.64e15,
    -8.64e15,
    math.nan,
    68169600000,
]
INTEGERS = [0, 1, -1, 2, 3, 5, 12, 13, -2, 31, 32, 59, 60, 100, 2000, 1970, 99, 1.9, math.nan, "2", 24]


class Caller:
    """Draws arguments: `a` an array, `s` text, `n` a number, `i` a small integer, `o` an object, `k` a key, `v` any."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)

    def arguments(self, kinds: str) -> list[Any]:
        required, _, optional = kinds.partition("?")
        count = len(required) + self.random.randint(0, len(optional))
        return [self.draw(kind) for kind in (required + optional)[:count]]

    def draw(self, kind: str) -> Any:
        if kind.isupper():
            kind = kind.lower()
        elif self.random.random() < 0.05:
            kind = "v"
        choose = self.random.choice
        match kind:
            case "a":
                return [self.draw("v" if self.random.random() < 0.4 else "n") for _ in range(self.random.randint(0, 5))]
            case "s":
                return choose(TEXTS)
            case "m":
                return [choose(NUMBERS[:-3]) for _ in range(self.random.randint(0, 6))]
            case "c":
                return "".join(choose([*COLLATED]) for _ in range(self.random.randint(0, 4)))
            case "t":
                return "".join(choose([*"abcABC12 xé,", "😀"]) for _ in range(self.random.randint(0, 8)))
            case "n":
                return choose(NUMBERS)
            case "x":  # from 2**53 on the digits in other radixes are left open
                return choose(
                    [number for number in NUMBERS if math.isnan(number) or not 2**53 < abs(number) < math.inf]
                )
            case "i":
                return choose(INTEGERS)
            case "o":
                return {choose(KEYS): self.draw("v") for _ in range(self.random.randint(0, 4))}
            case "k":
                return choose(KEYS)
            case "e":
                return [[choose(KEYS), self.draw("v")] for _ in range(self.random.randint(0, 3))]
            case "b":
                return choose([True, False])
            case "r":
                return RegExp(Pattern(choose(PATTERNS), choose(FLAGS)))
            case "g":
                return RegExp(Pattern(choose(PATTERNS), choose(["g", "gi"])))
            case "d":
                at = choose(DATES)
                return Moment(at if math.isnan(at) else int(at))
            case "p":
                return self.date_text()
            case "u":
                return unique(self.draw("A"))
            case _:
                return self.any()

    def date_text(self) -> str:
        choose = self.random.choice
        year, month, day = choose([1970, 2020, 9999]), self.random.randint(0, 13), self.random.randint(0, 32)
        short = choose([year, 49, 50, 99])
        clock = choose(["", "", "10:20", "10:20:30", "24:00", "23:59:59.5", "7:05", "12:00 AM", "1:02:03 PM"])
        zone = choose(["", "", "Z", "+02:00", "-0530", " GMT", " UTC", " EST", " GMT+0200", " (comment)"])
        name = choose(["Jan", "February", "dec", "Sept"])
        form = choose(
            [
                "{year}-{month:02}-{day:02}",
                "{year}-{month:02}",
                "{year}",
                "{year}-{month:02}-{day:02}T{clock}{zone}",
                "{year}-{month:02}-{day:02} {clock}{zone}",
                "{year}/{month}/{day} {clock}{zone}",
                "{month}/{day}/{short} {clock}{zone}",
                "{name} {day}, {short} {clock}{zone}",
                "{day} {name} {short} {clock}{zone}",
                "Mon, {day:02} {name} {year} {clock}{zone}",
                "today",
            ]
        )
        return form.format(year=year, month=month, day=day, short=short, clock=clock, zone=zone, name=name)

    def any(self, depth: int = 0) -> Any:
        match self.random.randrange(9 if depth < 2 else 6):
            case 0 | 1:
                return self.random.choice(NUMBERS)
            case 2 | 3:
                return self.random.choice(TEXTS)
            case 4:
                return self.random.choice([True, False])
            case 5:
                return self.random.choice([None, UNDEFINED])
            case 6 | 7:
                return [self.any(depth + 1) for _ in range(self.random.randint(0, 3))]
            case _:
                return {self.random.choice(KEYS): self.any(depth + 1) for _ in range(self.random.randint(0, 3))}
