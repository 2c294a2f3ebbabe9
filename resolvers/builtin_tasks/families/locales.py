"""Tasks whose result depends on a language: case, order of texts, numbers as a language writes them."""

from collections.abc import Mapping
from copy import copy
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.numbers import get_currency_precision, parse_pattern

from ....models.json import Json, JsonObject, is_array, is_number, is_object
from ....models.language.collation import LONGEST_COMPARED, Collation, compare
from ....models.language.javascript.coercion import text
from ....models.language.transformation.budget import written_size
from ..arguments import array, boolean, json_object, method, string, unset, whole
from ..task import TaskFailed, returning

DEFAULT_LOCALE = "en-US"
MOST_DIGITS = 100

_STYLES = ("decimal", "percent", "currency")
_FRACTION = {"decimal": (0, 3), "percent": (0, 0)}


class LocalNumbers:
    """One language, the first of `tags` that is known, and one set of options."""

    def __init__(self, tags: list[str], options: Mapping[str, object]) -> None:
        self._locale = next((locale for tag in [*tags, DEFAULT_LOCALE] if (locale := _locale(tag))), None)
        self._style = _style(options)
        self._currency = _currency(options) if self._style == "currency" else None
        self._grouped = boolean(options.get("useGrouping"), "options.useGrouping", default=True)
        self._pattern = self._fitting_pattern(options)

    def written(self, value: Json) -> str:
        """An element of an array: only numbers are written in the language, null is nothing."""
        if value is None or not is_number(value):
            return "" if value is None else "[object Object]" if is_object(value) else text(value)
        written = text(value)
        if written in ("NaN", "Infinity", "-Infinity"):
            return written.replace("Infinity", "∞")
        with localcontext(rounding=ROUND_HALF_UP, prec=500):
            return self._pattern.apply(
                Decimal(repr(value)),
                self._locale,
                currency=self._currency,
                currency_digits=False,
                group_separator=self._grouped,
            )

    def _fitting_pattern(self, options: Mapping[str, object]) -> Any:
        assert self._locale is not None
        formats: Any = {
            "decimal": self._locale.decimal_formats[None],
            "percent": self._locale.percent_formats[None],
            "currency": self._locale.currency_formats["standard"],
        }[self._style]
        pattern = copy(formats)
        if options.get("currencyDisplay") == "code":
            pattern = parse_pattern(pattern.pattern.replace("¤", "¤¤\u00a0"))
        least, most = _FRACTION.get(self._style) or (get_currency_precision(self._currency or ""),) * 2
        own_least, own_most = (_digits(options, f"{side}imumFractionDigits") for side in ("min", "max"))
        if own_least is not None and own_most is not None and own_least > own_most:
            raise TaskFailed("'options.minimumFractionDigits' is larger than 'options.maximumFractionDigits'.")
        least = own_least if own_least is not None else min(least, own_most if own_most is not None else least)
        pattern.frac_prec = (least, own_most if own_most is not None else max(most, least))
        return pattern


