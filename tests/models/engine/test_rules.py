"""The choices where the facts conflict or are silent, each with both of its ends (reference/execution.md#choices)."""

from typing import Any

import pytest
from jobyard.models.engine.outcomes import Finish
from jobyard.models.engine.references import Scope, resolve_incoming
from jobyard.models.engine.rules import DEFAULT_RULES, RuleRefused, Rules, choices, rules_of, with_rules
from jobyard.models.engine.state import JobState

from .play import Play, workflow


def test_12_every_switch_has_its_documented_default_first() -> None:
    assert choices() == {
        "child_error": ("wait", "propagate"),
        "missing_transition": ("error", "hang"),
        "loop_status": ("element", "absent"),
        "input_validation": ("reject", "lenient"),
        "array_relational": ("js", "length"),
        "new_variable_refs": ("resolve", "literal"),
        "array_push_array": ("append", "spread"),
        "merge_single": ("object", "null"),
        "dead_ends": ("await", "ignore"),
        "time_reading": ("forgiving", "strict"),
    }
    firsts: dict[str, Any] = {name: values[0] for name, values in choices().items()}
    assert Rules(**firsts) == DEFAULT_RULES


def test_rules_are_read_from_text_and_the_last_one_counts() -> None:
    written = "child_error=propagate, dead_ends=ignore child_error=wait"
    assert rules_of(written) == Rules(dead_ends="ignore")
    assert rules_of("dead_ends=await", Rules(dead_ends="ignore", merge_single="null")) == Rules(merge_single="null")


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("child_eror=wait", f"There is no rule 'child_eror'. The rules are {', '.join(choices())}."),
        ("dead_ends=skip", "The rule dead_ends cannot be 'skip': it is await or ignore."),
        ("hang", f"A rule is written NAME=VALUE, not 'hang'. The rules are {', '.join(choices())}."),
    ],
)
def test_what_is_no_rule_is_refused_with_what_there_is(written: str, message: str) -> None:
    with pytest.raises(RuleRefused) as refused:
        rules_of(written)
    assert str(refused.value) == message


def test_a_value_that_is_no_text_is_refused_too() -> None:
    with pytest.raises(RuleRefused, match="The rule merge_single cannot be 'None': it is object or null"):
        with_rules({"merge_single": None})


def test_3_4_missing_transition_hang_keeps_the_job_running_for_ever() -> None:
    document = workflow({"a": "failure"}, "start>a", "a>end")
    assert Play(document).state.status == "error"
    hanging = Play(document, rules=Rules(missing_transition="hang"))
    assert (hanging.state.status, hanging.state.errors, hanging.pending_effects()) == ("running", [], {})


def test_3_2_dead_ends_ignore_completes_at_once_and_cancels_what_runs_there() -> None:
    document = workflow({"a": "success", "slow": "provider"}, "start>a", "start>slow", "a>end")
    assert Play(document).state.status == "running"
    play = Play(document, rules=Rules(dead_ends="ignore"))
    slow = play.state.tasks["slow"]
    assert (play.state.status, play.state.end_time) == ("complete", 1000)
    assert (slow.status, slow.finish_state, slow.end_time, play.pending_effects()) == ("canceled", "canceled", 1000, {})
    assert not play.answer("slow", Finish("success"))


def test_3_2_dead_ends_ignore_still_waits_for_what_leads_to_the_end() -> None:
    document = workflow({"a": "success", "slow": "provider"}, "start>a", "start>slow", "a>end", "slow>end")
    assert Play(document, rules=Rules(dead_ends="ignore")).state.status == "running"


def test_11_1_new_variable_refs_literal_keeps_the_reference_as_text() -> None:
    incoming = {"name": "$var.job.x", "value": "$var.job.x"}
    task = {"name": "newVariable", "app": "WorkFlowEngine", "variables": {"incoming": incoming}}
    scope = Scope(JobState("1", "running", None, {"x": 7}, 0, None, {}), "WorkFlowEngine")
    assert resolve_incoming("a", task, scope) == {"name": 7, "value": 7}
    literal = resolve_incoming("a", task, scope, Rules(new_variable_refs="literal"))
    assert literal == {"name": 7, "value": "$var.job.x"}
