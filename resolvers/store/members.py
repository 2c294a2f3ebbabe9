"""Which project a stored document came in with."""

from ...models.documents.containers import IN_PROJECT, Kind, Project
from ...models.documents.workflow import ProjectMember, Workflow
from ...models.json import Json
from .collections import collection_of


async def project_of(kind: Kind, id: Json) -> Project | None:
    found = await collection_of(ProjectMember).find_one({"_id": f"{kind}/{id}"})
    return None if found is None else Project(found["project_id"], found["project_name"])


async def workflow_of_project(name: str) -> Workflow | None:
    """The workflow that `@<project id>: Name` means: `Name`, if it is of this project."""
    named = IN_PROJECT.fullmatch(name)
    found = None if named is None else await Workflow.find_one(Workflow.name == named[2])
    if named is None or found is None:
        return None
    project = await project_of("workflow", found.id)
    return found if project is not None and project.id == named[1] else None


async def put(kind: Kind, id: Json, project: Project | None) -> None:
    """Let the document be of this project, or of none."""
    members, key = collection_of(ProjectMember), f"{kind}/{id}"
    if project is None:
        await members.delete_one({"_id": key})
    else:
        member = {"project_id": project.id, "project_name": project.name}
        await members.replace_one({"_id": key}, member, upsert=True)
