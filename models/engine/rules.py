"""The rules: choices where facts about the documented system conflict or are missing (reference/execution.md#choices).

Each is one setting; the default is the choice that the evidence favours, or that loses no data.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args


class RuleRefused(ValueError):
    """A rule or its value does not exist; the message lists the valid ones."""


@dataclass(frozen=True)
class Rules:
    """One field per choice, its default first among its values."""

    child_error: Literal["wait", "propagate"] = "wait"
    """A child job in error: its parent waits, since an operator may repair the child, or its task ends in error.

    See reference/execution.md#child-jobs.
    """

    missing_transition: Literal["error", "hang"] = "error"
    """The end can no longer be reached: the job is in error, as its documented message says, or stays running.

    See reference/execution.md#job-errors.
    """

    input_validation: Literal["reject", "lenient"] = "reject"
    """Variables that do not fit: the start is refused, or the job starts with its `validationErrors`.

    See reference/execution.md#input-schemas.
    """

    array_relational: Literal["js", "length"] = "js"
    """An array beside `<` or `>` counts as JavaScript converts it, or by its length: published results fit both.

    See reference/execution.md#comparisons.
    """

    new_variable_refs: Literal["resolve", "literal"] = "resolve"
    """newVariable's `$var` value: published workflows rely on what it means; some saw it kept as text.

    See reference/execution.md#core-tasks.
    """

    array_push_array: Literal["append", "spread"] = "append"
    """arrayPush of an array: it is one new element, as in JavaScript, or its elements are.

    See reference/execution.md#function-tasks.
    """

    merge_single: Literal["object", "null"] = "object"
    """merge of fewer than two items: the object that published workflows use, or null, as its page says.

    See reference/execution.md#core-tasks.
    """

    loop_status: Literal["element", "absent"] = "element"
    """The elements of a childJob's loop have the status of their job, as in newer versions, or have not.

    See reference/execution.md#child-jobs.
    """

    dead_ends: Literal["await", "ignore"] = "await"
    """Branches that lead nowhere: the end of the job waits for them, or cancels what still runs there.

    See reference/execution.md#joins.
    """

    time_reading: Literal["forgiving", "strict"] = "forgiving"
    """A text that is not just as its format says: read as moment does by itself, or refused.

    See reference/execution.md#core-tasks.
    """


DEFAULT_RULES = Rules()


def choices() -> dict[str, tuple[str, ...]]:
    """The values of every rule by its name, the default first."""
    return {one.name: get_args(one.type) for one in fields(Rules)}


def with_rules(chosen: Mapping[str, object], rules: Rules = DEFAULT_RULES) -> Rules:
    """The rules with these values; RuleRefused for an unknown name or value."""
    known = choices()
    for name, value in chosen.items():
        if name not in known:
            raise RuleRefused(f"There is no rule '{name}'. The rules are {', '.join(known)}.")
        if value not in known[name]:
            raise RuleRefused(f"The rule {name} cannot be '{value}': it is {' or '.join(known[name])}.")
    values: Any = dict(chosen)
    return replace(rules, **values)


def rules_of(written: str, rules: Rules = DEFAULT_RULES) -> Rules:
    """Read rules from text: NAME=VALUE, separated by commas or spaces."""
    chosen: dict[str, object] = {}
    for part in written.replace(",", " ").split():
        name, equals, value = part.partition("=")
        if not equals:
            raise RuleRefused(f"A rule is written NAME=VALUE, not '{part}'. The rules are {', '.join(choices())}.")
        chosen[name] = value
    return with_rules(chosen, rules)
