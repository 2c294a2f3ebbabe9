"""What json-query finds, row by row of the truth table and beyond it."""

import pytest
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.javascript.coercion import UNDEFINED
from jobyard.models.language.query.query import query, replace_at

PORTS = [
    {"id": 1, "name": "eth0", "up": True, "tags": ["a", "b"]},
    {"id": 2, "name": "eth1", "up": False, "tags": ["c"]},
    {"id": 3, "name": "lo", "up": True, "mtu": None},
]
DATA = {
    "name": "r1", "n": 0, "nul": None, "empty": [], "s": "text", "want": "eth1", "odd.key": 7,
    "nested": {"deep": {"x": 5}}, "ports": PORTS,
    "map": {"a": {"ip": "10.0.0.1", "l": [1, 2]}, "b": {"ip": "10.0.0.2", "l": [3]}},
    "mm": [[1, 2], [3]],
}  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("", DATA),
        ("ports[0].name", "eth0"), ("ports.0.name", "eth0"), (" ports . 0 . name ", "eth0"),
        ("nested[deep][x]", 5), ("nested.deep.x", 5),
        ("nope", UNDEFINED), ("nope.x", None), ("nul.x", None), ("n.x", None), ("nul", None),
        ("ports[9]", UNDEFINED), ("ports[-1]", UNDEFINED), ("empty[0]", UNDEFINED), ("ports[9].name", None),
        ("ports.name", ["eth0", "eth1", "lo"]), ("ports[name]", ["eth0", "eth1", "lo"]),
        ("ports[*].name", ["eth0", "eth1", "lo"]),
        ("ports.tags", ["a", "b", "c"]), ("map[*].l", [1, 2, 3]), ("ports.mtu", [None]), ("ports.length", []),
        ("s.length", 4), ("s[0]", "t"), ("s[4]", UNDEFINED), ("mm.length", [2, 1]),
        ("ports[name=eth1]", PORTS[1]), ("ports[ name = eth1 ]", PORTS[1]),
        ("ports[name=zzz]", None), ("ports[name=zzz].id", None),
        ("ports[id=2].name", "eth1"), ("ports[up=true].name", "eth0"), ("ports[up=false].name", "eth1"),
        ("ports[mtu=null]", None),
        ("map[ip=10.0.0.2]", None), ("map[*][ip=10.0.0.2]", DATA["map"]["b"]),
        ("ports[*name=zzz]", []), ("ports[*up=true].name", ["eth0", "lo"]), ("ports[*name!=lo].name", ["eth0", "eth1"]),
        ("ports[*tags!=c].name", ["eth0", "lo"]),
        ("ports[*id>1].name", ["eth1", "lo"]), ("ports[*id>=2].name", ["eth1", "lo"]),
        ("ports[*id<2].name", ["eth0"]), ("ports[*id<=2].name", ["eth0", "eth1"]), ("ports[*id!>1].name", ["eth0"]),
        ("ports[*name~eth].name", ["eth0", "eth1"]), ("ports[*name!~eth].name", ["lo"]),
        ("ports[*name!~/^eth/].name", ["lo"]), ("ports[*name~/^ETH/i].name", ["eth0", "eth1"]),
        ("ports[*name~/^(eth0|lo)$/].id", [1, 3]), ("ports[*tags~c].id", [2]),
        ("ports[*name=eth0|name=lo].id", [1, 3]), ("ports[*up=true&id>1].id", [3]),
        ("ports[*name]", ["eth0", "eth1", "lo"]),
        ("ports[name={want}].id", 2), ("nested[{map.b.nope|want}]", UNDEFINED), ("map[{nope|s}]", UNDEFINED),
        ("mm[*]", [[1, 2], [3]]), ("mm[**]", [1, 2, 3]), ("ports[].name", "eth0"), ("ports[].nope", None),
        ("nope|name", "r1"), ("n|name", "r1"), ("name|s", "r1"), ("nope | nope | s", "text"), ("nope|nul", None),
        ("odd.key", None), (":get(odd.key)", 7), ("map:get(a)", DATA["map"]["a"]), (":get({nope|want})", UNDEFINED),
        ("nope:get(x)", UNDEFINED), ("name:shout()", "r1"), ("ports[*name:get(length)].id", [1, 2, 3]),
        ("ports[0].name[]", "eth0"), ("empty[]", []),
        ("..name", None), ("(literal)", "literal"), ("nope(x)", UNDEFINED),
        ("ports]name", UNDEFINED), ("ports[name", ["eth0", "eth1", "lo"]),
    ],
)  # fmt: skip
def test_truth_table(expression: str, expected: object) -> None:
    assert query(expression, DATA) == expected


