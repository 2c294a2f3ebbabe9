"""What the judge of the chaos program says of each kind of damage, planted in documents as the database has them."""

from collections.abc import Callable
from typing import Any

import pytest

from .judge import (
    ANSWER_LOST,
    ANSWER_OTHER,
    EVENTS,
    FAMILY,
    HEARD_TWICE,
    LARGE_VALUE,
    NOT_HEARD,
    NOT_RUN,
    OPEN_AGAIN,
    STALE,
    TOO_LONG,
    TOO_SHORT,
    Verdict,
    judge,
)
from .record import Answer, Record, Start
from .seen import Seen
from .soak import bytes_of_a_job
from .stuck import ANSWER_GONE, ENDED_CHILDREN, LATE, LEFT, MISSING_CHILD, NOT_BEGUN, NOT_RESUMED, UNTOLD
from .workflows import large_text

NOW = 1_000_000.0
DONE = {"status": "complete", "finish_state": "success", "iteration": 1}


class Story:
    """A job of each workflow that went as it should; a test damages it, and has it judged."""

    def __init__(self) -> None:
        self.record = Record(
            started={
                "asked": Start("asked", 1, seconds=2),
                "provided": Start("provided", 2, seconds=2),
                "family": Start("family", 3, 2),
                "large": Start("large", 4),
            },
            asked={"asked": 100.0, "provided": 100.0, "family": 100.0, "large": 100.0},
            answers={"asked": Answer("yes", acknowledged=True)},
        )
        details = {"loop": [{"after": "3.0."}, {"after": "3.1."}]}
        variables: dict[str, dict[str, Any]] = {
            "asked": {"answer": "yes"},
            "provided": {"result": "r"},
            "family": {"elements": [{}, {}], "details": details},
            "large": {"after": f"{large_text(4)}.."},
            "child 0": {},
            "child 1": {},
        }
        self.jobs: dict[str, dict[str, Any]] = {
            id: {
                "_id": id,
                "name": id.split()[0],
                "status": "complete",
                "seq": 1,
                "variables": values,
                "tasks": {task: dict(DONE) for task in ("a1", "b1", "b2", "c1")},
            }
            for id, values in variables.items()
        }
        for element in range(2):
            self.jobs[f"child {element}"]["parent"] = {"job": "family", "element": element}
        self.iterations = {
            "asked": self._iteration("asked", answer="yes"),
            "provided": self._iteration("provided", result="r"),
            "large": self._iteration("large", "a1", combinedStrings=f"{large_text(4)}."),
        }
        self.events = [(id, number) for id in self.jobs for number in range(2)]
        self.heard = list(self.events)
        self.last_heard = dict.fromkeys(self.jobs, 102.5)
        self.done_twice: list[str] = []

    def _iteration(self, job: str, task: str = "b1", **outgoing: str) -> dict[str, Any]:
        variables = {"outgoing": outgoing}
        return {"job": {"_id": job, "task": task}, "status": "complete", "waits_for": None, "variables": variables}

    def wait(self, job: str, waits_for: str | None, **more: Any) -> None:
        """The job has come as far as b1, and waits there."""
        found = self.jobs[job]
        waiting = {"status": "running", "iteration": 1, "waits_for": waits_for, **more}
        found.update(status="running", tasks={"a1": dict(DONE), "b1": waiting})
        found["variables"] = {"elements": found["variables"].get("elements", [])}

    def judged(self) -> Verdict:
        seen = Seen(NOW, list(self.jobs.values()), list(self.iterations.values()), self.events, [])
        return judge(seen, self.record, self.done_twice, self.heard, self.last_heard, longest_delay=10)


def test_a_run_in_which_all_went_well_is_sound() -> None:
    verdict = Story().judged()
    assert (verdict.kinds(), verdict.waiting, verdict.sound) == ({}, 0, True)


def _wait_for_a_person(story: Story) -> None:
    del story.record.started["asked"], story.record.answers["asked"]
    story.wait("asked", "person")
    story.iterations["asked"].update(status="running", waits_for="person")


def _wait_for_time(story: Story) -> None:
    story.wait("provided", "time", wake_at=NOW + 1)


@pytest.mark.parametrize(("wait", "jobs"), [(_wait_for_a_person, 1), (_wait_for_time, 1)])
def test_a_job_that_waits_for_a_person_or_a_time_is_not_stuck(wait: Callable[[Story], None], jobs: int) -> None:
    story = Story()
    wait(story)
    verdict = story.judged()
    assert (verdict.stuck, verdict.waiting) == ([], jobs)


def test_a_family_waits_rightly_for_a_child_that_is_stuck_or_in_error() -> None:
    for damage in ({"status": "error"}, {"status": "running", "seq": 0, "tasks": {}}):
        story = Story()
        story.wait("family", "children")
        story.jobs["child 1"].update(damage)
        verdict = story.judged()
        assert verdict.waiting == 1
        assert [job for _, job in [*verdict.stuck, *verdict.wrong]] == ["child 1"]


def _never_run(story: Story) -> None:
    story.jobs["provided"].update(status="running", seq=0, tasks={"workflow_start": {}})


def _between_tasks(story: Story) -> None:
    story.jobs["provided"].update(status="running", tasks={"a1": dict(DONE)})


