"""The workflows of the load. All of them are sound: whatever fails around them, their jobs end complete."""

from typing import Any

from ..documents import chain, task

PROVIDER = "Chaos"  # the application whose tasks the recorder does
PERSON = "b1"  # the manual task of `asked`
LARGEST_FAMILY = 20
LARGE = 100_000  # characters at least of a value that lies beside the documents that hold it

_EDGE = {"type": "standard", "state": "success"}


def _named(outgoing: str) -> dict[str, Any]:
    """Makes a text of the job's number."""
    return task(
        "stringConcat", outgoing={"combinedStrings": f"$var.job.{outgoing}"}, str="$var.job.number", stringN="."
    )


def _with_a_delay_beside(document: dict[str, Any], beside: str) -> dict[str, Any]:
    """Another branch from a1 to c1, so that c1 joins two that end in any order."""
    document["tasks"]["b2"] = task("delay", time="$var.job.seconds")
    document["transitions"]["a1"]["b2"] = _EDGE
    document["transitions"]["b2"] = {"c1": _EDGE}
    assert beside in document["transitions"]["a1"]
    return document


def _delayed(name: str) -> dict[str, Any]:
    return chain(name, a1=_named("before"), b1=task("delay", time="$var.job.seconds"), c1=_named("after"))


def _asked() -> dict[str, Any]:
    view = task("ViewData", header="h", message="m", body="b", outgoing={"answer": "$var.job.answer"})
    document = chain("asked", a1=_named("before"), b1={**view, "type": "manual"}, c1=_named("after"))
    return _with_a_delay_beside(document, PERSON)


def _provided() -> dict[str, Any]:
    asked = task("do", app=PROVIDER, number="$var.job.number", outgoing={"result": "$var.job.result"})
    return _with_a_delay_beside(chain("provided", a1=_named("before"), b1=asked, c1=_named("after")), "b1")


def _family() -> dict[str, Any]:
    loop = task(
        "childJob", outgoing={"job_details": "$var.job.details"}, task="", workflow="child", variables={},
        data_array="$var.job.elements", transformation="", loopType="parallel",
    )  # fmt: skip
    return chain("family", a1=_named("before"), b1=loop, c1=_named("after"))


def _large() -> dict[str, Any]:
    longer = task("stringConcat", outgoing={"combinedStrings": "$var.job.before"}, str="$var.job.text", stringN=".")
    longest = task("stringConcat", outgoing={"combinedStrings": "$var.job.after"}, str="$var.job.before", stringN=".")
    return chain("large", a1=longer, b1=task("delay", time="$var.job.seconds"), c1=longest)


def large_text(number: int) -> str:
    """What a job of `large` begins with; no other job has the same."""
    return f"{number} " * (LARGE // (len(str(number)) + 1) + 1)


def _waiting() -> dict[str, Any]:
    return chain("waiting", b1=task("delay", time="$var.job.seconds"))


def _asking() -> dict[str, Any]:
    view = task("ViewData", header="h", message="m", body="b", outgoing={"answer": "$var.job.answer"})
    return chain("asking", b1={**view, "type": "manual"})


# The last two only wait, as the jobs of a server that is taken over do.
WORKFLOWS = (
    _delayed("delayed"), _delayed("child"), _asked(), _provided(), _family(), _large(), _waiting(), _asking()
)  # fmt: skip

# What the values of a task that ended are mapped to: its outgoing name is the name of the job's variable.
MAPPED = {"asked": (PERSON, "answer"), "provided": ("b1", "result")}
TASKS = {document["name"]: tuple(document["tasks"]) for document in WORKFLOWS}
