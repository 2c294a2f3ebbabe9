"""ajv itself with ajv-formats, asked the same: which texts and numbers have a format, and which values fit a schema."""

import random
from typing import Any

from jobyard.models.errors import Fault
from jobyard.models.schemas.checking import SchemaBroken, check
from jobyard.models.schemas.formats import CHECKED, fits

from ... import packages

pytestmark = packages.beside_the_packages

FORMATS = """
const Ajv = load('ajv')
const ajv = new Ajv({ strict: false })
load('ajv-formats')(ajv)
const checks = {}
const answer = ({ format, value }) => {
  checks[format] = checks[format] || ajv.compile({ format })
  return checks[format](value)
}
"""
SCHEMAS = """
const Ajv = load('ajv')
const ajv = new Ajv({ strict: false, unicodeRegExp: false, allErrors: true, validateFormats: true })
load('ajv-formats')(ajv)
const answer = ({ schema, value }) => {
  try {
    const check = ajv.compile(schema)
    return check(value) ? [] : [...new Set(check.errors.map((one) => one.instancePath + ' ' + one.keyword))].sort()
  } catch (fault) { return 'broken' }
}
"""
SAMPLES: dict[str, list[str]] = {
    "date": ["2024-02-29", "2023-02-29", "2000-02-29", "1900-02-29", "0000-01-01", "2024-04-31", "2024-12-31"],
    "time": ["10:20:30Z", "10:20:30.5+02:00", "23:59:60Z", "00:59:60+01:00", "22:59:60-01:00", "24:00:00Z", "10:20:30"],
    "date-time": ["2024-02-29T10:20:30Z", "2024-02-29 10:20:30z", "2024-02-29t10:20:30+0200", "2024-02-29T10:20:30"],
    "iso-time": ["10:20:30", "10:20:30Z", "25:00:00"],
    "iso-date-time": ["2024-02-29T10:20:30", "2024-02-29 10:20:30Z"],
    "duration": ["P1Y2M3DT4H5M6S", "P4W", "PT5M", "P", "PT", "P1DT", "P1W2D", "P1.5D"],
    "email": ["a@b.c", "a.b+c@d-e.fg", "a@b", "a..b@c.d", "@b.c", "a@b.c.", "a@-b.c", "é@b.c", "a@b@c.d"],
    "hostname": ["a", "a.b", "a-b.c.", "-a", "a-", "a..b", "a" * 63, "a" * 64, "a_b", ".".join(["abc"] * 63), ""],
    "ipv4": ["1.2.3.4", "255.255.255.255", "256.1.1.1", "01.2.3.4", "1.2.3", "1.2.3.4.5"],
    "ipv6": ["::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "::ffff:1.2.3.4", "1::2::3",
             "12345::", "fe80::1%eth0", "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", ":::"],
    "uuid": ["123e4567-e89b-12d3-a456-426614174000", "urn:uuid:123e4567-e89b-12d3-a456-426614174000", "123e4567"],
    "uri": ["http://a.b/c?d#e", "mailto:a@b.c", "urn:a:b", "http://[::1]:80/", "http://[v1.a]/", "a:", "a:?b", "//a/b",
            "http://a b", "http://a:b@c:80", "http://a/%zz", "file:///etc", "http://a:x/", "1a:b", "a:/", "x:/a:b",
            "a:#b"],
    "uri-reference": ["", "a", "/a", "//a", "a:b", "?a", "#b", "a b", "1:2", "a/b:c", "http://[::1", "a#b#c",
                      "[a]", "é"],
    "url": ["http://a.bc", "https://a-b.c-d.ef:8080/x?y#z", "ftp://u:p@a.bc/", "http://a", "http://1.2.3.4", "http://10.0.0.1",
            "http://192.168.1.1/", "http://172.15.0.1", "http://172.16.0.1", "http://223.1.1.254", "http://224.1.1.1",
            "http://1.02.3.4", "http://1.002.3.4", "http://1.2.3.0", "http://a@b@c.de", "http://@a.bc", "http://a/b@c.de",
            "http://é.ñandú", "http://a--b.cd", "HTTPS://A.BC", "http://a.bc:1", "http://a.bc?x", "http://a.bc/ x",
            "//a.bc", "http://a.bc.", "http://☺.damowmow.com/", "http://a.1b", "http://a.b1"],
    "uri-template": ["", "a{b}", "/x{/y*}{?z,w:3}", "{", "}", "{}", "{a,}", "{a:0}", "{a:12345}", "a b", "%41", "%4",
                     "{+a%41}", "{&a*,b}", "é", "{é}", "{a.b}"],
    "json-pointer-uri-fragment": ["#", "#/", "#/a~0b", "#/a~", "", "/a", "#a", "#/a%25b", "#/%2", "#/é", "#/a b"],
    "json-pointer": ["", "/", "/a~0b", "/a~", "a", "/~2"],
    "relative-json-pointer": ["0", "1/a", "0#", "01", "-1", "1#a", "2/~1"],
    "regex": ["a", "(", "[b-a]", r"a\Z", r"\Z", "(?<a>b)", "a{2,1}"],
    "byte": ["", "YQ==", "YWI=", "YWJj", "YQ", "a b", "YWJj\nx"],
}  # fmt: skip
VALUES: list[Any] = [0, 1, -1, 1.5, 5, 10, 2**31, -(2**31), 2**40, "", "a", "abc", "é", "10", True, False, None, [],
                     [1], [1, 1], ["a", 1], {}, {"a": 1}, {"a": "x", "b": 2}, {"b": [1, {"a": 3}]}, 
                     "2024-01-01"]  # fmt: skip


