"""Mutations that import, save, rename and delete workflows."""

from typing import Annotated

import strawberry

from ...resolvers.workflows import authoring
from ...resolvers.workflows import groups as workflows_groups
from ...resolvers.workflows import imports as workflows
from ..auth.authorization import requires
from ..context import RequestInfo
from ..jobs.inputs import check_count
from ..scalars import JSON
from .types import ImportReport, Workflow, as_import_report, as_workflow

MOST_DOCUMENTS = 1000
MOST_KEEP_IDS = 10_000

Name = Annotated[str, strawberry.argument(description="The exact name of the workflow.")]
Groups = Annotated[list[strawberry.ID], strawberry.argument(description="Ids of groups, 24 hex digits each.")]


@strawberry.type
class WorkflowMutations:
    @strawberry.mutation(
        extensions=requires("importAutomations"),
        description="Imports workflows, transformations, templates and JSON forms. A document replaces a "
        "stored document of the same name or id. A document may be bare, an API body, a pre-built "
        "artifact.json, a project export or a list. A document of a project is stored as `@projectId: Name` "
        "and replaces only documents of the same project; a document without a project replaces only documents "
        "without a project. Of two documents with one name, the import takes the first. The report names "
        f"documents that were not imported; such documents do not stop the import. At most {MOST_DOCUMENTS} "
        "documents.",
    )
    async def import_workflows(
        self,
        info: RequestInfo,
        documents: Annotated[list[JSON], strawberry.argument(description="The documents or their containers.")],
        keep: Annotated[
            list[strawberry.ID],
            strawberry.argument(
                description="Ids of documents that an earlier part of the same import stored, and that the "
                f"import must not overwrite. At most {MOST_KEEP_IDS}."
            ),
        ] = [],  # noqa: B006 -- a default of the schema, which no code changes
    ) -> ImportReport | None:
        limited, keep_ids = check_count(documents, MOST_DOCUMENTS), check_count(keep, MOST_KEEP_IDS, "keep")
        services, caller = info.context["services"], info.context["caller"]
        offers, at = services.providers.offers, services.clock.now()
        return as_import_report(await workflows.import_documents(limited, offers, caller, keep_ids, at))

    @strawberry.mutation(
        extensions=requires("importWorkflow"),
        description="Stores new workflows, all or none. The mutation refuses a name that another workflow has. "
        f"Omitted fields take the values of an empty workflow. At most {MOST_DOCUMENTS}.",
    )
    async def create_workflows(
        self,
        info: RequestInfo,
        documents: Annotated[list[JSON], strawberry.argument(description="Bare workflows, each with its `name`.")],
    ) -> list[Workflow] | None:
        limited = check_count(documents, MOST_DOCUMENTS)
        created = await authoring.create(info.context["services"], info.context["caller"], limited)
        return [as_workflow(workflow) for workflow in created]

    @strawberry.mutation(
        extensions=requires("saveWorkflow"),
        description="Replaces the workflow of an id. Running jobs continue with the version of their start.",
    )
    async def update_workflow(
        self,
        info: RequestInfo,
        id: Annotated[strawberry.ID, strawberry.argument(description="The id of the workflow.")],
        document: Annotated[
            JSON, strawberry.argument(description="The whole workflow; without `name`, the stored name stays.")
        ],
    ) -> Workflow | None:
        return as_workflow(await authoring.update(info.context["services"], info.context["caller"], id, document))

    @strawberry.mutation(
        extensions=requires("saveWorkflow"),
        description="Stores a workflow as an editor does: replaces the workflow of the document's `_id`, or "
        "stores a new workflow without `_id`. The schemas stay unchanged, and findings of `validateWorkflow` "
        "do not stop the mutation.",
    )
    async def save_workflow(
        self, info: RequestInfo, document: Annotated[JSON, strawberry.argument(description="The whole workflow.")]
    ) -> Workflow | None:
        return as_workflow(await authoring.save(info.context["services"], info.context["caller"], document))

    @strawberry.mutation(
        extensions=requires("deleteWorkflow"),
        description="Deletes a workflow and returns the deleted workflow. Jobs of the workflow stay, and "
        "running jobs continue.",
    )
    async def delete_workflow(self, info: RequestInfo, name: Name) -> Workflow | None:
        return as_workflow(await authoring.delete(info.context["caller"], name))

    @strawberry.mutation(
        extensions=requires("renameWorkflow"),
        description="Renames a workflow; no other workflow may have the new name. Jobs keep the name of their start.",
    )
    async def rename_workflow(
        self,
        info: RequestInfo,
        name: Name,
        new_name: Annotated[str, strawberry.argument(description="The new name of the workflow.")],
    ) -> Workflow | None:
        return as_workflow(await authoring.rename(info.context["services"], info.context["caller"], name, new_name))

    @strawberry.mutation(
        extensions=requires("createWorkflowGroupEntry"),
        description="Adds groups that may see a workflow. The first group restricts the workflow to the "
        "members of the group.",
    )
    async def add_workflow_groups(self, info: RequestInfo, name: Name, groups: Groups) -> Workflow | None:
        return as_workflow(await workflows_groups.add(info.context["services"], info.context["caller"], name, groups))

    @strawberry.mutation(
        extensions=requires("replaceWorkflowGroups"),
        description="Replaces the groups that may see a workflow; an empty list: everybody may.",
    )
    async def replace_workflow_groups(self, info: RequestInfo, name: Name, groups: Groups) -> Workflow | None:
        return as_workflow(
            await workflows_groups.replace(info.context["services"], info.context["caller"], name, groups)
        )

    @strawberry.mutation(
        extensions=requires("deleteWorkflowGroups"),
        description="Removes some or all groups from a workflow; a workflow without groups is visible to everybody.",
    )
    async def delete_workflow_groups(
        self,
        info: RequestInfo,
        name: Name,
        groups: Annotated[
            list[strawberry.ID] | None,
            strawberry.argument(description="Ids of groups, 24 hex digits each; null: all groups."),
        ] = None,
    ) -> Workflow | None:
        return as_workflow(
            await workflows_groups.delete(info.context["services"], info.context["caller"], name, groups)
        )
