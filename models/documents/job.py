"""The collections of jobs, their iterations, and the server processes that run them."""

from typing import ClassVar

from beanie import Document
from pydantic import ConfigDict, Field
from pymongo import ASCENDING, DESCENDING, IndexModel

from ..secrets.sealing import SEALED

NEWEST = (("metrics.start_time", DESCENDING), ("_id", DESCENDING))
LOOKED_UP = "looked_up"
JOB_OF = "job_of"


def _newest_of(path: str, name: str) -> IndexModel:
    """An index for searches by one field in the order of the start."""
    return IndexModel([(path, ASCENDING), *NEWEST], name=name)


class Job(Document):
    """A job header: what the documented job has outside of its workflow, plus the engine's state per task.

    `workflow_version` names the pinned version. A job of another program has none, and has its whole tasks inside.
    `state_version` is the format of the private fields, as in iterations and pinned versions. `seq` counts the
    advances; `lease` names the process that runs the job; `inbox` has the commands of operators, `event` the event of
    the last advance, and `found_by` the search terms.
    """

    id: str = Field()  # pyright: ignore[reportIncompatibleVariableOverride, reportGeneralTypeIssues] -- 24 hex as text
    name: str | None = None
    status: str | None = None

    model_config = ConfigDict(extra="allow")

    class Settings:
        name = "jobs"
        indexes: ClassVar = [
            # The name is hinted by exporters of the documented system.
            IndexModel([("status", ASCENDING), ("_id", ASCENDING)], name="itential_status"),
            IndexModel(NEWEST, name="newest"),
            # A lookup by id of a job that the caller may not see does not read the document.
            IndexModel([(path, ASCENDING) for path in ("_id", "groups", "metrics.user")], name=LOOKED_UP),
            _newest_of("status", "status_newest"),
            _newest_of("name", "name_newest"),
            _newest_of("type", "type_newest"),
            _newest_of("metrics.user", "user_newest"),
            _newest_of("groups", "groups_newest"),
            _newest_of("ancestors.0", "root_newest"),
            _newest_of("found_by", "found_by_newest"),
            IndexModel(
                [("parent.job", ASCENDING), *NEWEST],
                name="parent_newest",
                partialFilterExpression={"parent.job": {"$exists": True}},
            ),
            IndexModel([("metrics.end_time", DESCENDING), ("_id", DESCENDING)], name="end_time"),
            IndexModel([("last_updated", DESCENDING), ("_id", DESCENDING)], name="last_updated"),
            IndexModel([("lease.owner", ASCENDING)], name="lease_owner", sparse=True),
            IndexModel([("inbox.id", ASCENDING)], name="inbox", sparse=True),
            IndexModel([("ancestors", ASCENDING)], name="ancestors"),
            IndexModel([(SEALED, ASCENDING)], name=SEALED, sparse=True),
            IndexModel([("idempotency.key", ASCENDING)], name="idempotency_key", unique=True, sparse=True),
        ]


class TaskIteration(Document):
    """One iteration of a task, with its resolved values (documented as GET /operations-manager/tasks)."""

    id: str = Field()  # pyright: ignore[reportIncompatibleVariableOverride, reportGeneralTypeIssues] -- a uuid as text

    model_config = ConfigDict(extra="allow")

    class Settings:
        name = "tasks"
        indexes: ClassVar = [
            IndexModel([("job._id", ASCENDING), ("job.task", ASCENDING)], name="job_task"),
            # Both names are hinted by exporters. Two indexes of the same keys must differ in something: every iteration
            # has a status, so the sparse one holds them all, too.
            IndexModel([("status", ASCENDING), ("metrics.server_id", ASCENDING)], name="iap_status_server_id"),
            IndexModel(
                [("status", ASCENDING), ("metrics.server_id", ASCENDING)],
                name="itential_job_metrics_exporter_task_status_server",
                sparse=True,
            ),
            IndexModel([("answer.at", ASCENDING)], name="answered", sparse=True),
            IndexModel([(SEALED, ASCENDING)], name=SEALED, sparse=True),
            IndexModel(NEWEST, name="newest"),
            _newest_of("job._id", "job_newest"),
            _newest_of("status", "status_newest"),
            _newest_of("name", "name_newest"),
            _newest_of("app", "app_newest"),
            _newest_of("type", "type_newest"),
            _newest_of("metrics.owner", "owner_newest"),
            # A lookup of an iteration whose job the caller may not see does not read the document.
            IndexModel([("_id", ASCENDING), ("job._id", ASCENDING)], name=JOB_OF),
            _newest_of("access.groups", "access_groups_newest"),
            _newest_of("access.starter", "access_starter_newest"),
            IndexModel(
                [(path, ASCENDING) for path in ("waits_for", "metrics.owner", "metrics.start_time", "_id")],
                name="waiting",
                partialFilterExpression={"waits_for": "person"},
            ),
        ]


FORGOTTEN_SECONDS = 24 * 3600


class Server(Document):
    """The heartbeat of a server. `_id` is the owner in leases; `seen` is a moment of the database's clock."""

    id: str = Field()  # pyright: ignore[reportIncompatibleVariableOverride, reportGeneralTypeIssues] -- text, as said

    model_config = ConfigDict(extra="allow")

    class Settings:
        name = "servers"
        indexes: ClassVar = [IndexModel([("seen", ASCENDING)], name="seen", expireAfterSeconds=FORGOTTEN_SECONDS)]