def _mutated(chance: random.Random, text: str) -> str:
    for _ in range(chance.choice([0, 1, 1, 2])):
        at = chance.randint(0, len(text))
        piece = chance.choice([*"aZ09:/.-+@[]%#?~ T={},*", "é", "\n", "", "::", "%41"])
        text = text[:at] + piece + text[at + chance.choice([0, 1]) :]
    return text


def test_texts_and_numbers_have_the_formats_that_they_have_there() -> None:
    chance = random.Random(1)
    samples = [text for texts in SAMPLES.values() for text in texts]
    cases: list[Any] = [
        {"format": name, "value": _mutated(chance, chance.choice(SAMPLES[name]))}
        for name in SAMPLES
        for _ in range(1500)
    ]
    cases += [{"format": name, "value": text} for name in SAMPLES for text in samples]
    cases += [{"format": name, "value": value} for name in CHECKED for value in VALUES]
    theirs = packages.ask(FORMATS, cases)
    differences = [
        (case, their)
        for case, their in zip(cases, theirs, strict=True)
        if fits(case["format"], case["value"]) is not their
    ]
    assert not differences, (len(differences), *differences[:10])
    assert sum(theirs) in range(len(cases) // 10, len(cases) * 9 // 10)


NAMES = ("one", "two", "itself")


def _whole(chance: random.Random, *, four: bool = False) -> Any:
    """A schema whose parts refer to its definitions, one of which holds itself."""
    itself = {"properties": {"a": {"$ref": "#/definitions/itself"}}, "minProperties": chance.choice([0, 1])}
    definitions = {
        "one": _schema(chance, 3, four=four, refers=False),
        "two": _schema(chance, 2, four=four, refers=False),
    }
    return {**_schema(chance, four=four), "definitions": {**definitions, "itself": itself}}


def _schema(chance: random.Random, depth: int = 0, *, four: bool = False, refers: bool = True) -> Any:
    def deeper() -> Any:
        return _schema(chance, depth + 1, four=four, refers=refers)

    schema: dict[str, Any] = {}
    draws: dict[str, Any] = {
        "type": lambda: chance.choice(["string", "number", "integer", "object", "array", "boolean", "null",
                                       ["string", "null"]]),
        "minimum": lambda: chance.choice([0, 1.5]), "maximum": lambda: chance.choice([1, 5]),
        "exclusiveMinimum": lambda: 1, "exclusiveMaximum": lambda: 5, "multipleOf": lambda: chance.choice([2, 5]),
        "minLength": lambda: 1, "maxLength": lambda: 2, "pattern": lambda: chance.choice(["^a", "b$", r"\d"]),
        "minItems": lambda: 1, "maxItems": lambda: 1, "uniqueItems": lambda: True,
        "minProperties": lambda: 1, "maxProperties": lambda: 1, "required": lambda: chance.choice([["a"], ["a", "b"]]),
        "enum": lambda: chance.choice([[1, "a"], [None, {"a": 1}]]), "const": lambda: chance.choice([1, "a", [1]]),
        "format": lambda: chance.choice(["date", "ipv4", "int32", "uri", "unheard-of"]),
        "nullable": lambda: True,
    }  # fmt: skip
    nested: dict[str, Any] = {
        "properties": lambda: {name: deeper() for name in chance.choice([["a"], ["a", "b"]])},
        "items": lambda: chance.choice([deeper(), [deeper(), deeper()]]), "contains": deeper,
        "additionalProperties": lambda: chance.choice([False, deeper()]),
        "patternProperties": lambda: {"^a": deeper()},
        "propertyNames": lambda: {"pattern": "^a"}, "dependencies": lambda: {"a": ["b"]},
        "not": deeper, "anyOf": lambda: [deeper() for _ in range(2)],
        "oneOf": lambda: [deeper() for _ in range(2)],
        "allOf": lambda: [deeper() for _ in range(2)],
        "if": deeper, "then": deeper,
        "else": deeper, "additionalItems": deeper,
    }  # fmt: skip
    if four:
        draws["exclusiveMinimum"] = draws["exclusiveMaximum"] = lambda: chance.choice([True, False])
        for name in ("const",):
            del draws[name]
        for name in ("contains", "propertyNames", "if", "then", "else"):
            del nested[name]
        nested["dependencies"] = lambda: chance.choice([{"a": ["b"]}, {"a": deeper()}])
    if depth and refers:
        draws["$ref"] = lambda: f"#/definitions/{chance.choice(NAMES)}"
    for name, draw in chance.sample([*draws.items(), *(nested.items() if depth < 3 else ())], chance.randint(1, 3)):
        schema[name] = draw()
    if schema.get("nullable") and ("type" not in schema or "$ref" in schema):
        del schema["nullable"]  # ajv refuses it without a type
    for limit in ("Minimum", "Maximum"):
        if four and limit.lower() not in schema:
            schema.pop(f"exclusive{limit}", None)  # refused without what it makes exclusive
    if four and "$ref" in schema:
        schema = {"$ref": schema["$ref"]}  # what stands beside is nothing there, and something in ajv
    return schema


def _ours(schema: Any, value: Any) -> Any:
    found: list[Fault] = []
    try:
        check(schema, value, found)
    except SchemaBroken:
        return "broken"
    return found


def test_values_fit_the_schemas_that_they_fit_there() -> None:
    chance = random.Random(2)
    cases = [{"schema": _whole(chance), "value": chance.choice(VALUES)} for _ in range(8_000)]
    theirs = packages.ask(SCHEMAS, cases)
    _compare(cases, theirs)


def test_values_fit_the_schemas_of_draft_4_that_they_fit_there() -> None:
    chance = random.Random(3)
    schema = "http://json-schema.org/draft-04/schema#"
    cases = [
        {"schema": {**_whole(chance, four=True), "$schema": schema}, "value": chance.choice(VALUES)}
        for _ in range(4_000)
    ]
    _compare(cases, packages.ask(SCHEMAS.replace("load('ajv')", "load('ajv-draft-04')"), cases))


def _compare(cases: list[Any], theirs: list[Any]) -> None:
    differences = [
        (case, their, ours)
        for case, their in zip(cases, theirs, strict=True)
        if their != "broken" and ((ours := _ours(**case)) == "broken" or bool(ours) != bool(their))
    ]
    assert not differences, (len(differences), *differences[:10])
    broken = theirs.count("broken")
    assert broken < len(cases) // 20, broken
    assert sum(bool(their) for their in theirs) in range(len(cases) // 10, len(cases) * 9 // 10)
