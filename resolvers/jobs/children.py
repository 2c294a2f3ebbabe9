"""Child jobs: started by a task of their parent, as whoever started the parent."""

from bson import ObjectId

from ...models.documents.new_job import JobRequest, Parent
from ...models.documents.shapes.jobs import JobHeader
from ...models.engine.events import ChildStart
from ...models.errors import TooManyChildJobs
from ...models.json import text_at
from ...models.secrets.marks import HANDED_SECRETS
from ...models.visibility import SYSTEM, Caller
from ..projects.headers import roles_of
from ..runner.protocol import FamilyCanceled
from ..services import Services
from . import start as jobs


async def start_child(services: Services, parent: JobHeader, start: ChildStart) -> JobHeader:
    """Start the child, or find it started; its stored document tells whether it has ended already.

    FamilyCanceled where its parent is about to end, TooManyChildJobs where its root has too many already.
    """
    found = await services.jobs.find(start.child_id, opened=True)
    if found is not None:
        await services.runner.resume(found)
        return found
    ancestors = parent["ancestors"]
    if await services.jobs.families.is_canceled(ancestors):
        raise FamilyCanceled(parent["_id"])
    root, most, levels = ancestors[0], services.jobs.families.most, services.settings.most_levels
    if len(ancestors) >= levels:
        raise TooManyChildJobs(
            f"job '{parent['_id']}' is the {levels}th in a line of child jobs", root, "JOBYARD_MOST_LEVELS"
        )
    async with services.jobs.families.place(root) as free:
        if not free:
            raise TooManyChildJobs(f"there are {most:,} jobs below job '{root}'", root, "JOBYARD_MOST_DESCENDANTS")
        owner, request = await owner_of(services, parent), child_request(parent, start)
        # Where a parent does not go on, its child may be what brings its servers down: stored, the child is found out.
        advanced = not parent.get("lease", {}).get("adoptions")
        return await jobs.start_or_find(services, owner, request, start.child_id, advanced=advanced)


async def owner_of(services: Services, parent: JobHeader) -> Caller:
    """In whose name its children are started: that of its starter, as the account is now.

    A job that no account started, another program's for example, is the system's.
    """
    account = parent["metrics"].get("user")
    if not isinstance(account, str) or not ObjectId.is_valid(account):
        return SYSTEM
    return await services.callers.of_owner(account) or Caller(account, "", projects=await roles_of(account, ()))


def child_request(parent: JobHeader, start: ChildStart) -> JobRequest:
    """Groups and watchers are the parent's (reference/execution.md#child-jobs)."""
    return JobRequest(
        workflow=start.workflow,
        near=parent["name"],
        initiator=text_at(parent["variables"], "initiator"),
        account=parent["metrics"].get("user"),
        description=parent.get("description"),
        variables=start.variables,
        groups=[group for group in parent.get("groups", []) if group != "default"] or None,
        watchers=tuple(parent.get("watchers", [])),
        secrets=tuple(entry["pointer"] for entry in parent.get(HANDED_SECRETS, [])),
        parent=Parent(
            job_id=parent["_id"],
            task_id=start.task_id,
            iteration=start.iteration,
            attempt=start.attempt,
            element=start.element,
            looped=start.looped,
            ancestors=tuple(parent["ancestors"]),
        ),
    )
