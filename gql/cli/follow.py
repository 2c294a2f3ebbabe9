"""`jobyard follow`: prints the changes of a job until its end."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from ...models.engine.lifecycle import ENDED
from .client import SERVER_GONE, Client, Reply, ServerGone, ServerRefused

EVENTS = """
subscription Follow($id: ID!, $after: String) {
  jobChanged(id: $id, after: $after) { cursor status latest tasks { task name status finishState iteration } }
}
"""
JOB = "query Ended($id: ID!) { job(id: $id) { status variables error { task message } } }"
WAITS = "query Waits($id: ID!) { job(id: $id) { waitsFor { taskId name summary kind } } }"
OVER = tuple(status.upper() for status in ENDED)
RECONNECT_SECONDS = 60.0
_PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0)  # seconds between attempts; the last value repeats

Answer = TypeVar("Answer")


def follow(client: Client, job_id: str, reconnect: float = RECONNECT_SECONDS, *, reached: bool = False) -> int:
    """Print a line for each change until the job ends; 0 if the job completed, 1 if it ended otherwise.

    An error ends the output only where the error is the latest event: a person may have repaired the job since. The
    client retries a server that goes away for `reconnect` seconds, but only after a first contact or with `reached`.
    """
    print(f"job {job_id}", flush=True)
    if reached:
        print(client.console_of(job_id), flush=True)
    outage = Outage(reconnect, "The job continues without this command.", reached=reached)
    cursor: str | None = None
    silent = False
    printed: set[str] = set()
    while True:
        status = None
        for event in _events(client, job_id, cursor, outage):
            for change in event["tasks"]:
                state = (change["finishState"] or change["status"]).lower()
                print(f"{change['task']:>14}  {change['name']}  {state}  #{change['iteration']}", flush=True)
            cursor, status = event["cursor"], event["status"]
            if event["latest"] and any(change["status"] == "RUNNING" for change in event["tasks"]):
                _print_waits(client, job_id, printed, outage)
        job: Reply | None = outage.retry(lambda: client.ask(JOB, id=job_id)["job"])
        if job is None:
            raise ServerRefused(f"The job {job_id} was deleted.", "JOB_NOT_FOUND")
        if status in OVER and job["status"] in OVER:
            break
        if cursor is None:  # a job of another program has no events; the first time, the server may just have stopped
            if silent or job["status"] in OVER:
                break
            silent = True
        # A person repaired the job in the meantime, or the server stops and another server has the further events.
        time.sleep(_PAUSES[0])
    for error in job["error"] or ():
        print(f"error of {error['task']}: {_text(error['message'])}")
    print(f"{job['status'].lower()} {json.dumps(job['variables'], ensure_ascii=not _shows_all())}", flush=True)
    if job["status"] not in OVER:
        raise ServerRefused("Another program stored this job: the job has no events.")
    return 0 if job["status"] == "COMPLETE" else 1


def _print_waits(client: Client, job_id: str, printed: set[str], outage: "Outage") -> None:
    """Print once for each task that waits for a person how to finish the task."""
    job: Reply | None = outage.retry(lambda: client.ask(WAITS, id=job_id)["job"])
    for wait in (job or {}).get("waitsFor") or ():
        if wait["kind"] == "PERSON" and wait["taskId"] not in printed:
            printed.add(wait["taskId"])
            title = _text(wait["summary"] or wait["name"])
            print(f"{wait['taskId']} waits for a person: {title}", flush=True)
            print(f"  jobyard finish {job_id} {wait['taskId']} --state success", flush=True)
            print(f"  {client.console_of(job_id)}", flush=True)


def _events(client: Client, job_id: str, cursor: str | None, outage: "Outage") -> Iterator[Reply]:
    """The events behind the cursor up to the job's end, over as many connections as necessary."""
    while True:
        try:
            for result in client.follow(EVENTS, id=job_id, after=cursor):
                outage.end()
                if result is None:
                    continue
                event: Reply = result["jobChanged"]
                cursor = event["cursor"]
                yield event
                if event["status"] in OVER and event["latest"]:
                    return
        except ServerGone as gone:
            outage.wait_or_raise(gone)
        else:
            return


class Outage:
    """Bounds the time of an outage of a server; the final message has the `advice`."""

    def __init__(self, seconds: float, advice: str, *, reached: bool = False) -> None:
        self._seconds = seconds
        self._advice = advice
        self._reached = reached
        self._tries = 0
        self._until = 0.0

    def end(self) -> None:
        """The server answered: the outage is over."""
        self._reached, self._tries = True, 0

    def wait_or_raise(self, gone: ServerGone) -> None:
        """Wait for the next attempt; raise the error after the time, or without a first contact."""
        self._reached = self._reached or gone.reached
        if not self._reached or not self._seconds:
            raise gone
        if not self._tries:
            self._until = time.monotonic() + self._seconds
            print(f"jobyard: {gone} Retrying for {self._seconds:g} s.", file=sys.stderr, flush=True)
        left = self._until - time.monotonic()
        if left <= 0:
            tried = f"{gone} Retried for {self._seconds:g} s. {self._advice}"
            raise ServerRefused(tried, SERVER_GONE) from gone
        time.sleep(min(left, _PAUSES[min(self._tries, len(_PAUSES) - 1)]))
        self._tries += 1

    def retry(self, ask: Callable[[], Answer]) -> Answer:
        while True:
            try:
                return ask()
            except ServerGone as gone:
                self.wait_or_raise(gone)


def _shows_all() -> bool:
    """Whether the terminal shows every character; elsewhere the output uses JSON's escapes."""
    return sys.stdout is not None and (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def _text(message: object) -> str:
    return message if isinstance(message, str) else json.dumps(message, ensure_ascii=False)
