"""What log and metrics tell of an advance: tasks that ended in error, and the end of the job."""

import logging
from collections.abc import Sequence
from typing import Final

from ...models.documents.moments import moment
from ...models.documents.shapes.events import JobEventDocument
from ...models.documents.shapes.jobs import JobHeader
from ...models.errors import cut
from ...models.json import Json, JsonObject, is_object
from ..lines import about
from ..metrics import ENDS, JOB_SECONDS, TASK_ERRORS

MOST_LINES: Final = 20  # about the tasks of one advance
LONGEST_NAME: Final = 200
LONGEST_MESSAGE: Final = 500
_ENDS: Final = {"jobComplete": "complete", "jobError": "error", "jobCancel": "canceled"}

log = logging.getLogger("jobyard")


def log_advance(header: JobHeader, event: JobEventDocument, errors: Sequence[Json]) -> None:
    """`errors` are those of the job, without its secrets, as it stores them."""
    job, name = header["_id"], cut(str(header.get("name")), LONGEST_NAME)
    failed = [one for one in event["tasks"] if one.get("finish_state") == "error"]
    if failed:
        TASK_ERRORS.inc(len(failed))
    for one in failed[:MOST_LINES]:
        own = [error for error in errors if is_object(error) and error.get("task") == one["task"]]
        said = [text for error in own if (text := _text(error))]
        log.warning(
            "task %s (%s) of job %s ended in error%s", one["task"], one["name"], job, f": {said[-1]}" if said else "",
            extra=about("task_error", job=job, task=one["task"], name=one["name"], iteration=one["iteration"],
                        workflow=name, error=said[-1] if said else None),
        )  # fmt: skip
    if len(failed) > MOST_LINES:
        more = len(failed) - MOST_LINES
        log.warning("%d more tasks of job %s ended in error", more, job, extra=about("task_errors", job=job, more=more))
    outcome = _ENDS.get(event.get("topic") or "")
    if outcome is not None:
        ENDS.labels(outcome).inc()
        began = moment(header["metrics"]["start_time"])
        took = max(0.0, (event["stored"] - began).total_seconds())
        JOB_SECONDS.observe(took)
        log.log(
            logging.WARNING if outcome == "error" else logging.INFO,
            "job %s of %r ended after %.3f s: %s", job, name, took, outcome,
            extra=about("job_ended", job=job, workflow=name, outcome=outcome, seconds=took, parent=event.get("parent")),
        )  # fmt: skip


def _text(error: JsonObject) -> str:
    message = error.get("message")
    return cut(message if isinstance(message, str) else str(message), LONGEST_MESSAGE)
