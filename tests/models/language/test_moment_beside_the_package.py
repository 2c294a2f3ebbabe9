"""moment-timezone itself, asked the same: times written, times read in both ways, durations added."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from jobyard.models.language.moment.format import written
from jobyard.models.language.moment.reading import read
from jobyard.resolvers.builtin_tasks.families.times import moved

from ... import packages

pytestmark = packages.beside_the_packages

EPOCH = datetime.fromtimestamp(0, UTC)
NOW = 1_709_210_096_789  # 2024-02-29T12:34:56.789Z
SCRIPT = f"""
const moment = load('moment-timezone')
moment.suppressDeprecationWarnings = true
moment.now = () => {NOW}
const at = (ms, zone) => zone === 'UTC' ? moment.utc(ms) : moment.tz(ms, zone)
const answer = (one) => {{
  if (one.kind === 'write') return at(one.ms, one.zone).format(one.form)
  if (one.kind === 'move') {{
    const there = at(one.ms, one.zone).add(one.duration)
    return [there.valueOf(), there.format('YYYYYY-MM-DDTHH:mm:ss.SSSZ')]
  }}
  const time = moment.utc(one.text, one.form, one.strict)
  return time.isValid() ? [time.valueOf(), time._tzm || 0] : null
}}
"""

TOKENS = [
    "M", "Mo", "MM", "MMM", "MMMM", "Q", "Qo", "D", "Do", "DD", "DDD", "DDDo", "DDDD", "d", "do", "dd", "ddd", "dddd",
    "e", "E", "w", "wo", "ww", "W", "Wo", "WW", "YY", "YYYY", "YYYYY", "YYYYYY", "Y", "y", "yy", "yyy", "yyyy", "yo",
    "N", "NN", "NNN", "NNNN", "NNNNN", "gg", "gggg", "ggggg", "GG", "GGGG", "GGGGG", "A", "a", "H", "HH", "h", "hh",
    "k", "kk", "hmm", "hmmss", "Hmm", "Hmmss", "m", "mm", "s", "ss", "S", "SS", "SSS", "SSSS", "SSSSS", "SSSSSS",
    "SSSSSSSSS", "z", "zz", "Z", "ZZ", "X", "x", "LT", "LTS", "L", "LL", "LLL", "LLLL", "l", "ll", "lll", "llll",
]  # fmt: skip
BETWEEN = [
    "-",
    "/",
    " ",
    ":",
    ".",
    ", ",
    "T",
    "",
    "",
    "[T]",
    "[at ]",
    "\\Y",
    "[]",
    "[x]y]",
    "\\[",
    "n",
    "G",
    "W",
    "(",
    "\n",
]
ADDED = ["x", " ", "-", "/", "Mon", "May", "pm", "+02:00", "24", "é", "Z"]
ZONES = [
    "UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Monrovia",
    "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", "America/Sao_Paulo",
]  # fmt: skip
FORMS = [
    "YYYY-MM-DD", "YYYY-MM-DD HH:mm:ss", "YYYY-MM-DDTHH:mm:ss.SSSSSSZZ", "YYYY-MM-DDTHH:mm:ssZ", "DD.MM.YYYY HH:mm",
    "M/D/YY h:mm a", "hmm", "Hmmss", "hmmss A", "YYYY-DDDD", "YYYY-DDD", "GGGG-[W]WW-E", "gggg-ww-e", "[Q]Q YYYY",
    "dddd, MMMM Do YYYY", "ddd MMM D YYYY", "X", "x", "y N", "YYYYYY-MM-DD", "kk:mm", "HH:mm", "D MMM", "MMM YYYY", "E",
    "w", "WW", "d", "YY", "LLLL", "LT", "L", "ll", "YYYYMMDDHHmmss", "Y", "GG W", "gg w d", "dd Do", "A h", "SSS",
    "H:m:s.S Z", "YYYY-MM-DD HH:mm:ss z", "dddd w gggg",
]  # fmt: skip


def _form(chance: random.Random) -> str:
    if chance.random() < 0.4:
        return chance.choice(FORMS)
    return "".join(chance.choice(TOKENS) + chance.choice(BETWEEN) for _ in range(chance.randint(1, 5)))


def _moment(chance: random.Random, zone: str) -> int:
    # Beyond 2037 the package's zones have no changes any more, which is no fact about them.
    if zone == "UTC":
        return chance.randint(-62_135_596_800_000, 253_402_300_799_999)
    return chance.randint(-5_000_000_000_000, 2_100_000_000_000)


def _spoiled(chance: random.Random, text: str) -> str:
    """Another text, nearly the same."""
    at = chance.randrange(len(text) + 1)
    match chance.randrange(8):
        case 0:
            return text[:at] + chance.choice("0123456789") + text[at:]
        case 1:
            return text[:at] + chance.choice("0123456789") + text[at + 1 :]
        case 2:
            return text[:at] + text[at + 1 :]
        case 3:
            return text[:at] + chance.choice(ADDED) + text[at:]
        case 4:
            return text.replace(chance.choice("-/: .0"), chance.choice(["/", "-", " ", "", "99"]))
        case 5:
            return text[:at]
        case 6:
            return text.swapcase()
        case _:
            return text


def _writing(chance: random.Random) -> dict[str, Any]:
    zone = chance.choice(ZONES)
    return {"kind": "write", "ms": _moment(chance, zone), "zone": zone, "form": _form(chance)}


def _reading(chance: random.Random) -> dict[str, Any]:
    form = _form(chance)
    text = written(EPOCH + timedelta(milliseconds=_moment(chance, "UTC")), form) if chance.random() < 0.9 else "24:00"
    return {"kind": "read", "text": _spoiled(chance, text), "form": form, "strict": chance.random() < 0.5}


def _moving(chance: random.Random) -> dict[str, Any]:
    zone = chance.choice(ZONES)
    units = ["years", "quarters", "months", "weeks", "days", "hours", "minutes", "seconds", "milliseconds"]
    amounts = [0, 1, -1, 2, 7, 13, -26, 0.5, 1.5, 2.5, -0.5, -2.5, 0.25, 30]
    duration = {chance.choice(units): chance.choice(amounts) for _ in range(chance.randint(1, 3))}
    return {"kind": "move", "ms": _moment(chance, zone), "zone": zone, "duration": duration}


def _ours(case: dict[str, Any]) -> Any:
    if case["kind"] == "read":
        time = read(case["text"], case["form"], EPOCH + timedelta(milliseconds=NOW), strict=case["strict"])
        return None if time is None else [_count(time), (time.utcoffset() or timedelta()) // timedelta(minutes=1)]
    zone = UTC if case["zone"] == "UTC" else ZoneInfo(case["zone"])
    when = (EPOCH + timedelta(milliseconds=case["ms"])).astimezone(zone)
    if case["kind"] == "write":
        return written(when, case["form"])
    there = moved(when, case["duration"])
    return [_count(there), written(there, "YYYYYY-MM-DDTHH:mm:ss.SSSZ")]


def _count(time: datetime) -> int:
    return (time - EPOCH) // timedelta(milliseconds=1)


def _excepted(case: dict[str, Any], theirs: Any) -> bool:
    """Years before 1 and after 9999 are refused here, and offsets of a day and more."""
    if case["kind"] == "write" or not isinstance(theirs, list):
        return False
    outside = not -62_135_596_800_000 <= theirs[0] <= 253_402_300_799_999
    return (
        outside
        or (case["kind"] == "read" and abs(theirs[1]) >= 24 * 60)
        or (case["kind"] == "read" and not -62_135_596_800_000 <= theirs[0] + theirs[1] * 60_000 <= 253_402_300_799_999)
    )


@pytest.mark.parametrize(("draw", "count"), [(_writing, 9000), (_reading, 16_000), (_moving, 6000)])
def test_times_are_as_the_package_has_them(draw: Any, count: int) -> None:
    chance = random.Random(count)
    cases = [draw(chance) for _ in range(count)]
    cases = [case for case in cases if case["kind"] != "move" or abs(case["ms"]) < 10**13]
    theirs = packages.ask(SCRIPT, cases)
    differences = [
        (case, their, ours)
        for case, their in zip(cases, theirs, strict=True)
        if not _excepted(case, their) and (ours := _ours(case)) != their
    ]
    assert not differences, (len(differences), *differences[:20])
    answered = sum(their is not None for their in theirs)
    assert answered > count // 3
