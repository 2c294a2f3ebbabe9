"""Shows a job on the terminal as it goes."""

import json
import time

from ..models.json import JsonObject
from .client import Client

JOB = """
query Follow($id: ID!) {
  job(id: $id) {
    status
    variables
    error { task message }
    tasks { id name status finishState iterations }
  }
}
"""
OVER = ("COMPLETE", "CANCELED", "ERROR")
FIRST_WAIT = 0.1  # seconds; doubles while nothing changes
LONGEST_WAIT = 2.0


def follow(client: Client, job_id: str) -> int:
    """Print a line a change; 0 when the job completes, 1 when it ends otherwise."""
    print(f"job {job_id}", flush=True)
    seen: dict[str, str] = {}
    wait = FIRST_WAIT
    while True:
        job = client.ask(JOB, id=job_id)["job"]
        changed = _tell(job, seen)
        if job["status"] in OVER:
            break
        wait = FIRST_WAIT if changed else min(wait * 2, LONGEST_WAIT)
        time.sleep(wait)
    for error in job["error"] or ():
        print(f"error of {error['task']}: {_text(error['message'])}")
    print(f"{job['status'].lower()} {json.dumps(job['variables'], ensure_ascii=False)}")
    return 0 if job["status"] == "COMPLETE" else 1


def _tell(job: JsonObject, seen: dict[str, str]) -> bool:
    changed = False
    for task in job["tasks"]:
        now = (task["finishState"] or task["status"] or "").lower()
        line = f"{task['id']:>14}  {task['name']}  {now}  #{len(task['iterations'] or ())}"
        if task["iterations"] and seen.get(task["id"]) != line:
            seen[task["id"]] = line
            print(line, flush=True)
            changed = True
    return changed


def _text(message: object) -> str:
    return message if isinstance(message, str) else json.dumps(message, ensure_ascii=False)
