"""Shows a job on the terminal as it goes."""

import json
from collections.abc import Iterator

from ..models.json import JsonObject
from .client import Client, ServerGone

EVENTS = """
subscription Follow($id: ID!, $after: String) {
  jobChanged(id: $id, after: $after) { cursor status tasks { task name status finishState iteration } }
}
"""
JOB = "query Ended($id: ID!) { job(id: $id) { status variables error { task message } } }"
OVER = ("COMPLETE", "CANCELED", "ERROR")
MOST_REPEATS = 5  # connections that bring nothing, one after the other


def follow(client: Client, job_id: str) -> int:
    """Print a line a change, until the job is over or in error; 0 when it completes, 1 when it ends otherwise."""
    print(f"job {job_id}", flush=True)
    for event in _events(client, job_id):
        for change in event["tasks"]:
            state = (change["finishState"] or change["status"]).lower()
            print(f"{change['task']:>14}  {change['name']}  {state}  #{change['iteration']}", flush=True)
        if event["status"] in OVER:
            break
    job = client.ask(JOB, id=job_id)["job"]
    for error in job["error"] or ():
        print(f"error of {error['task']}: {_text(error['message'])}")
    print(f"{job['status'].lower()} {json.dumps(job['variables'], ensure_ascii=False)}")
    return 0 if job["status"] == "COMPLETE" else 1


def _events(client: Client, job_id: str) -> Iterator[JsonObject]:
    """The job's events from its start on; where the server breaks off, from the last cursor on."""
    cursor: str | None = None
    repeats = 0
    while True:
        try:
            for result in client.follow(EVENTS, id=job_id, after=cursor):
                event: JsonObject = result["jobChanged"]
                cursor, repeats = event["cursor"], 0
                yield event
        except ServerGone:
            repeats += 1
            if repeats > MOST_REPEATS:
                raise
        else:
            return


def _text(message: object) -> str:
    return message if isinstance(message, str) else json.dumps(message, ensure_ascii=False)