def _locale(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def _style(options: Mapping[str, object]) -> str:
    style = options.get("style")
    if unset(style):
        return "decimal"
    if isinstance(style, str) and style in _STYLES:
        return style
    raise TaskFailed(f"'options.style' must be one of {', '.join(_STYLES)}.")


def _currency(options: Mapping[str, object]) -> str:
    code = options.get("currency")
    if isinstance(code, str) and len(code) == 3 and code.isascii() and code.isalpha():
        return code.upper()
    raise TaskFailed("'options.currency' must be the code of a currency, such as EUR.")


def _digits(options: Mapping[str, object], name: str) -> int | None:
    if unset(options.get(name)):
        return None
    digits = whole(options[name], f"options.{name}")
    if not 0 <= digits <= MOST_DIGITS:
        raise TaskFailed(f"'options.{name}' must be between 0 and {MOST_DIGITS}.")
    return digits


MOST_ELEMENTS = 100_000
_DOTTED_I = ("tr", "az")  # their i keeps its dot in upper case
_LOCALE = "string: a language tag such as tr-TR, or an array of them"


@returning("lowercaseString", "toLocaleLowerCase", {"str": "string", "locale": _LOCALE})
def to_locale_lower_case(characters: Json, locale: Json) -> Json:
    """Write a text in lower case. Turkish and Azerbaijani have their own letters; all others are as in toLowerCase."""
    written = string(characters, "str")
    if _first(locale, "locale").partition("-")[0].lower() in _DOTTED_I:
        written = written.replace("I\u0307", "i").replace("İ", "i").replace("I", "ı")
    return method("String.toLowerCase", written)


@returning("uppercaseString", "toLocaleUpperCase", {"str": "string", "locale": _LOCALE})
def to_locale_upper_case(characters: Json, locale: Json) -> Json:
    """Write a text in upper case. Turkish and Azerbaijani have their own letters; all others are as in toUpperCase."""
    written = string(characters, "str")
    if _first(locale, "locale").partition("-")[0].lower() in _DOTTED_I:
        written = written.replace("i", "İ")
    return method("String.toUpperCase", written)


@returning(
    "compareResult",
    "localeCompare",
    {
        "referenceStr": "string",
        "compareString": "string",
        "locales": f"{_LOCALE}; the order is one for all languages",
        "options": "object: numeric, sensitivity (base, accent, case, variant), ignorePunctuation, caseFirst",
    },
)
def locale_compare(reference: Json, other: Json, locales: Json, options: Json) -> Json:
    """Compare two texts as a dictionary does: -1 if the first comes first, 1 if the second does, 0 if they are alike.

    Letters decide first, then accents, then case with small letters first; punctuation comes before digits, and digits
    before letters.
    """
    _first(locales, "locales")
    chosen = _options(options)
    collation = Collation(
        numeric=boolean(chosen.get("numeric"), "options.numeric", default=False),
        ignore_punctuation=boolean(chosen.get("ignorePunctuation"), "options.ignorePunctuation", default=False),
        sensitivity=_one_of(chosen, "sensitivity", ("variant", "base", "accent", "case")),
        capitals_first=_one_of(chosen, "caseFirst", ("false", "lower", "upper")) == "upper",
    )
    one, two = _compared(reference, "referenceStr"), _compared(other, "compareString")
    return compare(one, two, collation)


@returning(
    "elementString",
    "arrayToLocaleString",
    {
        "arr": "array",
        "locales": f"{_LOCALE}; en-US when it is left out",
        "options": "object: style (decimal, percent, currency), currency, currencyDisplay (symbol, code), "
        "minimumFractionDigits, maximumFractionDigits, useGrouping",
    },
)
def array_to_locale_string(items: Json, locales: Json, options: Json) -> Json:
    """Join the elements with commas, numbers written as a language writes them."""
    elements = array(items, "arr")
    if written_size(elements) > MOST_ELEMENTS:
        raise TaskFailed(f"'arr' has more than {MOST_ELEMENTS} elements.")
    tags = locales if is_array(locales) else [] if unset(locales) else [locales]
    numbers = LocalNumbers([string(tag, "locales") for tag in tags], _options(options))
    return method("String.toString", _joined(elements, numbers))


def _joined(elements: list[Json], numbers: LocalNumbers) -> str:
    return ",".join(_joined(item, numbers) if is_array(item) else numbers.written(item) for item in elements)


def _compared(value: Json, name: str) -> str:
    text = string(value, name)
    if len(text) > LONGEST_COMPARED:
        raise TaskFailed(f"'{name}' is longer than the {LONGEST_COMPARED} characters that are compared.")
    return text


def _first(locales: Json, name: str) -> str:
    tags = locales if is_array(locales) else [] if unset(locales) else [locales]
    return string(tags[0], name) if tags else ""


def _options(options: Json) -> JsonObject:
    return {} if unset(options) else json_object(options, "options")


def _one_of(options: Mapping[str, object], name: str, allowed: tuple[str, ...]) -> str:
    value = options.get(name)
    if unset(value) or value is False:
        return allowed[0]
    if value in allowed:
        return str(value)
    written = "an object" if is_object(value) or is_array(value) else repr(value)
    raise TaskFailed(f"'options.{name}' must be one of {', '.join(allowed)}, not {written[:80]}.")


TASKS = (to_locale_lower_case, to_locale_upper_case, locale_compare, array_to_locale_string)
