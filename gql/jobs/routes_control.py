"""The documented routes that control one job or many jobs."""

from collections.abc import Callable
from typing import Any, Final, NotRequired, TypedDict

from ...models.json import Json, JsonObject, array_at
from ...models.json_schema import JsonSchema
from ..rest.route import Answer, RestRoute, RouteRequest, Variables

JOBS = "/operations-manager/jobs"

IDS_REQUEST: Final[JsonSchema] = {
    "type": "object",
    "required": ["jobIds"],
    "properties": {"jobIds": {"type": "array", "items": {"type": "string"}}},
}
RETRY_REQUEST: Final[JsonSchema] = {"type": "object", "properties": {"variables": {"type": ["object", "null"]}}}
CONTINUE_REQUEST: Final[JsonSchema] = {
    "type": "object",
    "required": ["fromTask"],
    "properties": {
        "fromTask": {"type": "string"},
        "variables": {"type": ["object", "null"]},
        "dryRun": {"type": "boolean"},
    },
}
REVERT_REQUEST: Final[JsonSchema] = {
    "type": "object",
    "required": ["fromTask", "toTask"],
    "properties": {"fromTask": {"type": "string"}, "toTask": {"type": "string"}},
}
WATCHERS_REQUEST: Final[JsonSchema] = {
    "type": "object",
    "required": ["userIds"],
    "properties": {"userIds": {"type": "array", "items": {"type": "string"}}},
}
# The documentation has two names for the key: both routes take both.
GROUPS_REQUEST: Final[JsonSchema] = {
    "type": "object",
    "anyOf": [{"required": ["group"]}, {"required": ["groups"]}],
    "properties": {"group": {"type": "string"}, "groups": {"type": "array", "items": {"type": "string"}}},
}


def _single_id(request: RouteRequest) -> Variables:
    return {"ids": [request.path["id"]]}


def _job_ids(request: RouteRequest) -> Variables:
    return {"ids": request.fields["jobIds"]}


def _single_id_with_job(request: RouteRequest) -> Variables:
    return {"ids": [request.path["id"]], "shown": True}


def _retry_variables(request: RouteRequest) -> Variables:
    return {"jobId": request.path["id"], "taskId": request.path["task"], "variables": request.fields.get("variables")}


def _continue_variables(request: RouteRequest) -> Variables:
    body = request.fields
    dry_run = bool(body.get("dryRun", False))
    return {
        "jobId": request.path["id"],
        "fromTask": body["fromTask"],
        "variables": body.get("variables"),
        "dryRun": dry_run,
    }


def _revert_variables(request: RouteRequest) -> Variables:
    return {"jobId": request.path["id"], "fromTask": request.fields["fromTask"], "toTask": request.fields["toTask"]}


def _watcher_variables(request: RouteRequest) -> Variables:
    return {"jobId": request.path["id"], "userIds": request.fields["userIds"]}


def group_ids(request: RouteRequest) -> list[Json]:
    """The ids in a body that fits GROUPS_REQUEST."""
    body = request.fields
    return array_at(body, "groups") if "groups" in body else [body["group"]]


def group_variables(request: RouteRequest) -> Variables:
    return {"jobId": request.path["id"], "groups": group_ids(request)}


def all_groups(request: RouteRequest) -> Variables:
    return {"jobId": request.path["id"], "groups": None}


def one_group(request: RouteRequest) -> Variables:
    return {"jobId": request.path["id"], "groups": [request.path["group"]]}


class _Form(TypedDict):
    documented: JsonObject


class _Repaired(TypedDict):
    job: _Form
    reset: list[Json]
    runsAgain: list[Json]
    skipped: list[Json]


class _Result(TypedDict):
    id: str
    done: bool
    message: str | None
    code: NotRequired[str | None]
    job: NotRequired[_Form | None]
    deleted: NotRequired[dict[str, int]]


def _repair_answer(found: _Repaired) -> Answer:
    job = found["job"]["documented"]
    plan: JsonObject = {"reset": found["reset"], "runsAgain": found["runsAgain"], "skipped": found["skipped"]}
    return Answer(job, metadata=plan)


def _deletion_results(found: list[_Result]) -> Answer:
    """Always 200: an id that was not deleted is `ignored`, with the reason."""
    outcomes: list[Json] = [
        {"_id": result["id"], "status": "deleted"}
        if result["done"]
        else {"_id": result["id"], "status": "ignored", "reason": result["message"]}
        for result in found
    ]
    return Answer(outcomes)


def _deletion_counts(found: list[_Result]) -> Answer:
    kinds = {
        "jobsDeleted": "jobs", "tasksDeleted": "tasks", "jobHistoryDeleted": "events", "jobDataDeleted": "values",
        "jobDataLargeFilesDeleted": "largeValues",
    }  # fmt: skip
    deletions = [result.get("deleted", {}) for result in found if result["done"]]
    counts = {name: sum(deletion[kind] for deletion in deletions) for name, kind in kinds.items()}
    return Answer({**counts, "results": _deletion_results(found).data})


def _bulk_answer(verb: str, done: str) -> Callable[[Any], Answer]:
    """Results by id. Where every id was refused, reasons by id with an error status, as clients expect.

    See reference/clients.md#bulk-results.
    """

    def answer(found: list[_Result]) -> Answer:
        if found and not any(result["done"] for result in found):
            return Answer(
                {result["id"]: result["message"] for result in found}, f"Failed to {verb} all jobs", status=409
            )
        outcomes: JsonObject = {
            result["id"]: {"status": done} if result["done"] else {"status": "failed", "reason": result["message"]}
            for result in found
        }
        count = sum(result["done"] for result in found)
        return Answer(outcomes, f"Successfully {done} {count} of {len(found)} jobs")

    return answer


def single_answer(verb: str, done: str) -> Callable[[Any], Answer]:
    def answer(found: list[_Result]) -> Answer:
        (result,) = found
        if result["done"]:
            if (job := result.get("job")) is None:
                return Answer(None, f"Successfully {done} job. {result['message']}")
            return Answer(job["documented"], f"Successfully {done} job")
        code = result.get("code")
        return Answer(None, result["message"], {"code": code}, 404 if code == "JOB_NOT_FOUND" else 409)

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