@pytest.mark.parametrize(
    ("expression", "data", "expected"),
    [
        ("a", None, None), ("a", "text", UNDEFINED), ("a", 12, UNDEFINED), ("", None, UNDEFINED), ("", 0, 0),
        ("name", PORTS, ["eth0", "eth1", "lo"]), ("[0].name", PORTS, "eth0"), ("[*id>1]", PORTS, PORTS[1:]),
        ("[*id>1].name|nope", PORTS, ["eth1", "lo"]),
        ("[*]", {"10": "c", "b": "d", "2": "a"}, ["a", "c", "d"]),
        ("length", "a\U0001f600b", 4), ("[1]", "a\U0001f600b", "\ufffd"),
        ("a?b", {"a?0b": 1, "a?b": 2}, 1), ("[*k=?]", [{"k": "?"}, {}], [{}]),
        ("[*~/x/]", [{"": "x"}, {"": "y"}], [{"": "x"}]),
        ("[*v=1]", [{"v": 1}, {"v": "1"}, {"v": [1]}, {"v": True}], [{"v": 1}, {"v": "1"}, {"v": [1]}, {"v": True}]),
        ("[01]", ["a", "b"], UNDEFINED), ("[1.0]", ["a", "b"], UNDEFINED), ("1", ["a", "b"], "b"),
    ],
)  # fmt: skip
def test_other_roots_and_javascripts_own_rules(expression: str, data: object, expected: object) -> None:
    assert query(expression, data) == expected


def test_an_item_that_is_null_is_looked_up_in_the_root_as_in_the_package() -> None:
    data = {"items": [None, {"id": 7}], "id": "of the root"}
    assert query("items[].id", data) == "of the root"


@pytest.mark.parametrize(
    ("expression", "data", "message"),
    [
        ("name", [None], "Cannot read properties of null (reading 'name')"),
        ("[*k=v]", [{"k": 1}, None], "Cannot read properties of null (reading 'k')"),
        ("[*k~/x/]", [{"k": 1}], "A regular expression matches text only."),
        ("[*k~x]", [{"k": 1}], "Only text and arrays can contain something (~)."),
        ("[*k&m=1]", [{"k": 1}], "The first of several conditions has no operator."),
        ("[*k=1&]", [], "The condition 'k=1&' ends in '&'."),
        (".(x)", {}, "The query '.(x)' gives arguments to nothing."),
        ("s[].x", {"s": "text"}, "'[]' looks into arrays and objects, not into text."),
    ],
)
def test_what_throws_in_the_package_is_a_language_error(expression: str, data: object, message: str) -> None:
    with pytest.raises(LanguageError) as refused:
        query(expression, data)
    assert refused.value.message == message


def test_a_query_that_is_too_long_is_refused() -> None:
    with pytest.raises(LanguageError, match="A query of 10001 characters is over the limit of 10000"):
        query("a" * 10_001, {})


def test_queries_nested_too_deep_are_refused() -> None:
    assert query("a[{" * 32 + "b" + "}]" * 32, {"a": {}}) is UNDEFINED
    with pytest.raises(LanguageError, match="more than 32 queries within queries"):
        query("a[{" * 33 + "b" + "}]" * 33, {"a": {}})


def test_brackets_without_end_do_not_recurse() -> None:
    assert query("[" * 10_000, {}) is UNDEFINED
    assert query("]" * 10_000, {}) is UNDEFINED
    assert query(".a" * 5_000, {}) is None


def test_queries_that_multiply_their_work_are_stopped() -> None:
    data = [{"k": 1}] * 300
    expression = "[*k:f({[*k:f({[*k:f({[*k=1]})]})]})]"
    with pytest.raises(LanguageError, match="The query looks at more than 500000 items"):
        query(expression.replace(":f(", ":get("), data)


def test_a_regular_expression_that_explodes_is_stopped() -> None:
    with pytest.raises(LanguageError, match=r"took longer than 0\.04 s"):
        query("[*k~/^(a|a|aa)+$/]", [{"k": "a" * 60 + "b"}])


def test_replace_at_sets_a_copy() -> None:
    data = {"a": {"b": 1, "c": 2}, "d": 3}
    assert replace_at("a.b", data, 9) == {"a": {"b": 9, "c": 2}, "d": 3}
    assert replace_at("a[b]", data, None) == {"a": {"b": None, "c": 2}, "d": 3}
    assert replace_at("x.y", data, 1) == {**data, "x": {"y": 1}}
    assert replace_at("", data, [1]) == [1]
    assert data == {"a": {"b": 1, "c": 2}, "d": 3}


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("a[*]", r"The query 'a\[\*\]' does not name one place"),
        ("a|b", "does not name one place"),
        ("list.0", "There is no object that could hold '0'"),
        ("n.x", "There is no object that could hold 'x'"),
    ],
)
def test_replace_at_refuses_what_is_no_path_of_keys(expression: str, message: str) -> None:
    with pytest.raises(LanguageError, match=message):
        replace_at(expression, {"a": [1], "list": [1], "n": 5}, 1)


def test_replace_at_follows_a_path_of_any_length() -> None:
    replaced = replace_at(".".join("a" * 4000), {}, 1)
    for _ in range(4000):
        replaced = replaced["a"]
    assert replaced == 1