def _late(story: Story) -> None:
    story.wait("provided", "time", wake_at=NOW - 25_000)


def _untold(story: Story) -> None:
    story.wait("provided", "provider")


def _left(story: Story) -> None:
    story.wait("asked", "person")
    story.iterations["asked"].update(status="running", waits_for="person", answer={"at": 1})


def _childless(story: Story) -> None:
    story.wait("family", "children")
    del story.jobs["child 1"]


def _deaf(story: Story) -> None:
    story.wait("family", "children")


@pytest.mark.parametrize(
    ("damage", "reason", "job"),
    [
        (_never_run, NOT_BEGUN, "provided"),
        (_between_tasks, NOT_RESUMED, "provided"),
        (_late, LATE, "provided"),
        (_untold, UNTOLD, "provided"),
        (_left, LEFT, "asked"),
        (_childless, MISSING_CHILD, "family"),
        (_deaf, ENDED_CHILDREN, "family"),
    ],
)
def test_a_stuck_job_is_named_for_why_it_is(damage: Callable[[Story], None], reason: str, job: str) -> None:
    story = Story()
    damage(story)
    verdict = story.judged()
    assert verdict.stuck == [(reason, job)]
    assert not verdict.sound


def test_an_acknowledged_answer_that_is_gone_is_both_stuck_and_lost() -> None:
    story = Story()
    story.wait("asked", "person")
    verdict = story.judged()
    assert verdict.stuck == [(ANSWER_GONE, "asked")]
    assert verdict.wrong == [(ANSWER_LOST, "asked")]


def _in_error(story: Story) -> None:
    story.jobs["provided"].update(status="error", error=[{"message": "no available transitions"}])


def _open_again(story: Story) -> None:
    story.iterations["provided"].update(status="running", waits_for="provider")


def _stale(story: Story) -> None:
    story.iterations["provided"]["variables"]["outgoing"]["result"] = "an older one"


def _other_answer(story: Story) -> None:
    story.jobs["asked"]["variables"]["answer"] = "no"
    story.iterations["asked"]["variables"]["outgoing"]["answer"] = "no"


def _not_run(story: Story) -> None:
    del story.jobs["asked"]["tasks"]["c1"]


def _no_results(story: Story) -> None:
    story.jobs["family"]["variables"]["details"]["loop"].reverse()


def _other_text(story: Story) -> None:
    story.jobs["large"]["variables"]["after"] = f"{large_text(5)}.."


def _text_of_an_iteration_lost(story: Story) -> None:
    story.iterations["large"]["variables"]["outgoing"]["combinedStrings"] = None


def _gap(story: Story) -> None:
    story.events.remove(("asked", 0))


def _echo(story: Story) -> None:
    story.heard.append(("asked", 1))


def _too_soon(story: Story) -> None:
    story.last_heard["provided"] = 101.9


def _minutes_late(story: Story) -> None:
    story.wait("provided", "time", wake_at=NOW + 300_000)
    story.record.started.pop("provided")


def _deaf_to_the_end(story: Story) -> None:
    story.heard.remove(("asked", 1))


@pytest.mark.parametrize(
    ("damage", "what", "job"),
    [
        (_in_error, "in error though sound: error, no available transitions", "provided"),
        (_open_again, OPEN_AGAIN, "provided"),
        (_stale, STALE, "provided"),
        (_other_answer, ANSWER_OTHER, "asked"),
        (_not_run, NOT_RUN, "asked"),
        (_no_results, FAMILY, "family"),
        (_other_text, LARGE_VALUE, "large"),
        (_text_of_an_iteration_lost, LARGE_VALUE, "large"),
        (_gap, EVENTS, "asked"),
        (_echo, HEARD_TWICE, "asked"),
        (_deaf_to_the_end, NOT_HEARD, "asked"),
        (_too_soon, TOO_SHORT, "provided"),
        (_minutes_late, TOO_LONG, "provided"),
    ],
)
def test_what_is_wrong_is_named(damage: Callable[[Story], None], what: str, job: str) -> None:
    story = Story()
    damage(story)
    verdict = story.judged()
    assert verdict.wrong == [(what, job)]
    assert not verdict.sound


def test_a_follower_need_not_have_heard_what_came_while_its_history_was_gone() -> None:
    story = Story()
    _deaf_to_the_end(story)
    story.record.missed.add("asked")
    assert story.judged().sound
    _echo(story)
    _echo(story)
    assert story.judged().wrong == [(HEARD_TWICE, "asked")]


def test_what_is_lost_or_done_twice_is_counted() -> None:
    story = Story()
    del story.jobs["provided"]
    story.jobs["again"] = {**story.jobs["child 1"], "_id": "again"}
    story.events += [("again", 0), ("again", 1)]
    story.heard += [("again", 0), ("again", 1)]
    story.record.two_jobs_of_a_key.append("start 1")
    story.done_twice.append("provided/b1/1")
    verdict = story.judged()
    assert verdict.lost == [("lost", "provided")]
    assert [job for _, job in verdict.twice] == ["start 1", "provided/b1/1", "family"]


def test_what_a_job_leaves_behind_is_the_slope_of_the_memory() -> None:
    assert bytes_of_a_job([(0, 1000), (10, 21_000), (20, 41_000)]) == 2000
    assert bytes_of_a_job([(5, 1000), (5, 2000)]) == 0
