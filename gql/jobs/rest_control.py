"""The documented routes that control jobs, one or many at once."""

from collections.abc import Callable
from typing import Final

from ...models.json import Json, JsonObject
from ..rest.route import Answer, Given, RestRoute

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
# The pages disagree about the key: both are taken by both routes.
GROUPS_REQUEST: Final[JsonObject] = {
    "type": "object",
    "anyOf": [{"required": ["group"]}, {"required": ["groups"]}],
    "properties": {"group": {"type": "string"}, "groups": {"type": "array", "items": {"type": "string"}}},
}


def _ids(given: Given) -> JsonObject:
    return {"ids": given.body["jobIds"]}


def _one(given: Given) -> JsonObject:
    return {"ids": [given.path["id"]]}


def _one_shown(given: Given) -> JsonObject:
    return {"ids": [given.path["id"]], "shown": True}


def _retry(given: Given) -> JsonObject:
    return {"jobId": given.path["id"], "taskId": given.path["task"], "variables": given.body.get("variables")}


def _continue(given: Given) -> JsonObject:
    body: JsonObject = given.body
    dry_run = bool(body.get("dryRun", False))
    return {
        "jobId": given.path["id"], "fromTask": body["fromTask"], "variables": body.get("variables"), "dryRun": dry_run,
    }  # fmt: skip


def _revert(given: Given) -> JsonObject:
    return {"jobId": given.path["id"], "fromTask": given.body["fromTask"], "toTask": given.body["toTask"]}


def _watchers(given: Given) -> JsonObject:
    return {"jobId": given.path["id"], "userIds": given.body["userIds"]}


def named_groups(given: Given) -> list[Json]:
    """Those of a body that fits GROUPS_REQUEST."""
    body: JsonObject = given.body
    return body["groups"] if "groups" in body else [body["group"]]


def groups_given(given: Given) -> JsonObject:
    return {"jobId": given.path["id"], "groups": named_groups(given)}


def all_groups(given: Given) -> JsonObject:
    return {"jobId": given.path["id"], "groups": None}


def one_group(given: Given) -> JsonObject:
    return {"jobId": given.path["id"], "groups": [given.path["group"]]}


def _repaired(found: Json) -> Answer:
    job = found["job"]["documented"]
    plan = {key: found[key] for key in ("reset", "runsAgain", "skipped")}
    return Answer(job, metadata=plan)


def _deleted(found: Json) -> Answer:
    """Always 200: an id that was not deleted was ignored, and its reason is told."""
    outcomes = [
        {"_id": one["id"], "status": "deleted"}
        if one["done"]
        else {"_id": one["id"], "status": "ignored", "reason": one["message"]}
        for one in found
    ]
    return Answer(outcomes)


def _bulk_deleted(found: Json) -> Answer:
    kinds = {
        "jobsDeleted": "jobs", "tasksDeleted": "tasks", "jobHistoryDeleted": "events", "jobDataDeleted": "values",
        "jobDataLargeFilesDeleted": "largeValues",
    }  # fmt: skip
    gone = [one["deleted"] for one in found if one["done"]]
    counts = {name: sum(one[kind] for one in gone) for name, kind in kinds.items()}
    return Answer({**counts, "results": _deleted(found).data})


def _bulk(verb: str, done: str) -> Callable[[Json], Answer]:
    """Results by id. Where none was done, the reasons: today's clients read them so, from a 500.

    See reference/clients.md#bulk-results.
    """

    def answer(found: Json) -> Answer:
        if found and not any(one["done"] for one in found):
            return Answer({one["id"]: one["message"] for one in found}, f"Failed to {verb} all jobs", status=409)
        outcomes = {
            one["id"]: {"status": done} if one["done"] else {"status": "failed", "reason": one["message"]}
            for one in found
        }
        count = sum(one["done"] for one in found)
        return Answer(outcomes, f"Successfully {done} {count} of {len(found)} jobs")

    return answer


def single(verb: str, done: str) -> Callable[[Json], Answer]:
    def answer(found: Json) -> Answer:
        (one,) = found
        if one["done"]:
            if one["job"] is None:
                return Answer(None, f"Successfully {done} job. {one['message']}")
            return Answer(one["job"]["documented"], f"Successfully {done} job")
        metadata = {"code": one["code"]}
        return Answer(None, one["message"], metadata, 404 if one["code"] == "JOB_NOT_FOUND" else 409)

    return answer


ROUTES: Final = (
    RestRoute("POST", f"{JOBS}/cancel", "cancel_jobs", "", _ids, IDS_REQUEST, answer=_bulk("cancel", "canceled")),
    RestRoute("POST", f"{JOBS}/pause", "pause_jobs", "", _ids, IDS_REQUEST, answer=_bulk("pause", "paused")),
    RestRoute("POST", f"{JOBS}/resume", "resume_jobs", "", _ids, IDS_REQUEST, answer=_bulk("resume", "resumed")),
    RestRoute("POST", f"{JOBS}/watch", "watch_jobs", "", _ids, IDS_REQUEST, answer=_bulk("watch", "watched")),
    RestRoute("POST", f"{JOBS}/unwatch", "unwatch_jobs", "", _ids, IDS_REQUEST, answer=_bulk("unwatch", "unwatched")),
    RestRoute("POST", f"{JOBS}/delete", "delete_jobs", "Successfully deleted jobs", _ids, IDS_REQUEST, answer=_deleted),
    RestRoute(
        "POST", f"{JOBS}/bulk-delete", "delete_jobs", "Successfully deleted jobs", _ids, IDS_REQUEST,
        answer=_bulk_deleted,
    ),
    RestRoute("DELETE", f"{JOBS}/{{id}}", "delete_jobs", "Successfully deleted job", _one, answer=_deleted),
    RestRoute("POST", f"{JOBS}/{{id}}/watch", "watch_jobs", "", _one_shown, answer=single("watch", "watched")),
    RestRoute("POST", f"{JOBS}/{{id}}/unwatch", "unwatch_jobs", "", _one_shown, answer=single("unwatch", "unwatched")),
    RestRoute(
        "POST", f"{JOBS}/{{id}}/add-watchers", "add_watchers", "Successfully added watchers", _watchers,
        WATCHERS_REQUEST,
    ),
    RestRoute(
        "POST", f"{JOBS}/{{id}}/continue", "continue_job", "Successfully continued job", _continue, CONTINUE_REQUEST,
        answer=_repaired,
    ),
    RestRoute("POST", f"{JOBS}/{{id}}/revert", "revert_job", "Successfully reverted job", _revert, REVERT_REQUEST),
    RestRoute(
        "POST", f"{JOBS}/{{id}}/tasks/{{task}}/retry", "retry_task", "Successfully retried task", _retry, RETRY_REQUEST,
    ),
    RestRoute(
        "POST", f"{JOBS}/{{id}}/groups", "add_job_groups", "Successfully added groups", groups_given, GROUPS_REQUEST,
    ),
    RestRoute(
        "PUT", f"{JOBS}/{{id}}/groups", "replace_job_groups", "Successfully replaced groups", groups_given,
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
