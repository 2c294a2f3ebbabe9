"""The documented routes that control one job or many jobs."""

from collections.abc import Callable
from typing import Final

from ...models.json import Json, JsonObject
from ..rest.route import Answer, RestRoute, RouteRequest

JOBS = "/operations-manager/jobs"

IDS_REQUEST: Final[JsonObject] = {
    "type": "object",
    "required": ["jobIds"],
    "properties": {"jobIds": {"type": "array", "items": {"type": "string"}}},
}
RETRY_REQUEST: Final[JsonObject] = {"type": "object", "properties": {"variables": {"type": ["object", "null"]}}}
CONTINUE_REQUEST: Final[JsonObject] = {
    "type": "object",
    "required": ["fromTask"],
    "properties": {
        "fromTask": {"type": "string"},
        "variables": {"type": ["object", "null"]},
        "dryRun": {"type": "boolean"},
    },
}
REVERT_REQUEST: Final[JsonObject] = {
    "type": "object",
    "required": ["fromTask", "toTask"],
    "properties": {"fromTask": {"type": "string"}, "toTask": {"type": "string"}},
}
WATCHERS_REQUEST: Final[JsonObject] = {
    "type": "object",
    "required": ["userIds"],
    "properties": {"userIds": {"type": "array", "items": {"type": "string"}}},
}
# The documentation has two names for the key: both routes take both.
GROUPS_REQUEST: Final[JsonObject] = {
    "type": "object",
    "anyOf": [{"required": ["group"]}, {"required": ["groups"]}],
    "properties": {"group": {"type": "string"}, "groups": {"type": "array", "items": {"type": "string"}}},
}


def _single_id(request: RouteRequest) -> JsonObject:
    return {"ids": [request.path["id"]]}


def _job_ids(request: RouteRequest) -> JsonObject:
    return {"ids": request.body["jobIds"]}


def _single_id_with_job(request: RouteRequest) -> JsonObject:
    return {"ids": [request.path["id"]], "shown": True}


def _retry_variables(request: RouteRequest) -> JsonObject:
    return {"jobId": request.path["id"], "taskId": request.path["task"], "variables": request.body.get("variables")}


def _continue_variables(request: RouteRequest) -> JsonObject:
    body: JsonObject = request.body
    dry_run = bool(body.get("dryRun", False))
    return {
        "jobId": request.path["id"],
        "fromTask": body["fromTask"],
        "variables": body.get("variables"),
        "dryRun": dry_run,
    }


def _revert_variables(request: RouteRequest) -> JsonObject:
    return {"jobId": request.path["id"], "fromTask": request.body["fromTask"], "toTask": request.body["toTask"]}


def _watcher_variables(request: RouteRequest) -> JsonObject:
    return {"jobId": request.path["id"], "userIds": request.body["userIds"]}


def group_ids(request: RouteRequest) -> list[Json]:
    """The ids in a body that fits GROUPS_REQUEST."""
    body: JsonObject = request.body
    return body["groups"] if "groups" in body else [body["group"]]


def group_variables(request: RouteRequest) -> JsonObject:
    return {"jobId": request.path["id"], "groups": group_ids(request)}


def all_groups(request: RouteRequest) -> JsonObject:
    return {"jobId": request.path["id"], "groups": None}


def one_group(request: RouteRequest) -> JsonObject:
    return {"jobId": request.path["id"], "groups": [request.path["group"]]}


def _repair_answer(found: Json) -> Answer:
    job = found["job"]["documented"]
    plan = {key: found[key] for key in ("reset", "runsAgain", "skipped")}
    return Answer(job, metadata=plan)


def _deletion_results(found: Json) -> Answer:
    """Always 200: an id that was not deleted is `ignored`, with the reason."""
    outcomes = [
        {"_id": result["id"], "status": "deleted"}
        if result["done"]
        else {"_id": result["id"], "status": "ignored", "reason": result["message"]}
        for result in found
    ]
    return Answer(outcomes)


def _deletion_counts(found: Json) -> Answer:
    kinds = {
        "jobsDeleted": "jobs", "tasksDeleted": "tasks", "jobHistoryDeleted": "events", "jobDataDeleted": "values",
        "jobDataLargeFilesDeleted": "largeValues",
    }  # fmt: skip
    deletions = [result["deleted"] for result in found if result["done"]]
    counts = {name: sum(deletion[kind] for deletion in deletions) for name, kind in kinds.items()}
    return Answer({**counts, "results": _deletion_results(found).data})


