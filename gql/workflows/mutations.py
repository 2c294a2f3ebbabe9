"""Importing, saving, renaming and deleting workflows."""

from typing import Annotated

import strawberry

from ...resolvers.workflows import authoring
from ...resolvers.workflows import groups as workflows_groups
from ...resolvers.workflows import imports as workflows
from ..auth.permissions import requires
from ..context import RequestInfo
from ..jobs.inputs import within
from ..scalars import JSON
from ..sources import as_import_report, as_workflow
from .types import ImportReport, Workflow

MOST_DOCUMENTS = 1000
MOST_KEPT = 10_000

Name = Annotated[str, strawberry.argument(description="The exact name.")]
Groups = Annotated[list[strawberry.ID], strawberry.argument(description="Groups, 24 hex digits each.")]


@strawberry.type
class WorkflowMutations:
    @strawberry.mutation(
        extensions=requires("importAutomations"),
        description="Import workflows, transformations, templates and JSON forms, replacing those of the same name or "
        "id. A document may be bare, an API body, a pre-built artifact.json, a project export or a list. What is of a "
        "project is stored as `@projectId: Name` and replaces only what came in with that project, what is of none "
        "only what is in none, and of two documents of one name the first comes in. What does not is reported and "
        "stops nothing. "
        f"At most {MOST_DOCUMENTS} documents.",
    )
    async def import_workflows(
        self,
        info: RequestInfo,
        documents: Annotated[list[JSON], strawberry.argument(description="The documents or their containers.")],
        keep: Annotated[
            list[strawberry.ID],
            strawberry.argument(
                description="Ids of documents that came in before with the same import, and are not overwritten. "
                f"At most {MOST_KEPT}."
            ),
        ] = [],  # noqa: B006 -- a default of the schema, which nobody changes
    ) -> ImportReport | None:
        wanted, kept = within(documents, MOST_DOCUMENTS), within(keep, MOST_KEPT, "keep")
        services, caller = info.context["services"], info.context["caller"]
        offers, at = services.providers.offers, services.clock.now()
        return as_import_report(await workflows.import_documents(wanted, offers, caller, kept, at))

    @strawberry.mutation(
        extensions=requires("importWorkflow"),
        description="Store new workflows, all or none: a name that is taken is refused. What a document leaves out is "
        f"as in an empty workflow. At most {MOST_DOCUMENTS}.",
    )
    async def create_workflows(
        self,
        info: RequestInfo,
        documents: Annotated[list[JSON], strawberry.argument(description="Bare workflows, each with its `name`.")],
    ) -> list[Workflow] | None:
        wanted = within(documents, MOST_DOCUMENTS)
        made = await authoring.create(info.context["services"], info.context["caller"], wanted)
        return [as_workflow(workflow) for workflow in made]

    @strawberry.mutation(
        extensions=requires("saveWorkflow"),
        description="Store a workflow in place of the one of this id. Jobs that run go on with what they started with.",
    )
    async def update_workflow(
        self,
        info: RequestInfo,
        id: Annotated[strawberry.ID, strawberry.argument(description="The workflow's id.")],
        document: Annotated[JSON, strawberry.argument(description="The whole workflow; without a name, it keeps it.")],
    ) -> Workflow | None:
        return as_workflow(await authoring.update(info.context["services"], info.context["caller"], id, document))

    @strawberry.mutation(
        extensions=requires("saveWorkflow"),
        description="Store a workflow as an editor does: in place of the one of its `_id`, or as a new one where it "
        "has none. Its schemas stay as they are given, and faults that the check would find do not stop it.",
    )
    async def save_workflow(
        self, info: RequestInfo, document: Annotated[JSON, strawberry.argument(description="The whole workflow.")]
    ) -> Workflow | None:
        return as_workflow(await authoring.save(info.context["services"], info.context["caller"], document))

    @strawberry.mutation(
        extensions=requires("deleteWorkflow"),
        description="Take a workflow away, and answer it. Its jobs stay, and those that run go on.",
    )
    async def delete_workflow(self, info: RequestInfo, name: Name) -> Workflow | None:
        return as_workflow(await authoring.delete(info.context["caller"], name))

    @strawberry.mutation(
        extensions=requires("renameWorkflow"),
        description="Give a workflow another name, which must be free. Jobs keep the name that they started with.",
    )
    async def rename_workflow(
        self, info: RequestInfo, name: Name, new_name: Annotated[str, strawberry.argument(description="The new name.")]
    ) -> Workflow | None:
        return as_workflow(await authoring.rename(info.context["services"], info.context["caller"], name, new_name))

    @strawberry.mutation(
        extensions=requires("createWorkflowGroupEntry"),
        description="Let more groups see a workflow. The first one restricts it to its members.",
    )
    async def add_workflow_groups(self, info: RequestInfo, name: Name, groups: Groups) -> Workflow | None:
        return as_workflow(await workflows_groups.add(info.context["services"], info.context["caller"], name, groups))

    @strawberry.mutation(
        extensions=requires("replaceWorkflowGroups"),
        description="Let these groups alone see a workflow; an empty list: everybody may.",
    )
    async def replace_workflow_groups(self, info: RequestInfo, name: Name, groups: Groups) -> Workflow | None:
        return as_workflow(
            await workflows_groups.replace(info.context["services"], info.context["caller"], name, groups)
        )

    @strawberry.mutation(
        extensions=requires("deleteWorkflowGroups"),
        description="Take groups, or all of them, from a workflow; without any, everybody may see it.",
    )
    async def delete_workflow_groups(
        self,
        info: RequestInfo,
        name: Name,
        groups: Annotated[
            list[strawberry.ID] | None, strawberry.argument(description="Groups, 24 hex digits each; null: all.")
        ] = None,
    ) -> Workflow | None:
        return as_workflow(
            await workflows_groups.delete(info.context["services"], info.context["caller"], name, groups)
        )
