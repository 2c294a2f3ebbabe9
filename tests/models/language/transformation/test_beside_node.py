"""The methods of every library, asked the same as JavaScript itself in node."""

import json
import math
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.javascript.coercion import UNDEFINED
from jobyard.models.language.javascript.values import well_formed
from jobyard.models.language.transformation import transform
from jobyard.models.language.transformation.methods import ARRAY_METHODS, LAZY_METHODS
from jobyard.models.language.transformation.methods import METHODS as ALL
from jobyard.models.language.transformation.moments import Moment
from jobyard.models.language.transformation.regexps import RegExp
from jobyard.models.language.transformation.sets import UniqueValues

from .... import processes
from .build import incoming, level, of
from .drawn import Caller

CALLS_OF_EACH = 60
BESIDE = Path(__file__).with_name("beside_node.js")


def _named(library: str, names: str) -> list[str]:
    return [f"{library}.{name}" for name in names.split()]


# By method: the kinds of its arguments, those after `?` may be left out; a capital kind is never replaced by another.
METHODS: dict[str, str] = {
    **dict.fromkeys(_named("Array", "at getIndex"), "Ai"),
    **dict.fromkeys(_named("Array", "includes indexOf lastIndexOf"), "Av?i"),
    **dict.fromkeys(_named("Array", "keys entries values reverse toReversed toString length pop shift"), "A"),
    **dict.fromkeys(_named("Array", "push unshift concat"), "A?vav"),
    "Array.isArray": "v", "Array.of": "?vvv", "Array.from": "v", "Array.flat": "A?i", "Array.join": "A?s",
    "Array.fill": "Av?ii", "Array.copyWithin": "Ai?ii", "Array.slice": "A?ii", "Array.splice": "A?iivv",
    "Array.toSpliced": "A?iivv", "Array.with": "Aiv", "Array.setIndex": "AIv",
    "Array.sort": "A", "Array.toSorted": "A", "Array.sort:difference": "M", "Array.toSorted:difference": "M",
    **{f"{name}:{callback}": "A" for callback in ("itself", "index", "small", "pair", "text") for name in _named(
        "Array", "every filter find findIndex findLast findLastIndex flatMap map some")},
    **{f"Array.{name}:{callback}": "A?v" for callback in ("both", "sum") for name in ("reduce", "reduceRight")},
    **dict.fromkeys(_named("String", "at charAt charCodeAt codePointAt"), "T?i"),
    **dict.fromkeys(_named("String", "includes indexOf lastIndexOf"), "Ss?i"),
    **dict.fromkeys(_named("String", "startsWith endsWith"), "Ts?i"),
    **dict.fromkeys(_named("String", "padEnd padStart"), "SI?s"),
    **dict.fromkeys(_named("String", "slice substr substring"), "T?ii"),
    **dict.fromkeys(_named("String", "toLowerCase toUpperCase toLocaleLowerCase toLocaleUpperCase toString valueOf "
        "trim trimEnd trimStart length normalize isWellFormed toWellFormed"), "S"),
    "String.concat": "S?vsv", "String.repeat": "SI", "String.split": "T?si", "String.localeCompare": "CC",
    "String.match": "TR", "String.matchAll": "TG", "String.search": "TR", "String.replace": "TRs",
    "String.replaceAll": "TGs", "String.fromCharCode": "?nii", "String.fromCodePoint": "?ii",
    "Object.assign": "O?ovo", "Object.entries": "v", "Object.keys": "v", "Object.values": "v", "Object.is": "vv",
    "Object.fromEntries": "E", "Object.hasOwnProperty": "vk", "Object.hasOwn": "vk", "Object.getProperty": "vk",
    "Object.optional chaining": "vk?kk", "Object.setProperty": "Okv", "Object.deleteProperty": "Ok",
    **dict.fromkeys(_named("Math", "abs acos acosh asin asinh atan atanh cbrt ceil clz32 cos cosh exp expm1 floor "
        "fround log log10 log1p log2 round sign sin sinh sqrt tan tanh trunc"), "n"),
    **dict.fromkeys(_named("Math", "atan2 imul pow subtract multiply divide remainder exponentiation"), "nn"),
    **dict.fromkeys(_named("Math", "max min hypot"), "?nnn"), "Math.add": "vv",
    **dict.fromkeys(_named("Number", "isFinite isInteger isNaN isSafeInteger"), "v"),
    **dict.fromkeys(_named("Number", "toExponential toFixed toPrecision"), "N?i"),
    "Number.parseFloat": "s", "Number.parseInt": "s?i", "Number.valueOf": "N", "Number.toString": "X?i",
    "Boolean.toString": "b", "Boolean.valueOf": "b", "JSON.parse": "s", "JSON.stringify": "v", "JSON.typeof": "v",
    **dict.fromkeys(_named("Equality", "equality inequality identity nonidentity deepEquals"), "vv"),
    **dict.fromkeys(_named("Relational", "lessThan lessThanOrEqual greaterThan greaterThanOrEqual"), "vv"),
    **dict.fromkeys(_named("Logical", "and or nullish"), "vv"), "Logical.not": "v", "Conditional.ternary": "vvv",
    "RegExp.test": "RT", "RegExp.exec": "RT", "RegExp.toString": "R",
    "Set.has": "Uv", "Set.size": "U", **dict.fromkeys(_named("Set", "values keys entries"), "U"),
    "Set.add": "Uv", "Set.delete": "Uv",
    **dict.fromkeys(_named("Date", "getDate getDay getFullYear getHours getMilliseconds getMinutes getMonth getSeconds "
        "getTime getTimezoneOffset getUTCDate getUTCDay getUTCFullYear getUTCHours getUTCMilliseconds getUTCMinutes "
        "getUTCMonth getUTCSeconds toDateString toISOString toJSON toString toTimeString toUTCString valueOf"), "D"),
    **{f"Date.set{zone}{part}": "D" + arguments for zone in ("", "UTC") for part, arguments in (
        ("Date", "i"), ("FullYear", "i?ii"), ("Hours", "i?iii"), ("Milliseconds", "i"), ("Minutes", "i?ii"),
        ("Month", "i?i"), ("Seconds", "i?i"))},
    "Date.setTime": "Dn", "Date.UTC": "i?iiiiii", "Date.parse": "P",
    "new Date#1": "N", "new Date#3": "ii?iiiii", "new String": "V", "new Number": "V", "new Boolean": "V",
}  # fmt: skip