def _bulk_answer(verb: str, done: str) -> Callable[[Json], Answer]:
    """Results by id. Where every id was refused, reasons by id with an error status, as clients expect.

    See reference/clients.md#bulk-results.
    """

    def answer(found: Json) -> Answer:
        if found and not any(result["done"] for result in found):
            return Answer(
                {result["id"]: result["message"] for result in found}, f"Failed to {verb} all jobs", status=409
            )
        outcomes = {
            result["id"]: {"status": done} if result["done"] else {"status": "failed", "reason": result["message"]}
            for result in found
        }
        count = sum(result["done"] for result in found)
        return Answer(outcomes, f"Successfully {done} {count} of {len(found)} jobs")

    return answer


def single_answer(verb: str, done: str) -> Callable[[Json], Answer]:
    def answer(found: Json) -> Answer:
        (result,) = found
        if result["done"]:
            if result["job"] is None:
                return Answer(None, f"Successfully {done} job. {result['message']}")
            return Answer(result["job"]["documented"], f"Successfully {done} job")
        metadata = {"code": result["code"]}
        return Answer(None, result["message"], metadata, 404 if result["code"] == "JOB_NOT_FOUND" else 409)

    return answer


ROUTES: Final = (
    RestRoute(
        "POST", f"{JOBS}/cancel", "cancel_jobs", "", _job_ids, IDS_REQUEST, answer=_bulk_answer("cancel", "canceled"),
    ),
    RestRoute("POST", f"{JOBS}/pause", "pause_jobs", "", _job_ids, IDS_REQUEST, answer=_bulk_answer("pause", "paused")),
    RestRoute(
        "POST", f"{JOBS}/resume", "resume_jobs", "", _job_ids, IDS_REQUEST, answer=_bulk_answer("resume", "resumed"),
    ),
    RestRoute(
        "POST", f"{JOBS}/watch", "watch_jobs", "", _job_ids, IDS_REQUEST, answer=_bulk_answer("watch", "watched"),
    ),
    RestRoute(
        "POST", f"{JOBS}/unwatch", "unwatch_jobs", "", _job_ids, IDS_REQUEST,
        answer=_bulk_answer("unwatch", "unwatched"),
    ),
    RestRoute(
        "POST", f"{JOBS}/delete", "delete_jobs", "Successfully deleted jobs", _job_ids, IDS_REQUEST,
        answer=_deletion_results,
    ),
    RestRoute(
        "POST", f"{JOBS}/bulk-delete", "delete_jobs", "Successfully deleted jobs", _job_ids, IDS_REQUEST,
        answer=_deletion_counts,
    ),
    RestRoute(
        "DELETE", f"{JOBS}/{{id}}", "delete_jobs", "Successfully deleted job", _single_id, answer=_deletion_results,
    ),
    RestRoute(
        "POST", f"{JOBS}/{{id}}/watch", "watch_jobs", "", _single_id_with_job,
        answer=single_answer("watch", "watched"),
    ),
    RestRoute(
        "POST", f"{JOBS}/{{id}}/unwatch", "unwatch_jobs", "", _single_id_with_job,
        answer=single_answer("unwatch", "unwatched"),
    ),
    RestRoute(
        "POST", f"{JOBS}/{{id}}/add-watchers", "add_watchers", "Successfully added watchers", _watcher_variables,
        WATCHERS_REQUEST,
    ),
    RestRoute(
        "POST", f"{JOBS}/{{id}}/continue", "continue_job", "Successfully continued job", _continue_variables,
        CONTINUE_REQUEST, answer=_repair_answer,
    ),
    RestRoute(
        "POST", f"{JOBS}/{{id}}/revert", "revert_job", "Successfully reverted job", _revert_variables, REVERT_REQUEST,
    ),
    RestRoute(
        "POST", f"{JOBS}/{{id}}/tasks/{{task}}/retry", "retry_task", "Successfully retried task", _retry_variables,
        RETRY_REQUEST,
    ),
    RestRoute(
        "POST", f"{JOBS}/{{id}}/groups", "add_job_groups", "Successfully added groups", group_variables, GROUPS_REQUEST,
    ),
    RestRoute(
        "PUT", f"{JOBS}/{{id}}/groups", "replace_job_groups", "Successfully replaced groups", group_variables,
        GROUPS_REQUEST,
    ),
    RestRoute(
        "DELETE", f"{JOBS}/{{id}}/groups", "delete_job_groups", "Successfully deleted groups", all_groups,
        answer=lambda found: Answer(None),
    ),
    RestRoute(
        "DELETE", f"{JOBS}/{{id}}/groups/{{group}}", "delete_job_groups", "Successfully deleted group", one_group,
    ),
)  # fmt: skip
