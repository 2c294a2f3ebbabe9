"""Jobs that an earlier release left: what they run, and how they end once they go on.

Whoever drives them answers people with the choice "yes", resumes what is paused, and retries the tasks that are in
error with the variable `fate` as "success".
"""

from dataclasses import dataclass, field
from typing import Any

from ..documents import chain, task

NEVER = "Never"  # an app whose provider has not answered
FAILING = "Failing"  # an app whose provider has failed

Document = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """`workflows` has the root's first; `ends` is what the root's variables hold in the end, among others."""

    workflows: list[Document]
    ends: Document = field(default_factory=dict[str, Any])
    variables: Document = field(default_factory=dict[str, Any])
    status: str = "complete"


def ask() -> Document:
    view = task("ViewData", header="h", message="m", body="b", outgoing={"choice": "$var.job.choice"})
    return {**view, "type": "manual", "view": "/workflow_engine/task/ViewData"}


def wait(seconds: int = 3600) -> Document:
    return task("delay", time=seconds)


def note(value: Any, name: str = "noted") -> Document:
    return task("newVariable", name=name, value=value)


def provided(app: str, **more: Any) -> Document:
    return {**task("doIt", app=app, outgoing={"result": "$var.job.result"}, x=1), "location": "Adapter", **more}


def doubtful() -> Document:
    """In error until `fate` says success."""
    return task("stub", type="$var.job.fate", delay="", response="told")


def start(workflow: str, *elements: Document, loop: str = "", **variables: Any) -> Document:
    given = {name: {"task": "static", "value": value} for name, value in variables.items()}
    return task(
        "childJob", task="", workflow=workflow, variables=given, data_array=list(elements) if loop else "",
        transformation="", loopType=loop, outgoing={"job_details": "$var.job.details"},
    )  # fmt: skip


def split(name: str, *edges: str, **tasks: Document) -> Document:
    """A chain's tasks, with these edges ("a1>b2", "a1-failure>b2", "b2~failure>a1" to go back) in place of its own."""
    document = chain(name, **tasks)
    transitions: dict[str, Any] = {id: {} for id in document["tasks"]}
    for edge in edges:
        source, target = edge.split(">")
        back = "~" in source
        id, _, state = source.replace("~", "-").partition("-")
        transitions[id][target] = {"type": "revert" if back else "standard", "state": state or "success"}
    return {**document, "transitions": transitions}


def each(values: Any) -> Document:
    return task("forEach", data_array=values, outgoing={"current_item": None})


def push(value: str) -> Document:
    return task("push", job_variable="seen", item_to_push=value)


RETRIED = {"autoRetry": True, "limit": 3, "delay": 60_000, "state": ["failure", "error"]}
SECRET = [{"type": "encryption", "pointer": "/password"}]
S, E = "workflow_start", "workflow_end"
YES = {"choice": "yes"}
LONG = "x" * 66_000  # too long to stand in the job itself


def loop_of(name: str, body: Document, values: Any) -> Document:
    edges = (f"{S}>f1", "f1-loop>b2", "b2>c3", f"f1>{E}")
    return split(name, *edges, f1=each(values), b2=body, c3=push("$var.f1.current_item"))


