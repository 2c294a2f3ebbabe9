"""Tasks whose result depends on a language."""

import math

import pytest
from jobyard.models.json import Json, JsonObject

from .calls import assert_refused, assert_result


@pytest.mark.parametrize(
    ("name", "incoming", "result"),
    [
        ("toLocaleUpperCase", {"str": "istanbul", "locale": "tr-TR"}, "İSTANBUL"),
        ("toLocaleUpperCase", {"str": "istanbul", "locale": ""}, "ISTANBUL"),
        ("toLocaleUpperCase", {"str": "istanbul", "locale": ["de-DE", "tr-TR"]}, "ISTANBUL"),
        ("toLocaleLowerCase", {"str": "İIi", "locale": ["az"]}, "iıi"),
        ("toLocaleLowerCase", {"str": "HELLO", "locale": None}, "hello"),
    ],
)
def test_case(name: str, incoming: JsonObject, result: Json) -> None:
    assert_result(name, incoming, result)


@pytest.mark.parametrize(
    ("one", "other", "options", "order"),
    [
        ("a", "b", "", -1),
        ("b", "a", None, 1),
        ("a", "a", {}, 0),
        ("a", "A", {}, -1),
        ("a", "B", {}, -1),
        ("Z", "a", {}, 1),
        ("", "a", {}, -1),
        ("ab", "a", {}, 1),
        ("e", "\u00e9", {}, -1),
        ("\u00e9", "f", {}, -1),
        ("e\u0301", "\u00e9", {}, 0),
        ("Résumé", "resume", {"sensitivity": "base"}, 0),
        ("Resume", "resume", {"sensitivity": "accent"}, 0),
        ("résumé", "resume", {"sensitivity": "accent"}, 1),
        ("résumé", "resume", {"sensitivity": "case"}, 0),
        ("Resume", "resume", {"sensitivity": "case"}, 1),
        ("a", "A", {"caseFirst": "upper"}, 1),
        ("a", "A", {"caseFirst": "false"}, -1),
        ("port 10", "port 9", {}, -1),
        ("port 10", "port 9", {"numeric": True}, 1),
        ("port 09", "port 9", {"numeric": "true"}, 0),
        ("co-op", "coop", {"ignorePunctuation": True}, 0),
        ("_a", "1", {}, -1),
        ("1", "a", {}, -1),
    ],
)
def test_locale_compare(one: str, other: str, options: Json, order: int) -> None:
    incoming = {"referenceStr": one, "compareString": other, "locales": "", "options": options}
    assert_result("localeCompare", incoming, order)


@pytest.mark.parametrize(
    ("items", "locales", "options", "written"),
    [
        ([1234.5678, -0.0005, "a", None, True], "", "", "1,234.568,-0.001,a,,true"),
        ([1234.5, [1e6, {}]], "de-DE", {}, "1.234,5,1.000.000,[object Object]"),
        ([1234.5], "de-DE", {"style": "currency", "currency": "EUR"}, "1.234,50\u00a0€"),
        ([1234.5], "en-IN", {"style": "currency", "currency": "inr"}, "₹1,234.50"),
        ([1234.5], ["xx-YY", "en-GB"], {"style": "currency", "currency": "JPY"}, "JP¥1,235"),
        ([2], "en", {"style": "currency", "currency": "USD", "currencyDisplay": "code"}, "USD\u00a02.00"),
        ([0.256], None, {"style": "percent"}, "26%"),
        ([0.2565, 1], None, {"style": "percent", "maximumFractionDigits": 1}, "25.7%,100%"),
        ([1234.5], None, {"useGrouping": False, "minimumFractionDigits": 2}, "1234.50"),
        ([1.25], None, {"maximumFractionDigits": "1"}, "1.3"),
        ([5], "no such language", None, "5"),
        ([math.nan, math.inf, -math.inf], None, None, "NaN,∞,-∞"),
        ([], None, None, ""),
    ],
)
def test_array_to_locale_string(items: list[Json], locales: Json, options: Json, written: str) -> None:
    assert_result("arrayToLocaleString", {"arr": items, "locales": locales, "options": options}, written)


@pytest.mark.parametrize(
    ("name", "incoming", "message"),
    [
        ("toLocaleUpperCase", {"str": 1}, "'str' must be a text, not the number 1."),
        ("toLocaleUpperCase", {"str": "a", "locale": 1}, "'locale' must be a text, not the number 1."),
        ("localeCompare", {"referenceStr": "a"}, "'compareString' must be a text, not undefined."),
        (
            "localeCompare",
            {"referenceStr": "a", "compareString": "b", "options": {"sensitivity": "none"}},
            "'options.sensitivity' must be one of variant, base, accent, case, not 'none'.",
        ),
        (
            "localeCompare",
            {"referenceStr": "a" * 100_001, "compareString": "b"},
            "'referenceStr' is longer than the 100000 characters that are compared.",
        ),
        ("arrayToLocaleString", {"arr": [1], "options": []}, "'options' must be an object, not an array."),
        (
            "arrayToLocaleString",
            {"arr": [1], "options": {"style": "unit"}},
            "'options.style' must be one of decimal, percent, currency.",
        ),
        (
            "arrayToLocaleString",
            {"arr": [1], "options": {"style": "currency"}},
            "'options.currency' must be the code of a currency, such as EUR.",
        ),
        (
            "arrayToLocaleString",
            {"arr": [1], "options": {"maximumFractionDigits": 1e9}},
            "'options.maximumFractionDigits' must be between 0 and 100.",
        ),
        (
            "arrayToLocaleString",
            {"arr": [1], "options": {"minimumFractionDigits": 3, "maximumFractionDigits": 2}},
            "'options.minimumFractionDigits' is larger than 'options.maximumFractionDigits'.",
        ),
        ("arrayToLocaleString", {"arr": [0] * 100_001}, "'arr' has more than 100000 elements."),
    ],
)
def test_a_wrong_value_is_an_error_that_names_it(name: str, incoming: JsonObject, message: str) -> None:
    assert_refused(name, incoming, message)
