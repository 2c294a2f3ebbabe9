"""What `jobyard rehearse` writes for programs and for build servers."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from jobyard.gql.cli.main import main

from ..documents import chain, task


@pytest.fixture
def cases(tmp_path: Path) -> list[str]:
    good = chain("good", a1=task("delay", time=2))
    bad = {"id": "bad \x01", "workflows": [good], "start": {"workflow": "good"}, "expect": {"status": "error"}}
    for name, document in (("good", good), ("bad", bad)):
        (tmp_path / f"{name}.json").write_text(json.dumps(document))
    return [str(tmp_path / "good.json"), str(tmp_path / "bad.json")]


def run(*arguments: str) -> str | int | None:
    """The exit code."""
    with pytest.raises(SystemExit) as end:
        main(["rehearse", *arguments])
    return end.value.code


def test_json_has_the_cases_and_what_they_covered(cases: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*cases, "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["passed"], told["failed"]) == (1, 1)
    good, bad = told["cases"]
    assert (good["name"], good["passed"], good["status"], good["milliseconds"]) == ("good", True, "complete", 2000)
    assert (bad["passed"], bad["faults"]) == (False, ["status is complete, not error"])
    (covered,) = told["coverage"]
    assert (covered["workflow"], covered["tasks"], covered["tasks_run"], covered["edges_missed"]) == ("good", 1, 1, [])


def test_junit_is_xml_with_a_failure_for_each_case_that_differs(cases: list[str], tmp_path: Path) -> None:
    assert run(*cases, "--junit", str(tmp_path / "out.xml")) == 1
    suite = ElementTree.parse(tmp_path / "out.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    good, bad = suite.findall("testcase")
    assert (good.get("name"), good.get("time"), good.find("failure")) == ("good", "2", None)
    failure = bad.find("failure")
    assert failure is not None
    assert (bad.get("name"), failure.get("message")) == ("bad ?", "status is complete, not error")


def test_a_report_that_cannot_be_written_is_said_in_a_sentence(cases: list[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"cannot write .*: No such file or directory"):
        main(["rehearse", *cases, "--junit", str(tmp_path / "no" / "out.xml")])


def test_the_coverage_is_printed_before_the_result(cases: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*cases, "--coverage") == 1
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "covered good: 1 of 1 tasks, 2 of 2 edges",
        "1 passed, 1 failed",
    ]
