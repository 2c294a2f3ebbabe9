"""Numbers as a language writes them: what `Intl.NumberFormat` does, by the same data (CLDR, from Babel)."""

from copy import copy
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.numbers import get_currency_precision, parse_pattern

from ...models.json import Json, JsonObject, is_number, is_object
from ...models.language.javascript import text
from .arguments import boolean, unset, whole
from .task import TaskFailed

DEFAULT_LOCALE = "en-US"
MOST_DIGITS = 100

_STYLES = ("decimal", "percent", "currency")
_FRACTION = {"decimal": (0, 3), "percent": (0, 0)}


class LocalNumbers:
    """One language, the first of `tags` that is known, and one set of options."""

    def __init__(self, tags: list[str], options: JsonObject) -> None:
        self._locale = next((locale for tag in [*tags, DEFAULT_LOCALE] if (locale := _locale(tag))), None)
        self._style = _style(options)
        self._currency = _currency(options) if self._style == "currency" else None
        self._grouped = boolean(options.get("useGrouping"), "options.useGrouping", default=True)
        self._pattern = self._fitting_pattern(options)

    def written(self, value: Json) -> str:
        """An element of an array: only numbers are written in the language, null is nothing."""
        if value is None or not is_number(value):
            return "" if value is None else "[object Object]" if is_object(value) else text(value)
        shown = text(value)
        if shown in ("NaN", "Infinity", "-Infinity"):
            return shown.replace("Infinity", "∞")
        with localcontext(rounding=ROUND_HALF_UP, prec=500):
            return self._pattern.apply(
                Decimal(repr(value)),
                self._locale,
                currency=self._currency,
                currency_digits=False,
                group_separator=self._grouped,
            )

    def _fitting_pattern(self, options: JsonObject) -> Any:
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
        asked_least, asked_most = (_digits(options, f"{side}imumFractionDigits") for side in ("min", "max"))
        if asked_least is not None and asked_most is not None and asked_least > asked_most:
            raise TaskFailed("'options.minimumFractionDigits' is larger than 'options.maximumFractionDigits'.")
        least = asked_least if asked_least is not None else min(least, asked_most if asked_most is not None else least)
        pattern.frac_prec = (least, asked_most if asked_most is not None else max(most, least))
        return pattern


def _locale(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def _style(options: JsonObject) -> str:
    style = options.get("style")
    if unset(style):
        return "decimal"
    if isinstance(style, str) and style in _STYLES:
        return style
    raise TaskFailed(f"'options.style' must be one of {', '.join(_STYLES)}.")


def _currency(options: JsonObject) -> str:
    code = options.get("currency")
    if isinstance(code, str) and len(code) == 3 and code.isascii() and code.isalpha():
        return code.upper()
    raise TaskFailed("'options.currency' must be the code of a currency, such as EUR.")


def _digits(options: JsonObject, name: str) -> int | None:
    if unset(options.get(name)):
        return None
    digits = whole(options[name], f"options.{name}")
    if not 0 <= digits <= MOST_DIGITS:
        raise TaskFailed(f"'options.{name}' must be between 0 and {MOST_DIGITS}.")
    return digits
