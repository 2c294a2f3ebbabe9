"""Regular expressions that unfold into gigabytes, or search for ever: refused by name wherever one may be written."""

from itertools import count
from typing import Any

import pytest
from jobyard.models import stopwatch

from .. import processes
from ..documents import chain, task
from ..doors import Doors
from ..servers import Server, graphql, import_documents, serving

BOMB = "((c{60}){60}){60}"  # 60 MB and a moment; with 1000 it is 18 GB and the server
REFUSAL = f"The regular expression /{BOMB}/ unfolds into more than 20000 parts"
ID = "0123456789abcdef01234567"


def transformation(library: str, method: str, args: list[Any]) -> dict[str, Any]:
    steps = [
        {"id": 1, "type": "method", "library": library, "method": method, "args": args},
        {
            "id": 2,
            "type": "assign",
            "from": {"location": "method", "name": 1, "ptr": "/return"},
            "to": {"location": "outgoing", "name": "out", "ptr": ""},
        },
    ]
    return {"_id": ID, "name": "t", "incoming": [], "outgoing": [{"$id": "out"}], "steps": steps, "functions": []}


def evaluating(operator: str, operand: str, query: str = "") -> dict[str, Any]:
    one = {"operand_1": {"list": [{"name": "c"}]} if query else "c", "operator": operator, "operand_2": operand}
    group = {"all_true_flag": True, "evaluations": [{**one, "query": query}]}
    return task("evaluation", all_true_flag=True, evaluation_groups=[group])


def querying(expression: str, obj: Any) -> dict[str, Any]:
    return task("query", pass_on_null=False, query=expression, obj=obj, outgoing={"return_data": "$var.job.r"})


def transforming() -> dict[str, Any]:
    return task("transformation", tr_id=ID, variableMap={}, options={})


async def run(doors: Doors, only: dict[str, Any], *documents: Any, **variables: Any) -> dict[str, Any]:
    await doors.import_documents(chain("w", a1=only), *documents)
    answer = await doors.start({"workflow": "w", "options": {"variables": variables}})
    assert answer.status_code == 200, answer.text
    return await doors.over(answer.json()["data"]["_id"])


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("only", "document"),
    [
        (task("match", str="c", regExp=BOMB, flags=""), None),
        (task("search", str="c", regexp=BOMB), None),
        (querying(f"list[*name~/{BOMB}/]", {"list": [{"name": "c"}]}), None),
        (evaluating("contains", BOMB), None),
        (evaluating("==", "", query=f"list[name~/{BOMB}/]"), None),
        (transforming(), transformation("String", "search", ["c", BOMB])),
        (transforming(), transformation("RegExp", "test", [BOMB, "c"])),
        (task("validateJsonSchema", jsonData="c", schema={"pattern": BOMB}), None),
        (task("validateJsonSchema", jsonData={"c": 1}, schema={"patternProperties": {BOMB: {}}}), None),
    ],
)
async def test_a_pattern_that_unfolds_is_the_error_of_its_task(doors: Doors, only: Any, document: Any) -> None:
    job = await run(doors, only, *([document] if document else []))
    assert job["status"] == "error"
    assert REFUSAL in job["error"][0]["message"]


@pytest.mark.anyio
@pytest.mark.parametrize(("part", "value"), [({"pattern": BOMB}, "c"), ({"patternProperties": {BOMB: {}}}, {"c": 1})])
async def test_a_pattern_that_unfolds_refuses_the_start(doors: Doors, part: Any, value: Any) -> None:
    workflow = {**chain("w", a1=task("delay", time=0)), "inputSchema": {"properties": {"x": part}}}
    await doors.import_documents(workflow)
    answer = await doors.start({"workflow": "w", "options": {"variables": {"x": value}}})
    assert answer.status_code == 422
    assert REFUSAL in answer.json()["message"]
    assert await doors.stored_jobs() == 0


@pytest.mark.anyio
@pytest.mark.parametrize(
    "pattern",
    [
        *("(a{1000}){1000}", "((a|b){500}){500}", r"[\s\S]{60000}", "a{1000}" * 500),
        *("(?:" * 24 + "ab" + ")+" * 24, "(?:" * 24 + "ab" + "){1,2}" * 24),
        *(r"\S" * 2000, r"\b" * 2000, "(" * 150 + "a" + ")" * 150),
    ],
)
async def test_every_way_to_unfold_is_refused(doors: Doors, pattern: str) -> None:
    job = await run(doors, task("match", str="a" * 99, regExp=pattern, flags=""))
    assert job["status"] == "error"
    assert job["error"][0]["message"].startswith(f"The regular expression /{pattern[:200]}/ ")
    assert any(limit in job["error"][0]["message"] for limit in ("20000", "16384", "100 levels"))


@pytest.mark.anyio
@pytest.mark.parametrize(
    "pattern",
    ["(?:(?=a{1000}){1000})", r"(a)\1{30000}", r"(?:\b){5000}", "(?:(?:(?:ab){1000})?){1000}", "((?:a?){1000}){1000}"],
)
async def test_what_our_own_matcher_runs_does_not_unfold(doors: Doors, pattern: str) -> None:
    job = await run(doors, task("match", str="a" * 99, regExp=pattern, flags=""))
    refused = job["status"] == "error" and "took more than" in job["error"][0]["message"]
    assert job["status"] == "complete" or refused


@pytest.mark.anyio
@pytest.mark.parametrize("pattern", ["(a{0,1000}){0,1000}", "a{19000}|a", "(?:a|b){300}|a", "(a{1}){1}"])
async def test_counts_that_do_not_unfold_far_still_match(doors: Doors, pattern: str) -> None:
    job = await run(doors, task("match", outgoing={"matches": "$var.job.m"}, str="aaa", regExp=pattern, flags=""))
    assert job["status"] == "complete"
    assert job["variables"]["m"][0] in ("aaa", "a")


@pytest.mark.anyio
async def test_many_slow_searches_end_together(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopwatch, "seconds", count(step=0.01).__next__)  # so long each search takes
    slow = {"list": [{"name": f"{'x' * 16}{at}"} for at in range(10_000)]}
    job = await run(doors, querying(r"list[*name~/^((x+x+)+y|x+[0-9]+)$/]", slow))
    assert job["status"] == "error"
    assert "took longer than 5 s together" in job["error"][0]["message"]


def resident(server: Server) -> int:
    """MB"""
    told = processes.run(["ps", "-o", "rss=", "-p", str(server.process.pid)], check=True)
    return int(told.stdout) // 1024


def test_patterns_that_were_used_do_not_fill_the_memory() -> None:
    tasks = {f"a{at:x}": task("match", str="a", regExp=f"a{{18000}}x{at}", flags="") for at in range(120)}
    with serving("--memory") as server:
        import_documents(server, chain("w", **tasks))
        before = resident(server)
        graphql(server, 'mutation { startJob(workflow: "w", options: {}) { id } }')
        graphql(server, "{ jobs { nodes { status } } }")
        while graphql(server, "{ jobs { nodes { status } } }")["jobs"]["nodes"][0]["status"] == "RUNNING":
            pass
        assert graphql(server, "{ jobs { nodes { status } } }")["jobs"]["nodes"][0]["status"] == "COMPLETE"
        assert resident(server) - before < 200  # each is 5 MB
