"""Evaluations: whether groups of comparisons hold.

The first operand, where it is text, is read as the number, boolean or JSON that it spells; the second is then converted
to the type of the first. A comparison whose second operand does not convert is false, and so are unknown operators.
"""

import math
from collections.abc import Callable, Iterable
from typing import Literal

from ..json import Json, JsonObject, array_at, is_array, is_number, is_object, text_at
from .errors import LanguageError
from .javascript.coercion import UNDEFINED, compare, deeply_equal, number, text, to_number, truthy
from .javascript.json_text import from_json
from .patterns import Pattern, PatternTooLarge, SlowMatchError, searching
from .query.query import query

Arrays = Literal["js", "length"]


def evaluate(
    all_true_flag: object, evaluation_groups: list[Json], resolve: Callable[[Json], object], arrays: Arrays = "js"
) -> bool:
    """True when all groups hold, or any of them where the flag is false; each group has such a flag of its own.

    `resolve` gives the value of an operand as the author wrote it, UNDEFINED where there is none. `arrays` beside `<`,
    `>`, `<=` and `>=` are converted as JavaScript does, or count by their length.
    """
    groups = (
        _holds_together(
            group.get("all_true_flag"),
            (_holds(one, resolve, arrays) for one in array_at(group, "evaluations") if is_object(one)),
        )
        for group in evaluation_groups
        if is_object(group)
    )
    with searching():
        return _holds_together(all_true_flag, groups)


def flag(value: object) -> bool:
    """A boolean that an author may have written as text: "false" is false."""
    return truthy(value) and value != "false"


def _holds_together(all_true_flag: object, outcomes: Iterable[bool]) -> bool:
    return all(outcomes) if flag(all_true_flag) else any(outcomes)


def _holds(evaluation: JsonObject, resolve: Callable[[Json], object], arrays: Arrays) -> bool:
    left = _queried(text_at(evaluation, "query"), resolve(evaluation.get("operand_1")))
    right = _queried(text_at(evaluation, "rightQuery"), resolve(evaluation.get("operand_2")))
    match evaluation.get("operator"):
        case "==":
            return _equal(left, right)
        case "!=":
            return not _equal(left, right)
        case "<" | "<=" | ">" | ">=" as operator:
            left, right = _comparable(_parsed(left), arrays), _comparable(right, arrays)
            return _relates(left, str(operator), right)
        case "contains":
            return _contains(left, right)
        case "!contains":
            return not _contains(left, right)
        case _:
            return False


def _queried(expression: str, value: object) -> object:
    return query(expression, value) if expression else value


def _parsed(value: object) -> object:
    """The number, boolean, null, array or object that a text spells; the text itself where it spells none."""
    if not isinstance(value, str):
        return value
    try:
        parsed: object = from_json(value)
    except LanguageError:
        spelled = to_number(value)
        return spelled if value.strip() and math.isfinite(spelled) else value
    return value if isinstance(parsed, str) else parsed


def _equal(left: object, right: object) -> bool:
    one = _parsed(left)
    if one is None or one is UNDEFINED:
        return right is None or right is UNDEFINED or (one is None and right == "null")
    other = _converted(right, one)
    if is_number(one) and is_number(other):
        return number(one) == number(other)
    return other is not UNDEFINED and deeply_equal(one, other)


def _converted(value: object, model: object) -> object:
    """`value` in the type of `model`, which is neither null nor undefined; UNDEFINED where it has none."""
    if value is None or value is UNDEFINED:
        return UNDEFINED
    if isinstance(model, bool):
        return {"true": True, "false": False, "1": True, "0": False}.get(text(value).strip(), UNDEFINED)
    if is_number(model):
        blank = isinstance(value, str) and not value.strip()
        return UNDEFINED if blank or is_array(value) or is_object(value) else to_number(value)
    if isinstance(model, str):
        return UNDEFINED if is_array(value) or is_object(value) else text(value)
    parsed = _parsed(value)
    return parsed if type(parsed) is type(model) else UNDEFINED


def _comparable(value: object, arrays: Arrays) -> object:
    return len(value) if arrays == "length" and is_array(value) else value


def _relates(left: object, operator: str, right: object) -> bool:
    """JavaScript's comparison ([] < 1 holds); only unlike it, text is compared with what is not text as text."""
    if isinstance(left, str):
        other = _converted(right, left)
        return other is not UNDEFINED and compare(left, operator, other)
    return compare(left, operator, right)


def _contains(left: object, right: object) -> bool:
    whole = _parsed(left)
    if is_array(whole):
        return any(_equal(item, right) for item in whole)
    if is_object(whole):
        return text(right) in whole
    return whole is not None and whole is not UNDEFINED and _finds(text(right), text(left))


def _finds(wanted: str, within: str) -> bool:
    try:
        pattern = Pattern(wanted)
    except (PatternTooLarge, SlowMatchError):
        raise
    except LanguageError:
        return wanted in within  # An address with an asterisk, say: text that is no regular expression is itself.
    return pattern.search(within) is not None
