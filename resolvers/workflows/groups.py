"""The groups of a workflow: their members may see it, and start jobs from it."""

from collections.abc import Mapping, Sequence

from ...models.documents.moments import iso
from ...models.documents.stored import from_stored
from ...models.documents.workflow import Workflow
from ...models.errors import WorkflowNotFound
from ...models.json import JsonObject, is_array, object_at, text_at
from ...models.visibility import UNRESTRICTED, Caller
from ..jobs.members import check_groups
from ..projects import components
from ..services import Services
from ..store.collections import collection_of
from ..store.sealed_documents import mask_document
from . import imports as workflows


async def add(services: Services, caller: Caller, name: str, groups: Sequence[str]) -> JsonObject:
    """Add groups to the workflow. The first group restricts the workflow to its members."""
    check_groups(groups)
    found = await _find_allowed(caller, name)
    if not is_array(found.get("groups")):
        return await _change(services, caller, found, {"$set": {"groups": list(groups)}})
    await _change(services, caller, found, {"$pull": {"groups": UNRESTRICTED}})
    return await _change(services, caller, found, {"$addToSet": {"groups": {"$each": list(groups)}}})


async def replace(services: Services, caller: Caller, name: str, groups: Sequence[str]) -> JsonObject:
    """Restrict the workflow to the members of these groups; an empty list lifts the restriction."""
    check_groups(groups)
    found = await _find_allowed(caller, name)
    return await _change(services, caller, found, {"$set": {"groups": list(dict.fromkeys(groups))}})


async def delete(services: Services, caller: Caller, name: str, groups: Sequence[str] | None = None) -> JsonObject:
    """Remove these groups, or all, from the workflow. A workflow without groups is not restricted."""
    found = await _find_allowed(caller, name)
    if groups is None or not is_array(found.get("groups")):
        return await _change(services, caller, found, {"$set": {"groups": []}})
    return await _change(services, caller, found, {"$pull": {"groups": {"$in": list(groups)}}})


async def _find_allowed(caller: Caller, name: str) -> JsonObject:
    found = await workflows.find(name, caller)
    await components.check_name(caller, text_at(found, "name"))
    return found


async def _change(
    services: Services, caller: Caller, workflow: Mapping[str, object], change: dict[str, object]
) -> JsonObject:
    """The workflow after the change; the caller may not see it any more."""
    told = {"last_updated": iso(services.clock.now()), "last_updated_by": caller.account_id}
    update = {**change, "$set": {**told, **object_at(change, "$set")}}
    found = await collection_of(Workflow).find_one_and_update({"_id": workflow["_id"]}, update, return_document=True)
    if found is None:
        raise WorkflowNotFound(text_at(workflow, "name"))
    return from_stored(mask_document("workflows", found))