def _function(name: str, steps: dict[int, Any], answer: Any, *takes: str) -> dict[str, Any]:
    return {"id": name, "name": name, **level(steps, {"out": answer}, takes=takes)}


FUNCTIONS = [
    _function("itself", {}, incoming("x"), "x"),
    _function("index", {}, incoming("i"), "x", "i"),
    _function("small", {1: ("Relational.lessThan", incoming("x"), 2)}, of(1), "x"),
    _function("pair", {1: ("new Array", incoming("x"), incoming("i"))}, of(1), "x", "i"),
    _function("text", {1: ("new String", incoming("x"))}, of(1), "x"),
    _function("difference", {1: ("Math.subtract", incoming("x"), incoming("y"))}, of(1), "x", "y"),
    _function("both", {1: ("new Array", incoming("x"), incoming("y"))}, of(1), "x", "y"),
    _function("sum", {1: ("Math.add", incoming("x"), incoming("y"))}, of(1), "x", "y"),
]


def ours(name: str, given: list[Any]) -> dict[str, Any]:
    method, _, callback = name.partition(":")
    names = [f"a{at}" for at in range(len(given))]
    arguments: list[Any] = [incoming(name) for name in names]
    if callback:
        arguments.insert(1, callback)
    steps: dict[int, Any] = {1: (method, *arguments), 2: ("Array.from", of(1))}
    answer_of = 2 if method in ("Set.add", "Set.delete") else 1  # a set itself leaves a transformation as {}
    document = level(steps, {"out": of(answer_of)}, takes=names, functions=FUNCTIONS)
    try:
        answer = transform(document, dict(zip(names, given, strict=True)), {})
    except LanguageError as refusal:
        return {"error": str(refusal)}
    return {"value": answer["out"]} if "out" in answer else {"undefined": True}


def revivable(value: Any) -> Any:
    """For the other side: what JSON does not have as {"$": [kind, ...]}."""
    if value is UNDEFINED:
        return {"$": ["undefined"]}
    if isinstance(value, float) and (not math.isfinite(value) or value == 0):
        return {"$": ["number", {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(str(value), str(value))]}
    if isinstance(value, RegExp):
        return {"$": ["regexp", value.pattern.source, value.pattern.flags]}
    if isinstance(value, Moment):
        return {"$": ["date", "NaN" if math.isnan(value.at) else str(value.at)]}
    if isinstance(value, UniqueValues):
        return {"$": ["set", [revivable(one) for one in value.values]]}
    if isinstance(value, list):
        return [revivable(one) for one in value]
    return {key: revivable(one) for key, one in value.items()} if isinstance(value, dict) else value


def same(name: str, got: dict[str, Any], expected: dict[str, Any]) -> bool:
    if "value" not in got or "value" not in expected:
        return got.keys() == expected.keys()
    theirs = json.loads(well_formed(json.dumps(json.loads(expected["value"]), ensure_ascii=False)), parse_int=float)
    mine = json.loads(json.dumps(got["value"]), parse_int=float)
    if name.startswith("Math.") and isinstance(mine, float) and isinstance(theirs, float):
        return math.isclose(mine, theirs, rel_tol=1e-14, abs_tol=1e-300)  # the standard leaves the last digits open
    return json.dumps(mine, sort_keys=True) == json.dumps(theirs, sort_keys=True)


def theirs(cases: list[tuple[str, list[Any]]]) -> list[dict[str, Any]]:
    asked: list[Any] = []
    for name, given in cases:
        method, _, callback = name.partition(":")
        arguments = [revivable(value) for value in given]
        asked.append([method, [arguments[0], callback, *arguments[1:]] if callback else arguments])
    done = processes.run(
        ["node", str(BESIDE)],
        input=json.dumps({"cases": asked}),
        check=True,
        env={**os.environ, "TZ": "UTC"},
    )
    return json.loads(done.stdout)


def differences(seed: int, names: list[str], each: int = CALLS_OF_EACH) -> list[tuple[Any, ...]]:
    cases = [
        (name, caller.arguments(METHODS[name]))
        for name in names
        for caller in [Caller(f"{seed}/{name}")]
        for _ in range(each)
    ]
    return [
        (name, given, answer, expected)
        for (name, given), expected in zip(cases, theirs(cases), strict=True)
        if not same(name, answer := ours(name, given), expected)
    ]


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node here")
@pytest.mark.parametrize("library", sorted({name.partition(".")[0] for name in METHODS}))
def test_answers_as_javascript_does(library: str) -> None:
    names = [name for name in METHODS if name.partition(".")[0] == library]
    assert differences(0, names) == []


def test_every_method_is_compared_or_is_not_javascripts() -> None:
    compared = {name.partition(":")[0] for name in METHODS}
    others = {"Date.now", "JSON.type of", "Math.random", "WorkFlowEngine.query"}
    assert {*ALL, *ARRAY_METHODS, *LAZY_METHODS} - compared == others
