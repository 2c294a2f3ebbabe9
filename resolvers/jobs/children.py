"""Child jobs: a task of the parent starts them, in the name of the account that started the parent."""

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
    """Start the child, or find the stored child, which may have ended already.

    FamilyCanceled if a job above the child is being canceled, TooManyChildJobs if the root has too many jobs below it.
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
        # If servers failed while they ran the parent, the child may be the reason: it is stored before its first step.
        advanced = not parent.get("lease", {}).get("adoptions")
        return await jobs.start_or_find(services, owner, request, start.child_id, advanced=advanced)


async def owner_of(services: Services, parent: JobHeader) -> Caller:
    """The account that started the parent, with its permissions of now: its children start in this name.

    A job that no account started, for example one of another program, belongs to the system.
    """
    account = parent["metrics"].get("user")
    if not isinstance(account, str) or not ObjectId.is_valid(account):
        return SYSTEM
    return await services.callers.find_owner(account) or Caller(account, "", projects=await roles_of(account, ()))


def child_request(parent: JobHeader, start: ChildStart) -> JobRequest:
    """A child has the groups and watchers of its parent (reference/execution.md#child-jobs)."""
    return JobRequest(
        workflow=start.workflow,
        near=parent["name"],
        initiator=text_at(parent["variables"], "initiator"),
        account=parent["metrics"].get("user"),
        description=parent.get("description"),
        variables=start.variables,
        groups=[str(group) for group in parent.get("groups", []) if group != "default"] or None,
        watchers=tuple(map(str, parent.get("watchers", []))),
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
