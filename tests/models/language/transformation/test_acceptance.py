"""The published transformation cases, read where they lie and never copied."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from jobyard.models.language.transformation import bare_output, outgoing_names, transform

SHARED = Path(os.environ.get("JOBYARD_SHARED") or Path(__file__).parents[4].parent / "shared")
CASES = SHARED / "acceptance" / "jst_cases.json"
REPORTS = SHARED / "acceptance" / "reports" / "jst_reports.json"


def published() -> list[Any]:
    if not CASES.exists():
        return [pytest.param(None, id="absent")]
    cases = [*json.loads(CASES.read_text()), *json.loads(REPORTS.read_text())]
    return [pytest.param(case, id=case["transformation"]) for case in cases]


def close(value: Any, expected: Any) -> bool:
    if isinstance(value, dict) and isinstance(expected, dict):
        return value.keys() == expected.keys() and all(close(value[key], expected[key]) for key in value)
    if isinstance(value, list) and isinstance(expected, list):
        return len(value) == len(expected) and all(map(close, value, expected))
    if isinstance(value, bool) or isinstance(expected, bool) or not isinstance(value, int | float):
        return type(value) is type(expected) and value == expected
    return isinstance(expected, int | float) and abs(value - expected) < 1e-9


@pytest.mark.parametrize("case", published())
def test_a_published_transformation_gives_its_published_output(case: dict[str, Any] | None) -> None:
    if case is None:
        assert os.environ.get("JOBYARD_STRICT") != "1", f"{CASES} is not here"
        pytest.skip("the published cases are not beside the project")
    document = case["document"]
    incoming = json.dumps(case["incoming"])
    outputs = transform(document, case["incoming"], case["options"])
    output = bare_output(document, outputs)
    assert close(output, case["expectedOutput"]), output
    assert json.dumps(case["incoming"]) == incoming
    assert outputs.keys() <= set(outgoing_names(document))