CASES: dict[str, Case] = {
    "person": Case([chain("person", a1=ask(), b2=note("$var.job.choice"))], {"noted": "yes"}),
    "person_claimed": Case([chain("person_claimed", a1=ask())], YES),
    "people": Case(
        [
            split(
                "people",
                f"{S}>a1",
                f"{S}>b2",
                "a1>c3",
                "b2>c3",
                f"c3>{E}",
                a1=ask(),
                b2=ask(),
                c3=note("$var.job.choice"),
            )
        ],
        {"noted": "yes"},
    ),
    "person_answered": Case(
        [chain("person_answered", a1=ask(), b2=wait(), c3=note(3))], {"choice": "first", "noted": 3}
    ),
    "time": Case([chain("time", a1=wait(), b2=note(1))], {"noted": 1}),
    "retry": Case(
        [chain("retry", a1=provided(FAILING, retrySettings=RETRIED), b2=note(1))], {"noted": 1, "result": "done"}
    ),
    "provider": Case([chain("provider", a1=provided(NEVER), b2=note(1))], {"noted": 1, "result": "done"}),
    "providers": Case(
        [
            split(
                "providers",
                f"{S}>a1",
                f"{S}>b2",
                f"{S}>d4",
                "a1>c3",
                "b2>c3",
                "d4>c3",
                f"c3>{E}",
                a1=provided(NEVER),
                b2=wait(),
                c3=note(1),
                d4=ask(),
            )
        ],
        {"noted": 1, "result": "done", **YES},
    ),
    "child": Case([chain("child", a1=start("child_1", n=7)), chain("child_1", a1=ask())]),
    "child_time": Case([chain("child_time", a1=start("child_time_1")), chain("child_time_1", a1=wait())]),
    "children": Case(
        [
            split(
                "children",
                *(edge for id in ("a1", "b2", "c3", "d4", "e5") for edge in (f"{S}>{id}", f"{id}>{E}")),
                **{
                    id: start(f"children_{number}", fate="error")
                    for number, id in enumerate(("a1", "b2", "c3", "d4", "e5"))
                },
            ),
            chain("children_0", a1=note(1)),
            chain("children_1", a1=ask()),
            chain("children_2", a1=doubtful()),
            chain("children_3", a1=provided(NEVER)),
            chain("children_4", a1=ask()),
        ]
    ),
    "loop_parallel": Case(
        [
            chain("loop_parallel", a1=start("loop_parallel_1", {"n": 0}, {"n": 1}, {"n": 2}, loop="parallel")),
            chain("loop_parallel_1", a1=ask()),
        ]
    ),
    "loop_sequential": Case(
        [
            chain("loop_sequential", a1=start("loop_sequential_1", {"n": 0}, {"n": 1}, {"n": 2}, loop="sequential")),
            chain("loop_sequential_1", a1=ask()),
        ]
    ),
    "grandchild": Case(
        [
            chain("grandchild", a1=start("grandchild_1"), b2=note(1)),
            chain("grandchild_1", a1=start("grandchild_2")),
            chain("grandchild_2", a1=ask()),
        ],
        {"noted": 1},
    ),
    "child_paused": Case([chain("child_paused", a1=start("child_paused_1")), chain("child_paused_1", a1=ask())]),
    "child_canceled": Case(
        [chain("child_canceled", a1=start("child_canceled_1"), b2=note(1)), chain("child_canceled_1", a1=ask())],
        {"noted": 1},
    ),
    "child_not_started": Case(
        [chain("child_not_started", a1=start("child_not_started_1", n=1)), chain("child_not_started_1", a1=note(1))]
    ),
    "each": Case([loop_of("each", ask(), ["p", "q", "r"])], {"seen": ["p", "q", "r"]}, {"seen": []}),
    "each_time": Case([loop_of("each_time", wait(), ["p", "q"])], {"seen": ["p", "q"]}, {"seen": []}),
    "each_nested": Case(
        [
            split(
                "each_nested",
                f"{S}>o1",
                "o1-loop>i2",
                "i2-loop>b3",
                "b3>c4",
                f"o1>{E}",
                o1=each([[1, 2], [], [3]]),
                i2=each("$var.o1.current_item"),
                b3=ask(),
                c4=push("$var.i2.current_item"),
            )
        ],
        {"seen": [1, 2, 3]},
        {"seen": []},
    ),
    "reverted": Case(
        [
            split(
                "reverted",
                f"{S}>a1",
                "a1>b2",
                "b2~failure>a1",
                "b2>c3",
                f"c3>{E}",
                a1=note(1),
                b2=ask(),
                c3=note(2, "last"),
            )
        ],
        {"noted": 1, "last": 2, **YES},
    ),
    "reverted_by_hand": Case(
        [chain("reverted_by_hand", a1=ask(), b2=doubtful(), c3=note(1))], {"noted": 1}, {"fate": "error"}
    ),
    "error": Case([chain("error", a1=note(1), b2=doubtful(), c3=note(2))], {"noted": 2}, {"fate": "error"}),
    "retried": Case([chain("retried", a1=doubtful(), b2=ask())], YES, {"fate": "error"}),
    "continued": Case(
        [chain("continued", a1=doubtful(), b2=wait(), c3=ask(), d4=note(1))], {"noted": 1, **YES}, {"fate": "error"}
    ),
    "paused": Case([chain("paused", a1=ask(), b2=note(1))], {"noted": 1}),
    "paused_time": Case([chain("paused_time", a1=wait(), b2=note(1))], {"noted": 1}),
    "secrets": Case(
        [{**chain("secrets", a1=note("$var.job.password"), b2=ask()), "decorators": SECRET}],
        {"noted": "s3cret"},
        {"password": "s3cret"},
    ),
    "secrets_child": Case(
        [
            chain("secrets_child", a1=start("secrets_child_1", password="s3cret"), b2=ask()),
            {**chain("secrets_child_1", a1=note(1)), "decorators": SECRET},
        ],
        YES,
    ),
    "large": Case(
        [chain("large", a1=note("$var.job.long"), b2=ask(), c3=note("$var.job.noted", "again"))],
        {"noted": LONG, "again": LONG},
        {"long": LONG},
    ),
    "large_child": Case([chain("large_child", a1=start("large_child_1", long=LONG)), chain("large_child_1", a1=ask())]),
    "inbox_pause": Case([chain("inbox_pause", a1=ask())], YES),
    "inbox_retry": Case([chain("inbox_retry", a1=doubtful())], {"fate": "success"}, {"fate": "error"}),
    "answer_not_taken": Case([chain("answer_not_taken", a1=ask(), b2=note("$var.job.choice"))], {"noted": "mine"}),
    "large_answer_not_taken": Case([chain("large_answer_not_taken", a1=ask())], {"choice": LONG}),
    "event_not_told": Case([chain("event_not_told", a1=note(1), b2=ask())], YES),
    "header_not_written": Case([chain("header_not_written", a1=ask(), b2=ask(), c3=note(1))], {"noted": 1}),
    "not_begun": Case([chain("not_begun", a1=note(1))], {"noted": 1}),
    "in_groups": Case([chain("in_groups", a1=ask())], YES),
    "complete": Case([chain("complete", a1=note(1))], {"noted": 1}),
    "canceled": Case([chain("canceled", a1=ask())], status="canceled"),
}
